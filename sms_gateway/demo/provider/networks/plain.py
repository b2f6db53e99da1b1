"""The other side of `plain`: an aggregator without a protocol of its own. It follows the settings of the channel."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from db.schema import ReceiptState
from sms_gateway.channels.http.fields import Fields, read_any_json, read_form
from sms_gateway.channels.http.proofs.signature import sign
from sms_gateway.channels.http.proofs.standard_webhooks import key_of
from sms_gateway.channels.http.proofs.standard_webhooks import sign as sign_webhook
from sms_gateway.channels.http.request import JSON, Way
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
    nested,
    text_at,
)
from sms_gateway.settings.link_model import ChannelSettings, SendFormat

_WORDS = {
    ReceiptState.ENROUTE: "ENROUTE",
    ReceiptState.DELIVERED: "DELIVRD",
    ReceiptState.EXPIRED: "EXPIRED",
    ReceiptState.DELETED: "DELETED",
    ReceiptState.UNDELIVERABLE: "UNDELIV",
    ReceiptState.ACCEPTED: "ACCEPTD",
    ReceiptState.UNKNOWN: "UNKNOWN",
    ReceiptState.REJECTED: "REJECTD",
}


def counterpart(settings: ChannelSettings) -> Counterpart:
    """Return the other side of a channel with these settings."""

    def push(text: CitizenText) -> PushedRequest:
        fields = {
            settings.sender_field: text.sender,
            settings.recipient_field: text.recipient,
            settings.text_field: text.body,
            settings.id_field: text.id,
        }
        return _proven(settings, Way.TEXTS, fields, str(int(text.at.timestamp())))

    def report(report: Report) -> PushedRequest:
        fields = {settings.receipt_id_field: report.message_id, settings.receipt_state_field: _WORDS[report.state]}
        return _proven(settings, Way.RECEIPTS, fields, str(int(report.at.timestamp())))

    def read(request: ReceivedRequest) -> SentText | Reply:
        if request.headers.get("authorization", "") != _authorization(settings):
            return json_reply(401, {"error": "wrong user or password"})
        fields = _fields(request, settings.send_format)
        sent = SentText(
            key=text_at(fields, settings.send_id_field),
            sender=text_at(fields, settings.send_from_field),
            recipient=text_at(fields, settings.send_to_field),
            body=text_at(fields, settings.send_text_field),
        )
        return sent if sent.recipient and sent.body else json_reply(400, {"error": "no recipient or no text"})

    def accept(sent: SentText, message_id: str) -> Reply:
        del sent
        return json_reply(200, nested({settings.message_id_field: message_id}))

    return Counterpart(push=push, report=report, read=read, accept=accept, answer=_answer)


def _answer(response: GatewayResponse) -> str | None:
    return text_at(read_any_json(response.body), "answer") or None


def _proven(settings: ChannelSettings, way: Way, fields: Mapping[str, object], stamp: str) -> PushedRequest:
    """Return a request of JSON with the proof that `auth` names."""
    secret = settings.secret.get_secret_value()
    body = json_reply(200, nested(fields)).body
    headers = {"Content-Type": JSON}
    path_secret = ""
    match settings.auth:
        case "header":
            headers[settings.secret_header] = secret
        case "basic":
            headers["Authorization"] = basic_authorization("provider", secret)
        case "signed":
            headers |= {"X-Timestamp": stamp, "X-Signature": sign(secret=secret, stamp=stamp, content=body)}
        case "standard-webhooks":
            name = f"msg_{sha256(body).hexdigest()[:24]}"  # the same for a repetition
            signature = sign_webhook(key=key_of(secret) or b"", name=name, stamp=stamp, body=body)
            headers |= {"webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": signature}
        case "path":
            path_secret = secret
    return PushedRequest(way=way, headers=headers, body=body, path_secret=path_secret)


def _authorization(settings: ChannelSettings) -> str:
    password = settings.password.get_secret_value()
    if settings.user:
        return basic_authorization(settings.user, password)
    return f"Bearer {password}" if password else ""


def _fields(request: ReceivedRequest, form: SendFormat) -> Fields:
    match form:
        case SendFormat.JSON:
            return read_any_json(request.body)
        case SendFormat.FORM:
            return fields_of(read_form(request.body))
        case SendFormat.QUERY:
            return fields_of(read_form(request.query))
