"""Notices by webhook: signed so that the library of Standard Webhooks agrees, and each failure with its reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import SecretStr
from standardwebhooks import Webhook

from sms_gateway.alarms.notice import NotDelivered
from sms_gateway.alarms.ways.webhook import WebhookWay
from sms_gateway.clock import utc_now
from sms_gateway.settings.alarm_model import AlarmWebhookSettings
from tests.sms_gateway.alarms.notices import NOTICE
from tests.sms_gateway.channels.http.provider import Say, provider

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
DEAD = "http://127.0.0.1:9/hooks/canary-path?key=canary-key"  # the port "discard", on which nothing listens


def way_to(url: str, secret: str = SECRET) -> WebhookWay:
    settings = AlarmWebhookSettings(url=url, secret=SecretStr(secret))
    return WebhookWay(settings, service="8188", now=utc_now)


def test_a_notice_is_signed_and_a_repeated_one_has_its_id(tmp_path: Path) -> None:
    with provider(lambda _: Say(status=204)) as receiver:
        way = way_to(receiver.url)
        way.deliver(NOTICE)
        way.deliver(NOTICE)
        first, second = receiver.seen
        assert way.probe() == receiver.url.removesuffix("/send")
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == NOTICE.number
    assert Webhook(SECRET).verify(first.body, dict(first.headers)) == {
        "type": "alarm.begins",
        "timestamp": "2026-11-29T14:06:00.000Z",
        "data": {
            "service": "8188",
            "alarm": "link_down",
            "subject": "viettel",
            "title": NOTICE.title,
            "fix": NOTICE.fix,
            "address": NOTICE.address,
            "since": "2026-11-29T14:05:00.000Z",
            "urgent": True,
        },
    }
    assert json.loads(first.body)["data"]["title"] in first.body.decode()


def test_each_failure_has_its_reason_without_path_and_secret() -> None:
    for said, reason, is_final in (
        (Say(status=500), "the receiver answered HTTP 500", False),
        (Say(status=429), "the receiver answered HTTP 429", False),
        (Say(status=410), "the receiver answered HTTP 410", True),
        (Say(status=302, headers={"Location": DEAD}), "the receiver answered HTTP 302", False),
        (Say(cut=True), "connection closed", False),
    ):
        with provider(lambda _, said=said: said) as receiver, pytest.raises(NotDelivered) as found:  # type: ignore[misc]
            way_to(receiver.url).deliver(NOTICE)
        assert (found.value.reason, found.value.is_final) == (reason, is_final)
    for way, reason in ((way_to(DEAD), "Connection refused"), (way_to(DEAD, ""), "no secret to sign with")):
        with pytest.raises(NotDelivered) as found:
            way.deliver(NOTICE)
        assert reason in found.value.reason
        assert "canary" not in found.value.reason
    with pytest.raises(NotDelivered, match="Connection refused"):
        way_to(DEAD).probe()
