"""A single request of a command to a provider: sent by one deadline, and read for whether the provider knows us."""

from __future__ import annotations

from threading import Timer

from sms_gateway.channels.http.fields import read_any, value_at
from sms_gateway.channels.http.sending.connection import ConnectionTerms, NoResponse, NotSent, ProviderConnection
from sms_gateway.channels.http.sending.departure import (
    AcceptedText,
    DeclinedText,
    OutgoingRequest,
    ProviderResponse,
    ReadResponse,
)
from sms_gateway.channels.http.sending.response_table import refusal_of
from sms_gateway.pipeline.ports import Refusal


def ask(terms: ConnectionTerms, request: OutgoingRequest) -> ProviderResponse | NotSent | NoResponse:
    """Connect, send a request and read the response; all of it ends in connect_seconds and answer_seconds."""
    connection = ProviderConnection(terms)
    late = Timer(terms.connect_seconds + terms.answer_seconds, connection.cut)
    late.daemon = True
    late.start()
    try:
        return connection.send(request)
    finally:
        late.cancel()
        connection.close()


def holds(path: str = "") -> ReadResponse:
    """Return what reads a response in which a provider that knows us has a value at this path.

    A captive portal says HTTP 200 too, with a page of HTML.
    """

    def read(response: ProviderResponse) -> AcceptedText | DeclinedText:
        refusal = refusal_of(response.status)
        if refusal is not None:
            return DeclinedText(refusal=refusal, error=f"HTTP {response.status}")
        is_page = response.body.lstrip().startswith(b"<")
        if is_page or (path and value_at(read_any(response.body), path) is None):
            error = f"HTTP {response.status} with a page" if is_page else f"HTTP {response.status} without `{path}`"
            return DeclinedText(refusal=Refusal.UNANSWERED, error=error)
        return AcceptedText()

    return read
