"""A sender beside a real provider: one report for each answer, the window, the rate, the state and the stop."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest

from sms_gateway.channels.http.networks import plain
from sms_gateway.channels.http.sending.connection import ConnectionTerms
from sms_gateway.channels.http.sending.departure import OutgoingRequest
from sms_gateway.channels.http.sending.sender import WATCH_SECONDS, HttpSender
from sms_gateway.channels.http.sending.sender_terms import SenderTerms
from sms_gateway.clock import utc_now
from sms_gateway.log import TextFormatter
from sms_gateway.pipeline.ports import (
    Refusal,
    SendReport,
)
from sms_gateway.settings.link_model import ChannelSettings, SendFormat
from tests.sms_gateway.channels.http.provider import Say, provider
from tests.sms_gateway.channels.http.sending.senders import (
    BODY,
    CITIZEN,
    PASSWORD,
    Reports,
    outcome,
    sending,
    submission,
    until,
    up,
)

SHAPES = [
    (SendFormat.JSON, "POST", "/send", '{"from":"8188","to":"84905123456","text":"Ho so da xong","id":"1"}'),
    (SendFormat.FORM, "POST", "/send", "from=8188&to=84905123456&text=Ho+so+da+xong&id=1"),
    (SendFormat.QUERY, "GET", "/send?from=8188&to=84905123456&text=Ho+so+da+xong&id=1", ""),
]


@pytest.mark.parametrize(("shape", "method", "target", "body"), SHAPES, ids=[case[0].value for case in SHAPES])
def test_an_answer_is_sent_in_the_form_of_the_settings(shape: SendFormat, method: str, target: str, body: str) -> None:
    with provider(lambda _: Say(body=b'{"id": 77}')) as sms, up(sms, send_format=shape) as (sender, reports):
        sender.submit([submission()])
        [report] = reports.wait_for(1)
    [seen] = sms.seen
    assert (seen.method, seen.target, seen.body.decode()) == (method, target, body)
    assert seen.headers["authorization"] == f"Bearer {PASSWORD}"
    assert (report.outbound_id, report.data_coding, report.total, outcome(report)) == (1, 0, 1, ("taken", "77"))


def test_a_user_is_sent_by_http_basic() -> None:
    with provider(lambda _: Say()) as sms, up(sms, user="city") as (sender, reports):
        sender.submit([submission(body="Đã nhận")])
        [report] = reports.wait_for(1)
    assert sms.seen[0].headers["authorization"] == "Basic Y2l0eTpjYW5hcnktc2VuZC1wYXNzd29yZA=="
    assert json.loads(sms.seen[0].body)["text"] == "Đã nhận"
    assert (report.data_coding, outcome(report)) == (8, ("taken", "1"))  # without an id of theirs, ours is the id


REFUSALS = [
    (Say(status=400), Refusal.PERMANENT, "HTTP 400", True),
    (Say(status=429), Refusal.THROTTLED, "HTTP 429", True),
    (Say(status=503), Refusal.TEMPORARY, "HTTP 503", True),
    (Say(status=401), Refusal.TEMPORARY, "HTTP 401", False),
    (Say(status=404), Refusal.TEMPORARY, "HTTP 404", False),
    (Say(status=302), Refusal.TEMPORARY, "HTTP 302", False),
    (Say(cut=True), Refusal.UNANSWERED, "no response", False),
]


@pytest.mark.parametrize(("said", "refusal", "error", "stays_up"), REFUSALS, ids=[case[2] for case in REFUSALS])
def test_a_refusal_is_reported_as_what_it_is(said: Say, refusal: Refusal, error: str, *, stays_up: bool) -> None:
    with provider(lambda _: said) as sms, up(sms, reconnect_seconds=60) as (sender, reports):
        sender.submit([submission()])
        [report] = reports.wait_for(1)
        assert sender.state().up is stays_up
    assert outcome(report) == (refusal.value, error)


def test_the_provider_says_how_long_to_wait() -> None:
    with provider(lambda _: Say(status=503, headers={"Retry-After": "60"})) as sms, up(sms) as (sender, reports):
        assert sender.room() > 0
        sender.submit([submission()])
        reports.wait_for(1)
        assert sender.room() == 0


def test_answers_do_not_wait_in_the_sender_while_the_provider_asks_to_wait() -> None:
    hold = Event()
    later = Say(status=503, headers={"Retry-After": "60"}, hold=hold)
    with provider(lambda _: later) as sms, up(sms, window=1) as (sender, reports):
        sender.submit([submission(1), submission(2)])
        until(lambda: len(sms.seen) == 1)
        hold.set()
        assert [(report.outbound_id, outcome(report)) for report in sorted_by_id(reports.wait_for(2))] == [
            (1, ("temporary", "HTTP 503")),
            (2, ("not_sent", "the provider asked us to wait")),
        ]
        sender.submit([submission(3)])  # the pipeline asked for room just before
        assert outcome(reports.wait_for(3)[2]) == ("not_sent", "the provider asked us to wait")
    assert len(sms.seen) == 1


def sorted_by_id(reports: Sequence[SendReport]) -> list[SendReport]:
    return sorted(reports, key=lambda report: report.outbound_id)


def test_no_more_than_the_window_is_without_a_response() -> None:
    hold = Event()
    with provider(lambda _: Say(hold=hold)) as sms, up(sms) as (sender, reports):
        assert sender.room() == 4
        sender.submit([submission(number) for number in range(1, 5)])
        until(lambda: len(sms.seen) == 2)
        assert sender.room() == 0
        time.sleep(0.2)
        state = sender.state()
        assert (len(sms.seen), state.in_flight, state.window) == (2, 2, 2)
        hold.set()
        assert sorted(report.outbound_id for report in reports.wait_for(4)) == [1, 2, 3, 4]


def test_the_rate_is_kept() -> None:
    with provider(lambda _: Say()) as sms, up(sms, rate=20, window=8) as (sender, reports):
        started = time.monotonic()
        sender.submit([submission(number) for number in range(1, 12)])
        reports.wait_for(11)
        assert time.monotonic() - started > 0.4


def test_an_answer_that_is_too_old_is_not_sent() -> None:
    with provider(lambda _: Say()) as sms, up(sms) as (sender, reports):
        sender.submit([submission(valid=timedelta(0))])
        [report] = reports.wait_for(1)
    assert outcome(report) == ("not_sent", "expired")
    assert sms.seen == []


@pytest.mark.parametrize(("kind", "recipient"), [("tel", "zalo:6142494823000001"), ("zalo", CITIZEN)])
def test_an_address_of_another_kind_is_refused_since_it_would_reach_somebody_else(kind: str, recipient: str) -> None:
    with provider(lambda _: Say()) as sms, up(sms, kind=kind) as (sender, reports):
        sender.submit([submission(recipient=recipient)])
        [report] = reports.wait_for(1)
    assert outcome(report) == ("permanent", f"no address of kind {kind}")
    assert sms.seen == []


def test_it_comes_up_by_itself_and_wakes_the_pipeline() -> None:
    with provider(lambda _: Say()) as sms, sending("http://127.0.0.1:1/send") as (away, unused):
        until(lambda: away.state().last_error is not None)
        assert (away.state().up, away.room()) == (False, 0)
        assert not unused.nudged.is_set()
        with sending(sms.url) as (sender, reports):
            assert reports.nudged.wait(5)
            assert sender.state().up
            assert sender.state().last_error is None


def test_a_wrong_password_is_tried_again_with_one_answer() -> None:
    right = Event()
    with (
        provider(lambda _: Say() if right.is_set() else Say(status=401)) as sms,
        up(sms, window=1) as (sender, reports),
    ):
        sender.submit([submission(1), submission(2)])
        assert {outcome(report) for report in reports.wait_for(2)} == {
            ("temporary", "HTTP 401"),
            ("not_sent", "not connected"),
        }
        until(lambda: sender.room() == 1)
        assert not sender.state().up
        right.set()
        sender.submit([submission(3)])
        assert outcome(reports.wait_for(3)[2]) == ("taken", "3")
        assert sender.state().up


def test_a_provider_that_connects_and_does_not_respond_gets_one_answer_at_a_time() -> None:
    responds = Event()
    with (
        provider(lambda _: Say() if responds.is_set() else Say(cut=True)) as sms,
        up(sms, window=2) as (sender, reports),
    ):
        sender.submit([submission(1)])
        assert outcome(reports.wait_for(1)[0]) == ("unanswered", "no response")
        until(lambda: sender.room() > 0)
        time.sleep(3 * WATCH_SECONDS)
        assert (sender.state().up, sender.room()) == (False, 1)
        responds.set()
        reports.nudged.clear()
        sender.submit([submission(2)])
        assert outcome(reports.wait_for(2)[1]) == ("taken", "2")
        assert (sender.state().up, sender.room(), reports.nudged.is_set()) == (True, 4, True)


def test_a_stop_reports_every_answer() -> None:
    hold = Event()
    with provider(lambda _: Say(hold=hold)) as sms:
        with up(sms) as (sender, reports):
            sender.submit([submission(number) for number in range(1, 4)])
            until(lambda: len(sms.seen) == 2)
            started = time.monotonic()
            assert sender.stop(1)
            assert time.monotonic() - started < 2
            sender.submit([submission(4)])
            assert sorted(outcome(report) for report in reports.seen) == [
                ("not_sent", "the channel is stopped"),
                ("not_sent", "the channel is stopped"),
                ("unanswered", "no response"),
                ("unanswered", "no response"),
            ]
        hold.set()


def test_a_fault_of_ours_in_one_answer_stops_no_other() -> None:
    with provider(lambda _: Say(body=b'{"id": "7"}')) as sms:
        settings = ChannelSettings(send_url=sms.url)
        whole = plain.departure(settings)
        departure = replace(whole, build=lambda text: whole.build(text) if text.key != "1" else fail())
        terms = SenderTerms(
            departure=departure,
            connection=ConnectionTerms(url=sms.url, connect_seconds=2, answer_seconds=5),
            window=1,
            rate=0,
            reconnect_seconds=0.05,
        )
        reports = Reports()
        sender = HttpSender("agg", terms, reports, now=utc_now)
        sender.start()
        until(lambda: sender.state().up)
        sender.submit([submission(1), submission(2)])
        assert [outcome(report) for report in reports.wait_for(2)] == [
            ("permanent", "a fault of the gateway"),  # nothing was written
            ("taken", "7"),
        ]
        assert sender.alive()
        assert sender.stop(5)


def fail() -> OutgoingRequest:
    raise ValueError("no such field")


def test_neither_number_nor_text_nor_password_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        provider(lambda _: Say(status=401)) as sms,
        up(sms, send_format=SendFormat.QUERY) as (sender, reports),
    ):
        sender.submit([submission()])
        reports.wait_for(1)
    written = "".join(map(TextFormatter().format, caplog.records))
    assert "sender_down" in written
    for canary in (CITIZEN, BODY, "Ho+so", PASSWORD):
        assert canary not in written
