"""A text answered from a database by the whole pipeline: nothing leaves this process."""

from __future__ import annotations

import json
import secrets
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from pydantic import SecretStr

from sms_gateway.process.startup import opened
from sms_gateway.settings.alarm_model import AlarmSettings, HeartbeatSettings
from sms_gateway.settings.link_model import ChannelSettings, ReplyWay
from sms_gateway.settings.model import DatabaseSettings, Settings, WebSettings
from sms_gateway.wiring.gateway import Gateway, Role

CHANNEL = "verify"
"""The one channel there is: no link, no aggregator, no system of the city and no monitor, so nothing can be sent."""

TEXT = "HD"
PATIENCE_SECONDS = 30.0

_REST_OF_NUMBER = "900000000"


class NoAnswerError(Exception):
    """The text got no answer; the text of this error says what came instead."""


def answer_of(settings: Settings, database: DatabaseSettings) -> str:
    """Return the answer to a text that asks for help, from a copy of a database, which gets the rows of both.

    Raises NoAnswerError, CannotStartError, and what `opened` raises.
    """
    secret = secrets.token_urlsafe(32)
    channel = ChannelSettings(secret=SecretStr(secret), reply=ReplyWay.BODY)
    apart = settings.model_copy(
        update={
            "database": database,
            "links": {},
            "channels": {CHANNEL: channel},
            "webhooks": {},
            "alarms": AlarmSettings(),
            "heartbeat": HeartbeatSettings(),
            "web": WebSettings(port=0),
        }
    )
    with opened(apart) as copy:
        gateway = Gateway(apart, copy, roles={Role.DISPATCH, Role.WEB})
        gateway.start()
        try:
            return _asked(gateway.web.port if gateway.web else 0, channel, settings, secret)
        finally:
            gateway.stop()


def _asked(port: int, channel: ChannelSettings, settings: Settings, secret: str) -> str:
    sender = settings.limits.countries[0] + _REST_OF_NUMBER
    fields = {
        channel.sender_field: sender,
        channel.recipient_field: settings.service.short_codes[0],
        channel.text_field: TEXT,
        channel.id_field: secrets.token_hex(8),
    }
    headers = {channel.secret_header: secret, "Content-Type": "application/json"}
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("POST", f"/mo/{CHANNEL}", json.dumps(fields), headers)
        response = connection.getresponse()
        body = response.read(1 << 16).decode("utf-8", "replace")
    except (OSError, HTTPException) as error:
        raise NoAnswerError(type(error).__name__) from error
    finally:
        with suppress(OSError):
            connection.close()
    answer = _fields_of(body).get("answer") if response.status == HTTPStatus.OK else None
    if not isinstance(answer, str) or not answer:
        raise NoAnswerError(f"HTTP {response.status}, {len(body)} characters")
    return answer


def _fields_of(body: str) -> dict[str, object]:
    """Return the fields of a JSON object; none of anything else."""
    try:
        fields = json.loads(body)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
