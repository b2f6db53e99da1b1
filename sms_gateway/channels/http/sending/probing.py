"""A call that costs nothing: of a command, by one deadline, or of a sender; read for whether the provider knows us."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Timer

from sms_gateway.channels.http.fields import read_any, value_at
from sms_gateway.channels.http.sending.connection import ConnectionTerms, NoResponse, NotSent, ProviderConnection
from sms_gateway.channels.http.sending.departure import (
    AcceptedText,
    DeclinedText,
    Departure,
    OutgoingRequest,
    ProviderResponse,
    ReadResponse,
)
from sms_gateway.channels.http.sending.response_table import declines_all, refusal_of
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Probed:
    """What a call showed."""

    error: str | None = None  # None: the provider knows us
    is_down: bool = False  # the provider cannot be used, as far as the call shows
    was_connected: bool = True


class IdleProbe:
    """Makes the call of one channel, again and again. `ask` is called by one thread."""

    def __init__(self, terms: ConnectionTerms, departure: Departure) -> None:
        self.connection = ProviderConnection(terms)  # others may cut it
        self._departure = departure

    def ask(self, token: str) -> Probed:
        """Make the call, with the access token that is valid now where the network has one."""
        make = self._departure.token_probe
        request = self._departure.probe if make is None else make(token)
        if request is None:
            return Probed()
        response = self.connection.send(request)
        self.connection.close()  # the next call is minutes away
        match response:
            case NotSent():
                return Probed(error=response.error, is_down=True, was_connected=False)
            case NoResponse():
                return Probed(error=response.error, is_down=True)
            case ProviderResponse():
                read = (self._departure.read_probe or holds())(response)
                if isinstance(read, AcceptedText):
                    return Probed()
                shut = read.declines_all or declines_all(response.status) or read.refusal is Refusal.UNANSWERED
                return Probed(error=read.error, is_down=shut)
