"""The other side of `jasmin`: forms with the octets of a text, and responses in words."""

from __future__ import annotations

from urllib.parse import urlencode

from db.schema import ReceiptState
from sms_gateway.channels.http.fields import FORM_TYPE, read_form
from sms_gateway.channels.http.request import PLAIN_TEXT, Way
from sms_gateway.demo.provider.counterpart import (
    CitizenText,
    Counterpart,
    GatewayResponse,
    PushedRequest,
    ReceivedRequest,
    Reply,
    Report,
    SentText,
    Verdict,
    fields_of,
    text_at,
)
from sms_gateway.settings.link_model import ChannelSettings

_WORDS = {
    ReceiptState.DELIVERED: "DELIVRD",
    ReceiptState.UNDELIVERABLE: "UNDELIV",
    ReceiptState.EXPIRED: "EXPIRED",
    ReceiptState.DELETED: "DELETED",
    ReceiptState.REJECTED: "REJECTD",
    ReceiptState.ACCEPTED: "ACCEPTD",
}
_UCS2 = "8"


def counterpart(settings: ChannelSettings) -> Counterpart:
    """Return the other side of a channel with these settings."""
    account = (settings.user, settings.password.get_secret_value())
    secret = settings.path_secret.get_secret_value()

    def form(way: Way, fields: dict[str, str]) -> PushedRequest:
        return PushedRequest(
            way=way, headers={"Content-Type": FORM_TYPE}, body=urlencode(fields).encode(), path_secret=secret
        )

    def push(text: CitizenText) -> PushedRequest:
        fields = {
            "id": text.id,
            "from": text.sender,
            "to": text.recipient,
            "origin-connector": "demo",
            "coding": _UCS2,
            "content": text.body,
            "binary": text.body.encode("utf-16-be").hex(),
        }
        return form(Way.TEXTS, fields)

    def report(report: Report) -> PushedRequest:
        word = _WORDS.get(report.state, "ESME_ROK")
        level = "1" if word == "ESME_ROK" else "2"
        return form(
            Way.RECEIPTS, {"id": report.message_id, "message_status": word, "level": level, "connector": "demo"}
        )

    def read(request: ReceivedRequest) -> SentText | Reply:
        fields = fields_of(read_form(request.body or request.query))
        if (text_at(fields, "username"), text_at(fields, "password")) != account:
            return _said(403, 'Error "Authentication failure for username"')
        if request.path.endswith("/balance"):
            return _said(200, '{"balance": "ND", "sms_count": "ND"}')
        hexadecimal = text_at(fields, "hex-content")
        body = bytes.fromhex(hexadecimal).decode("utf-16-be") if hexadecimal else text_at(fields, "content")
        if not text_at(fields, "to"):
            return _said(400, 'Error "Mandatory argument [to] is not found."')
        return SentText(key="", sender=text_at(fields, "from"), recipient=text_at(fields, "to"), body=body)

    return Counterpart(push=push, read=read, accept=_accept, report=report, verdict=_verdict)


def _accept(sent: SentText, message_id: str) -> Reply:
    del sent
    return _said(200, f'Success "{message_id}"')


def _said(status: int, words: str) -> Reply:
    return Reply(status=status, body=words.encode(), content_type=PLAIN_TEXT)


def _verdict(response: GatewayResponse) -> Verdict:
    """Jasmin sends again what was not acknowledged with these words; 404 ends it."""
    if response.body.strip() == b"ACK/Jasmin":
        return Verdict.TAKEN
    return Verdict.REFUSED if response.status == 404 else Verdict.AGAIN  # noqa: PLR2004 - Not Found
