"""Notices by webhook, signed as the events for systems of the city are (Standard Webhooks)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sms_gateway.alarms.notice import AlarmNotice, NotDelivered
from sms_gateway.channels.http.proofs.standard_webhooks import key_of, sign
from sms_gateway.channels.http.sending.connection import ConnectionTerms, NoResponse, NotSent, ProviderConnection
from sms_gateway.channels.http.sending.departure import OutgoingRequest, ProviderResponse, target_of
from sms_gateway.channels.http.sending.probing import ask
from sms_gateway.clock import Now
from sms_gateway.settings.alarm_model import AlarmWebhookSettings

CONNECT_SECONDS, ANSWER_SECONDS = 10.0, 20.0

_AGAIN = frozenset({408, 425, 429})
"""Refusals of a request that hold for now only."""


class WebhookWay:
    """Sends notices to the system of the settings."""

    name = "webhook"

    def __init__(self, settings: AlarmWebhookSettings, *, service: str, now: Now) -> None:
        self._url = settings.url
        self._secret = settings.secret.get_secret_value()
        self._service = service
        self._now = now
        self._terms = ConnectionTerms(
            url=settings.url,
            connect_seconds=CONNECT_SECONDS,
            answer_seconds=ANSWER_SECONDS,
            ca_file=settings.ca_file,
        )

    def deliver(self, notice: AlarmNotice) -> None:
        """Send a notice; return when the system answered 2xx. A repeated one has the same webhook-id."""
        came = ask(self._terms, self._request(notice))
        match came:
            case NotSent() | NoResponse():
                raise NotDelivered(came.error)
            case ProviderResponse():
                if not 200 <= came.status < 300:  # noqa: PLR2004 - RFC 9110 §15: the class 2xx
                    is_final = came.status // 100 == 4 and came.status not in _AGAIN  # noqa: PLR2004 - the class 4xx
                    raise NotDelivered(f"the receiver answered HTTP {came.status}", is_final=is_final)

    def probe(self) -> str:
        """Connect, by TLS where the address says so, and send nothing; return where to."""
        connection = ProviderConnection(self._terms)
        cause = connection.connect()
        connection.close()
        if cause is not None:
            raise NotDelivered(cause)
        return self._terms.place

    def _request(self, notice: AlarmNotice) -> OutgoingRequest:
        body = body_of(notice, self._service)
        stamp = str(int(self._now().timestamp()))
        key = key_of(self._secret)
        if key is None:
            raise NotDelivered("there is no secret to sign with", is_final=True)
        return OutgoingRequest(
            method="POST",
            target=target_of(self._url),
            headers={
                "Content-Type": "application/json",
                "webhook-id": notice.number,
                "webhook-timestamp": stamp,
                "webhook-signature": sign(key=key, name=notice.number, stamp=stamp, body=body),
            },
            body=body,
        )


def body_of(notice: AlarmNotice, service: str) -> bytes:
    """Return a notice as JSON: type, timestamp and data, as every event has them."""
    told = {
        "type": f"alarm.{notice.kind.value}",
        "timestamp": _stamp(notice.at),
        "data": {
            "service": service,
            "alarm": notice.alarm,
            "subject": notice.subject,
            "title": notice.title,
            "fix": notice.fix,
            "address": notice.address,
            "since": _stamp(notice.since),
            "urgent": notice.is_urgent,
        },
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
