"""The other side of `zalo`: an Official Account with its webhook, its sending API, its reports and its tokens.

A citizen with the telephone 84905123456 is the user 84905123456000 there. Any text is taken as the first refresh token.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from threading import Lock

from db.schema import ReceiptState
from sms_gateway.channels.http.fields import read_any_json, read_form
from sms_gateway.channels.http.request import JSON, Way
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

TOKEN_PATH = "/v4/oa/access_token"  # noqa: S105 - a path of URLs
SEND_PATH = "/v3.0/oa/message/cs"
ACCESS_SECONDS = 25 * 3600
_ACCESS = "access-"
_OFFICIAL_ACCOUNT = "3662729599332560487"


def counterpart(settings: ChannelSettings) -> Counterpart:
    """Return the other side of a channel with these settings."""
    app_id, secret = settings.options["app_id"], settings.secret.get_secret_value()
    tokens = _Tokens(app_secret=settings.password.get_secret_value())

    def event(way: Way, fields: dict[str, object], stamp: str) -> PushedRequest:
        named = {"app_id": app_id, **fields, "timestamp": stamp}
        body = json.dumps(named, separators=(",", ":"), ensure_ascii=False).encode()
        mac = hashlib.sha256(app_id.encode() + body + stamp.encode() + secret.encode()).hexdigest()
        return PushedRequest(way=way, headers={"Content-Type": JSON, "X-ZEvent-Signature": f"mac={mac}"}, body=body)

    def push(text: CitizenText) -> PushedRequest:
        fields: dict[str, object] = {
            "sender": {"id": text.sender},
            "recipient": {"id": _OFFICIAL_ACCOUNT},
            "event_name": "user_send_text",
            "message": {"text": text.body, "msg_id": text.id},
        }
        return event(Way.TEXTS, fields, str(int(text.at.timestamp() * 1000)))

    def report(report: Report) -> PushedRequest:
        name = "user_received_message" if report.state is ReceiptState.DELIVERED else "user_of_no_event"
        fields: dict[str, object] = {
            "sender": {"id": _OFFICIAL_ACCOUNT},
            "recipient": {"id": report.of.recipient},
            "event_name": name,
            "message": {"msg_id": report.message_id},
        }
        return event(Way.TEXTS, fields, str(int(report.at.timestamp() * 1000)))

    def read(request: ReceivedRequest) -> SentText | Reply:
        if request.path.endswith(TOKEN_PATH):
            return tokens.exchange(request)
        if not tokens.knows(request.headers.get("access_token", "")):
            return json_reply(200, {"error": -216, "message": "Access token is invalid"})
        if request.method == "GET":  # what `check` asks for
            return json_reply(200, {"error": 0, "message": "Success", "data": {}})
        fields = read_any_json(request.body)
        sent = SentText(
            key="",
            sender=_OFFICIAL_ACCOUNT,
            recipient=text_at(fields, "recipient.user_id"),
            body=text_at(fields, "message.text"),
        )
        return (
            sent if sent.recipient and sent.body else json_reply(200, {"error": -201, "message": "Params is invalid"})
        )

    return Counterpart(
        push=push,
        read=read,
        accept=_accept,
        report=report,
        address=user_of,
        is_sms=False,
        advice="Authorise the channel first: sms-gateway tokens authorise {channel} --paste; any text will do.",
        paths={"send_url": SEND_PATH, "token_url": TOKEN_PATH},
    )


def user_of(number: str) -> str:
    """Return the user of a telephone number."""
    return f"{number}000"


def _accept(sent: SentText, message_id: str) -> Reply:
    data = {"message_id": message_id, "user_id": sent.recipient}
    return json_reply(200, {"error": 0, "message": "Success", "data": data})


class _Tokens:
    """The tokens that are given out. A refresh token opens one exchange; those of an earlier run are taken too."""

    def __init__(self, app_secret: str) -> None:
        self._app_secret = app_secret
        self._lock = Lock()
        self._used: set[str] = set()

    def knows(self, access: str) -> bool:
        """Return whether an access token was given out here."""
        return access.startswith(_ACCESS)

    def exchange(self, request: ReceivedRequest) -> Reply:
        """Exchange a refresh token, or the code of an authorisation, for a new pair."""
        fields = fields_of(read_form(request.body))
        if request.headers.get("secret_key", "") != self._app_secret:
            return json_reply(200, {"error": -14004, "error_name": "Invalid secret key"})
        given = text_at(fields, "refresh_token") or text_at(fields, "code")
        with self._lock:
            if not given or given in self._used:
                return json_reply(200, {"error": -14014, "error_name": "Invalid refresh token"})
            self._used.add(given)
        pair = {"access_token": f"{_ACCESS}{secrets.token_hex()}", "refresh_token": secrets.token_hex()}
        return json_reply(200, pair | {"expires_in": str(ACCESS_SECONDS)})
