"""The other side of `kannel`: smsbox, which brings texts by GET, takes answers at sendsms, and reports to a dlr-url."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from db.schema import ReceiptState
from sms_gateway.channels.http.fields import read_form
from sms_gateway.channels.http.request import PLAIN_TEXT, Way
from sms_gateway.channels.http.sending.departure import basic_authorization
from sms_gateway.demo.provider.counterpart import (
    CitizenText,
    Counterpart,
    GatewayResponse,
    PushedRequest,
    ReceivedRequest,
    Reply,
    Report,
    SentText,
    fields_of,
    text_at,
)
from sms_gateway.settings.link_model import ChannelSettings

_STATES = {
    ReceiptState.DELIVERED: "1",
    ReceiptState.UNDELIVERABLE: "2",
    ReceiptState.ENROUTE: "8",
    ReceiptState.REJECTED: "16",
    ReceiptState.EXPIRED: "34",
}


def counterpart(settings: ChannelSettings) -> Counterpart:
    """Return the other side of a channel with these settings."""
    proof = {"Authorization": basic_authorization("kannel", settings.secret.get_secret_value())}
    account = (settings.user, settings.password.get_secret_value())

    def push(text: CitizenText) -> PushedRequest:
        query = {"from": f"+{text.sender}", "to": text.recipient, "text": text.body, "id": text.id, "charset": "UTF-8"}
        return PushedRequest(way=Way.TEXTS, method="GET", query=urlencode(query), headers=proof)

    def read(request: ReceivedRequest) -> SentText | Reply:
        fields = fields_of(read_form(request.query))
        if (text_at(fields, "username"), text_at(fields, "password")) != account:
            return Reply(status=403, body=b"Authorization failed for sendsms", content_type=PLAIN_TEXT)
        if not text_at(fields, "to"):
            return Reply(status=400, body=b"Missing receiver number, rejected", content_type=PLAIN_TEXT)
        return SentText(
            key="",
            sender=text_at(fields, "from"),
            recipient=text_at(fields, "to"),
            body=text_at(fields, "text"),
            report_url=text_at(fields, "dlr-url"),
        )

    def report(report: Report) -> PushedRequest:
        query = urlsplit(report.of.report_url).query.replace("%d", _STATES.get(report.state, "8")).replace("%%", "%")
        secret = settings.path_secret.get_secret_value()
        return PushedRequest(way=Way.RECEIPTS, method="GET", query=query, path_secret=secret)

    return Counterpart(push=push, read=read, accept=_accept, report=report, answer=_answer)


def _accept(sent: SentText, message_id: str) -> Reply:
    del sent, message_id  # Kannel tells no id
    return Reply(status=202, body=b"0: Accepted for delivery", content_type=PLAIN_TEXT)


def _answer(response: GatewayResponse) -> str | None:
    return response.body.decode("utf-8", "replace") or None
