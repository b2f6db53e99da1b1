"""The other side of `esms`: texts by GET with an MD5 digest, answers in XML or by its sending API, reports by GET."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from urllib.parse import urlencode
from xml.sax.saxutils import unescape

from db.schema import ReceiptState
from sms_gateway.channels.http.fields import read_any_json
from sms_gateway.channels.http.request import Way
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.demo.provider.counterpart import (
    CitizenText,
    Counterpart,
    GatewayResponse,
    PushedRequest,
    ReceivedRequest,
    Reply,
    Report,
    SentText,
    json_reply,
    text_at,
)
from sms_gateway.settings.link_model import ChannelSettings

_CPID = "CP1"
_STATES = {
    ReceiptState.DELIVERED: {"SendStatus": "5", "SendSuccess": "1", "SendFailed": "0"},
    ReceiptState.UNDELIVERABLE: {"SendStatus": "5", "SendSuccess": "0", "SendFailed": "1"},
    ReceiptState.REJECTED: {"SendStatus": "4", "SendSuccess": "0", "SendFailed": "0"},
}
_ON_ITS_WAY = {"SendStatus": "7", "SendSuccess": "0", "SendFailed": "0"}


def counterpart(settings: ChannelSettings) -> Counterpart:
    """Return the other side of a channel with these settings."""
    secret = settings.secret.get_secret_value()
    account = (settings.user, settings.password.get_secret_value())

    def push(text: CitizenText) -> PushedRequest:
        at = f"{text.at.astimezone(LOCAL_ZONE):%Y%m%d%H%M%S}"
        digest = hashlib.md5(f"{_CPID}{text.id}{text.body}{at}{secret}".encode(), usedforsecurity=False).digest()
        query = {
            "sender": text.sender,
            "content": text.body,
            "serviceNumber": text.recipient,
            "keyword": text.body.partition(" ")[0],
            "sign": b64encode(digest).decode(),
            "cpid": _CPID,
            "smsid": text.id,
            "receiverTime": at,
        }
        return PushedRequest(way=Way.TEXTS, method="GET", query=urlencode(query))

    def read(request: ReceivedRequest) -> SentText | Reply:
        fields = read_any_json(request.body)
        if (text_at(fields, "ApiKey"), text_at(fields, "SecretKey")) != account:
            return json_reply(200, {"CodeResult": "101", "ErrorMessage": "Authorize Failed"})
        if not text_at(fields, "Phone"):
            return json_reply(200, {"CodeResult": "108", "ErrorMessage": "Invalid phone"})
        if text_at(fields, "Sandbox") == "1":
            return json_reply(200, {"CodeResult": "100", "CountRegenerate": 0, "SMSID": "sandbox"})
        return SentText(
            key=text_at(fields, "RequestId"),
            sender=text_at(fields, "Brandname"),
            recipient=text_at(fields, "Phone"),
            body=text_at(fields, "Content"),
        )

    def report(report: Report) -> PushedRequest:
        query = {
            "SMSID": report.message_id,
            "RequestId": report.of.key,
            "phonenumber": report.of.recipient,
            **_STATES.get(report.state, _ON_ITS_WAY),
        }
        secret = settings.path_secret.get_secret_value()
        return PushedRequest(way=Way.RECEIPTS, method="GET", query=urlencode(query), path_secret=secret)

    return Counterpart(push=push, read=read, accept=_accept, accept_known=_accept_known, report=report, answer=_answer)


def _accept(sent: SentText, message_id: str) -> Reply:
    del sent
    return json_reply(200, {"CodeResult": "100", "CountRegenerate": 0, "SMSID": message_id})


def _accept_known(sent: SentText, message_id: str) -> Reply:
    del sent
    return json_reply(200, {"CodeResult": "124", "SMSID": message_id, "ErrorMessage": "RequestId exists"})


def _answer(response: GatewayResponse) -> str | None:
    _, _, rest = response.body.decode("utf-8", "replace").partition("<Message>")
    return unescape(rest.partition("</Message>")[0]) or None
