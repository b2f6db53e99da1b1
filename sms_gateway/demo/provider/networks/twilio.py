"""The other side of `twilio`: forms with a signature over the public address and the fields; answers in TwiML."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import urlencode
from xml.sax.saxutils import unescape

from db.schema import ReceiptState
from sms_gateway.channels.http.fields import FORM_TYPE, read_form
from sms_gateway.channels.http.request import Way
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
    json_reply,
    text_at,
)
from sms_gateway.settings.link_model import ChannelSettings

_WORDS = {
    ReceiptState.DELIVERED: "delivered",
    ReceiptState.UNDELIVERABLE: "undelivered",
    ReceiptState.REJECTED: "failed",
    ReceiptState.DELETED: "canceled",
}


def counterpart(settings: ChannelSettings) -> Counterpart:
    """Return the other side of a channel with these settings."""
    token = settings.secret.get_secret_value()
    authorization = basic_authorization(settings.user, settings.password.get_secret_value())

    def form(way: Way, fields: Mapping[str, str]) -> PushedRequest:
        def signed(target: str) -> Mapping[str, str]:
            covered = settings.public_url + target + "".join(name + fields[name] for name in sorted(fields))
            made = hmac.new(token.encode(), covered.encode(), hashlib.sha1).digest()
            return {"X-Twilio-Signature": b64encode(made).decode()}

        return PushedRequest(
            way=way, headers={"Content-Type": FORM_TYPE}, body=urlencode(fields).encode(), signed=signed
        )

    def push(text: CitizenText) -> PushedRequest:
        fields = {
            "MessageSid": f"SM{text.id}",
            "AccountSid": settings.user,
            "From": f"+{text.sender}",
            "To": text.recipient,
            "Body": text.body,
            "NumMedia": "0",
        }
        return form(Way.TEXTS, fields)

    def report(report: Report) -> PushedRequest:
        word = _WORDS.get(report.state, "sent")
        return form(Way.RECEIPTS, {"MessageSid": report.message_id, "MessageStatus": word, "To": report.of.recipient})

    def read(request: ReceivedRequest) -> SentText | Reply:
        if request.headers.get("authorization", "") != authorization:
            return json_reply(401, {"code": 20003, "message": "Authenticate", "status": 401})
        fields = fields_of(read_form(request.body))
        sender = text_at(fields, "From") or text_at(fields, "MessagingServiceSid")
        sent = SentText(key="", sender=sender, recipient=text_at(fields, "To"), body=text_at(fields, "Body"))
        if sent.recipient and sent.body:
            return sent
        return json_reply(400, {"code": 21604, "message": "A 'To' phone number is required.", "status": 400})

    return Counterpart(push=push, read=read, accept=_accept, report=report, answer=_answer, paths={"send_url": ""})


def _accept(sent: SentText, message_id: str) -> Reply:
    fields = {"sid": message_id, "status": "queued", "to": sent.recipient, "num_segments": "1", "error_code": None}
    return json_reply(201, fields)


def _answer(response: GatewayResponse) -> str | None:
    _, _, rest = response.body.decode("utf-8", "replace").partition("<Message>")
    return unescape(rest.partition("</Message>")[0]) or None
