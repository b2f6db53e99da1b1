"""The other side of `vcom`: an answer names the request of its text, not the citizen; errors come with status 200."""

from __future__ import annotations

import hashlib
from base64 import b64encode

from sms_gateway.channels.http.fields import read_any_json
from sms_gateway.channels.http.networks.vcom import checksum
from sms_gateway.channels.http.request import JSON, Way
from sms_gateway.demo.provider.counterpart import (
    CitizenText,
    Counterpart,
    GatewayResponse,
    PushedRequest,
    ReceivedRequest,
    Reply,
    SentText,
    Verdict,
    json_reply,
    text_at,
    verdict_of,
)
from sms_gateway.settings.link_model import ChannelSettings

_TAKEN = json_reply(200, {"data": {"code": 200, "status": "success", "message": ""}})
_KNOWN = json_reply(200, {"errors": {"code": 104, "status": "error", "message": "mt_code existed"}})
_WRONG = json_reply(200, {"errors": {"code": 106, "status": "error", "message": "wrong parameter or checksum"}})


def counterpart(settings: ChannelSettings) -> Counterpart:
    """Return the other side of a channel with these settings."""
    client, key = settings.user, settings.secret.get_secret_value()
    citizens: dict[str, str] = {}  # by the request of their text

    def push(text: CitizenText) -> PushedRequest:
        citizens[text.id] = text.sender
        time = int(text.at.timestamp())
        covered = f"{client}{text.id}{text.sender}{key}{time}"
        fields = {
            "type": "new",
            "client_id": client,
            "request_id": text.id,
            "service_id": text.recipient,
            "command_code": text.body.partition(" ")[0],
            "message": text.body,
            "telco": "VT",
            "phone": text.sender,
            "time": time,
            "checksum": b64encode(hashlib.sha256(covered.encode()).digest()).decode(),
        }
        return PushedRequest(way=Way.TEXTS, headers={"Content-Type": JSON}, body=json_reply(200, fields).body)

    def read(request: ReceivedRequest) -> SentText | Reply:
        fields = read_any_json(request.body)
        request_id, mt_code = text_at(fields, "request_id"), text_at(fields, "mt_code")
        wanted = checksum(client, request_id, mt_code, key, int(text_at(fields, "time") or 0))
        if text_at(fields, "checksum") != wanted or request_id not in citizens:
            return _WRONG
        return SentText(
            key=f"{request_id} {mt_code}",
            sender=text_at(fields, "service_id"),
            recipient=citizens[request_id],
            body=text_at(fields, "message"),
        )

    return Counterpart(push=push, read=read, accept=lambda *_: _TAKEN, accept_known=lambda *_: _KNOWN, verdict=_verdict)


def _verdict(response: GatewayResponse) -> Verdict:
    is_error = text_at(read_any_json(response.body), "errors.code") != ""
    return Verdict.REFUSED if is_error else verdict_of(response)
