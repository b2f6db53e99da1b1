"""The other side of `vonage`: forms with a signature over their fields, or with a secret at the end of the address."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

from db.schema import ReceiptState
from sms_gateway.channels.http.fields import FORM_TYPE, read_form
from sms_gateway.channels.http.proofs.sorted_pairs import sign
from sms_gateway.channels.http.request import Way
from sms_gateway.demo.provider.counterpart import (
    CitizenText,
    Counterpart,
    PushedRequest,
    ReceivedRequest,
    Reply,
    Report,
    SentText,
    fields_of,
    json_reply,
    text_at,
)
from sms_gateway.settings.link_model import ChannelSettings

_WORDS = {
    ReceiptState.DELIVERED: "delivered",
    ReceiptState.UNDELIVERABLE: "failed",
    ReceiptState.EXPIRED: "expired",
    ReceiptState.REJECTED: "rejected",
}


def counterpart(settings: ChannelSettings) -> Counterpart:
    """Return the other side of a channel with these settings."""
    digest = settings.options["signature"]
    account = (settings.user, settings.password.get_secret_value())

    def form(way: Way, fields: dict[str, str], stamp: str) -> PushedRequest:
        path_secret = ""
        if digest == "none":
            path_secret = settings.path_secret.get_secret_value()
        else:
            fields |= {"timestamp": stamp, "nonce": secrets.token_hex()}
            octets = {name: value.encode() for name, value in fields.items()}
            fields["sig"] = sign(octets, secret=settings.secret.get_secret_value(), digest=digest, without="sig")
        body = urlencode(fields).encode()
        return PushedRequest(way=way, headers={"Content-Type": FORM_TYPE}, body=body, path_secret=path_secret)

    def push(text: CitizenText) -> PushedRequest:
        fields = {
            "msisdn": text.sender,
            "to": text.recipient,
            "messageId": text.id,
            "text": text.body,
            "type": "unicode",
            "keyword": text.body.partition(" ")[0].upper(),
        }
        return form(Way.TEXTS, fields, str(int(text.at.timestamp())))

    def report(report: Report) -> PushedRequest:
        fields = {
            "msisdn": report.of.recipient,
            "to": report.of.sender,
            "messageId": report.message_id,
            "status": _WORDS.get(report.state, "accepted"),
            "err-code": "0",
        }
        return form(Way.RECEIPTS, fields, str(int(report.at.timestamp())))

    def read(request: ReceivedRequest) -> SentText | Reply:
        fields = fields_of(read_form(request.body))
        if (text_at(fields, "api_key"), text_at(fields, "api_secret")) != account:
            return _declined("4", "Bad Credentials")
        sent = SentText(
            key="", sender=text_at(fields, "from"), recipient=text_at(fields, "to"), body=text_at(fields, "text")
        )
        return sent if sent.recipient and sent.body else _declined("2", "Missing parameter")

    return Counterpart(push=push, read=read, accept=_accept, report=report, paths={"send_url": ""})


def _accept(sent: SentText, message_id: str) -> Reply:
    message = {"to": sent.recipient, "message-id": message_id, "status": "0", "remaining-balance": "1.00"}
    return json_reply(200, {"message-count": "1", "messages": [message]})


def _declined(status: str, words: str) -> Reply:
    return json_reply(200, {"message-count": "1", "messages": [{"status": status, "error-text": words}]})
