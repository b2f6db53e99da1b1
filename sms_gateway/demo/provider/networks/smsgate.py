"""The other side of `smsgate`: the app on a telephone, which calls one address for every event and signs its calls."""

from __future__ import annotations

from datetime import UTC

from db.schema import ReceiptState
from sms_gateway.channels.http.fields import read_any_json
from sms_gateway.channels.http.proofs.body_then_stamp import sign
from sms_gateway.channels.http.request import JSON, Way
from sms_gateway.channels.http.sending.departure import basic_authorization
from sms_gateway.demo.provider.counterpart import (
    CitizenText,
    Counterpart,
    PushedRequest,
    ReceivedRequest,
    Reply,
    Report,
    SentText,
    json_reply,
    text_at,
)
from sms_gateway.settings.link_model import ChannelSettings

_EVENTS = {
    ReceiptState.DELIVERED: "sms:delivered",
    ReceiptState.UNDELIVERABLE: "sms:failed",
    ReceiptState.DELETED: "sms:cancelled",
}


def counterpart(settings: ChannelSettings) -> Counterpart:
    """Return the other side of a channel with these settings."""
    secret = settings.secret.get_secret_value()
    authorization = basic_authorization(settings.user, settings.password.get_secret_value())

    def event(name: str, event_id: str, payload: dict[str, object], stamp: str) -> PushedRequest:
        fields = {"deviceId": "demo", "event": name, "id": event_id, "webhookId": "demo", "payload": payload}
        body = json_reply(200, fields).body
        headers = {
            "Content-Type": JSON,
            "X-Timestamp": stamp,
            "X-Signature": sign(secret=secret, content=body, stamp=stamp),
        }
        return PushedRequest(way=Way.TEXTS, headers=headers, body=body)

    def push(text: CitizenText) -> PushedRequest:
        payload: dict[str, object] = {
            "messageId": "7f000001",  # a checksum: two texts can share it
            "message": text.body,
            "sender": f"+{text.sender}",
            "recipient": None,
            "simNumber": 1,
            "receivedAt": text.at.astimezone(UTC).isoformat(),
        }
        return event("sms:received", text.id, payload, str(int(text.at.timestamp())))

    def report(report: Report) -> PushedRequest:
        payload: dict[str, object] = {"messageId": report.of.key, "phoneNumber": report.of.recipient, "simNumber": 1}
        name = _EVENTS.get(report.state, "sms:sent")
        return event(name, f"{report.message_id}-{name}", payload, str(int(report.at.timestamp())))

    def read(request: ReceivedRequest) -> SentText | Reply:
        if request.headers.get("authorization", "") != authorization:
            return json_reply(401, {"message": "Unauthorized"})
        fields = read_any_json(request.body)
        sent = SentText(
            key=text_at(fields, "id"),
            sender="",
            recipient=text_at(fields, "phoneNumbers[0]"),
            body=text_at(fields, "textMessage.text"),
        )
        return sent if sent.recipient and sent.body else json_reply(400, {"message": "no number or no text"})

    return Counterpart(push=push, read=read, accept=_accept, accept_known=_accept_known, report=report)


def _accept(sent: SentText, message_id: str) -> Reply:
    del message_id
    recipients = [{"phoneNumber": sent.recipient, "state": "Pending"}]
    return json_reply(202, {"id": sent.key, "state": "Pending", "deviceId": "demo", "recipients": recipients})


def _accept_known(sent: SentText, message_id: str) -> Reply:
    del sent, message_id
    return json_reply(409, {"message": "a message with this id exists"})
