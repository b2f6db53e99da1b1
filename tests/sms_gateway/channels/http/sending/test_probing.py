"""A quiet channel asks its provider by a call that costs nothing, so that its state is not that of long ago."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sms_gateway.channels.http.networks import plain
from sms_gateway.channels.http.sending.connection import ConnectionTerms
from sms_gateway.channels.http.sending.departure import get_query
from sms_gateway.channels.http.sending.sender import HttpSender
from sms_gateway.channels.http.sending.sender_terms import SenderTerms
from sms_gateway.clock import utc_now
from sms_gateway.settings.link_model import ChannelSettings
from tests.sms_gateway.channels.http.provider import Provider, Say, Seen, provider
from tests.sms_gateway.channels.http.sending.senders import Reports, outcome, submission, until

KNOWN, LOST, PAGE, SHUT, BUSY = Say(body=b"{}"), Say(cut=True), Say(body=b"<html>"), Say(status=401), Say(status=503)


@contextmanager
def asking(sms: Provider, *, seconds: float) -> Iterator[tuple[HttpSender, Reports]]:
    whole = plain.departure(ChannelSettings(send_url=sms.url))
    terms = SenderTerms(
        departure=replace(whole, probe=get_query(f"{sms.url}/balance", {})),
        connection=ConnectionTerms(url=sms.url, connect_seconds=2, answer_seconds=5),
        window=1,
        rate=0,
        reconnect_seconds=0.02,
        probe_seconds=seconds,
    )
    reports = Reports()
    sender = HttpSender("agg", terms, reports, now=utc_now)
    sender.start()
    try:
        until(lambda: sender.state().up)
        yield sender, reports
    finally:
        assert sender.stop(10)


def test_the_state_follows_the_call() -> None:
    says = KNOWN

    def answer(seen: Seen) -> Say:
        return says if seen.target.endswith("/balance") else KNOWN

    with provider(answer) as sms, asking(sms, seconds=0.02) as (sender, _):
        until(lambda: sender.state().worked_at is not None)
        for failure, error in ((LOST, "connection closed"), (PAGE, "HTTP 200 with a page"), (SHUT, "HTTP 401")):
            says = failure
            until(lambda: not sender.state().up)
            down = sender.state()
            assert (down.last_error, down.failed_for) == (error, error)
            says = KNOWN
            until(lambda: sender.state().up)  # without an answer
        says, calls = BUSY, len(sms.seen)
        until(lambda: len(sms.seen) >= calls + 3)
        assert sender.state().up, "that the call alone is refused says nothing about answers"


def test_after_a_failed_answer_only_an_answer_counts_and_answers_are_tried_whatever_the_call_says() -> None:
    says, send = SHUT, SHUT

    def answer(seen: Seen) -> Say:
        return says if seen.target.endswith("/balance") else send

    with provider(answer) as sms, asking(sms, seconds=30) as (sender, reports):
        assert sender.state().worked_at is None, "that it can be connected to shows no more"
        sender.submit([submission()])
        assert outcome(reports.wait_for(1)[0]) == ("temporary", "HTTP 401")
        says = KNOWN
        until(lambda: sender.room() == 1)
        assert not sender.state().up
        send = Say(body=b'{"id": "7"}')
        sender.submit([submission()])
        assert outcome(reports.wait_for(2)[1]) == ("taken", "7")
        state = sender.state()
        assert state.up
        assert state.worked_at is not None
        assert state.failed_at is not None
        assert state.failed_at <= state.worked_at
