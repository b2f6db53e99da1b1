"""The other side of `infobip`: lists of texts and of reports, and a sending API that repeats our id."""

from __future__ import annotations

from db.schema import ReceiptState
from sms_gateway.channels.http.fields import read_any_json
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

_GROUPS = {
    ReceiptState.DELIVERED: "DELIVERED",
    ReceiptState.UNDELIVERABLE: "UNDELIVERABLE",
    ReceiptState.EXPIRED: "EXPIRED",
    ReceiptState.REJECTED: "REJECTED",
}


def counterpart(settings: ChannelSettings) -> Counterpart:
    """Return the other side of a channel with these settings."""
    path_secret = settings.path_secret.get_secret_value()
    by_password = settings.options["proof"] == "basic"
    authorization = f"App {settings.password.get_secret_value()}"

    def push(text: CitizenText) -> PushedRequest:
        item = {
            "messageId": text.id,
            "from": text.sender,
            "to": text.recipient,
            "text": text.body,
            "cleanText": text.body,
            "receivedAt": f"{text.at:%Y-%m-%dT%H:%M:%S}.{text.at.microsecond // 1000:03d}+0000",
            "smsCount": 1,
            "price": {"pricePerMessage": 0, "currency": "EUR"},
        }
        headers = {"Content-Type": JSON}
        if by_password:
            headers["Authorization"] = basic_authorization("infobip", settings.secret.get_secret_value())
        body = json_reply(200, {"results": [item], "messageCount": 1, "pendingMessageCount": 0}).body
        return PushedRequest(way=Way.TEXTS, headers=headers, body=body, path_secret="" if by_password else path_secret)

    def report(report: Report) -> PushedRequest:
        group = _GROUPS.get(report.state, "PENDING")
        item = {"messageId": report.message_id, "to": report.of.recipient, "status": {"groupName": group}}
        body = json_reply(200, {"results": [item]}).body
        return PushedRequest(way=Way.RECEIPTS, headers={"Content-Type": JSON}, body=body, path_secret=path_secret)

    def read(request: ReceivedRequest) -> SentText | Reply:
        if request.headers.get("authorization", "") != authorization:
            return json_reply(401, {"requestError": {"serviceException": {"messageId": "UNAUTHORIZED"}}})
        fields = read_any_json(request.body)
        sent = SentText(
            key="",  # it takes our id, but does not promise to send a text once
            sender=text_at(fields, "messages[0].sender"),
            recipient=text_at(fields, "messages[0].destinations[0].to"),
            body=text_at(fields, "messages[0].content.text"),
        )
        return sent if sent.recipient and sent.body else json_reply(400, {"requestError": {}})

    return Counterpart(push=push, read=read, accept=_accept, report=report, paths={"send_url": ""})


def _accept(sent: SentText, message_id: str) -> Reply:
    status = {"groupId": 1, "groupName": "PENDING", "id": 26, "name": "PENDING_ACCEPTED"}
    message = {"messageId": message_id, "status": status, "destination": sent.recipient}
    return json_reply(200, {"bulkId": f"bulk-{message_id}", "messages": [message]})
