"""The heartbeat: sent while the service serves, not when it is ill; a failure is one line, without the address."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from sms_gateway.alarms.ways.heartbeat import Heartbeat
from sms_gateway.clock import utc_now
from sms_gateway.log import TextFormatter
from sms_gateway.settings.alarm_model import HeartbeatSettings
from tests.sms_gateway.channels.http.provider import Provider, Say, provider

PATH = "/ping/canary-heartbeat-3b9e"


def heartbeat(receiver: Provider, serves: list[bool]) -> Heartbeat:
    url = receiver.url.replace("/send", PATH)
    return Heartbeat(HeartbeatSettings(url=url), lambda: serves[-1], now=utc_now)


def test_it_is_sent_while_the_service_serves_and_a_failure_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    says, serves = [Say()], [True]
    with provider(lambda _: says[-1]) as monitor, caplog.at_level(logging.INFO):
        one = heartbeat(monitor, serves)
        one.beat()
        assert one.state.taken_at is not None
        says.append(Say(status=503))
        for _ in range(3):
            one.beat()
        failed, failure = one.state, one.failure()
        says.append(Say())
        one.beat()
        serves.append(False)
        for _ in range(3):
            one.beat()
        assert len(monitor.seen) == 5
        serves.append(True)
        one.beat()
        seen = monitor.seen
    assert (failed.error, failed.failing_since is not None) == ("HTTP 503", True)
    assert one.state.failing_since is None
    assert failure is not None
    assert failure.error == "HTTP 503"
    assert one.failure() is None
    assert [(each.method, each.target) for each in seen] == [("GET", PATH)] * 6
    written = [TextFormatter().format(record) for record in caplog.records]
    assert [line.split()[3] for line in written] == [
        "heartbeat_begins",
        "heartbeat_not_taken",
        "heartbeat_taken_again",
        "heartbeat_withheld",
        "heartbeat_begins",
    ]
    assert "canary" not in "".join(written)
    assert "canary" not in f"{HeartbeatSettings(url='http://x' + PATH)!r}{one.state!r}"


def test_it_calls_at_once_and_goes_on_after_an_error_of_the_service() -> None:
    calls = list[int]()

    def serves() -> bool:
        calls.append(1)
        if len(calls) == 1:
            raise OSError
        return True

    with provider(lambda _: Say()) as monitor:
        settings = HeartbeatSettings(url=monitor.url).model_copy(update={"every_seconds": 0.01})
        one = Heartbeat(settings, serves, now=utc_now)
        one.start()
        monitor.wait_for(2)
        one.stop()
        count = len(monitor.seen)
        one.start()
        monitor.wait_for(count + 2)
        one.stop()
    assert one.state.taken_at is not None
    assert utc_now() - one.state.taken_at < timedelta(minutes=1)
