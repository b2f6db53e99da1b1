"""A sender under test: the pipeline as it sees it, answers to send, and what became of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event

from pydantic import SecretStr

from db.store.address import TEL, Address
from sms_gateway.channels.http.networks import plain
from sms_gateway.channels.http.sending.connection import ConnectionTerms
from sms_gateway.channels.http.sending.sender import HttpSender
from sms_gateway.channels.http.sending.sender_terms import SenderTerms
from sms_gateway.clock import utc_now
from sms_gateway.pipeline.ports import (
    Arrival,
    SegmentRefused,
    SendReport,
    SessionsEnded,
    Submission,
)
from sms_gateway.settings.link_model import ChannelSettings
from tests.sms_gateway.channels.http.provider import Provider

PASSWORD = "canary-send-password"
CITIZEN = "84905123456"
BODY = "Ho so da xong"


@dataclass(kw_only=True)
class Reports:
    """The pipeline as a sender sees it."""

    seen: list[SendReport] = field(default_factory=list)
    nudged: Event = field(default_factory=Event)

    def offer(self, arrivals: Sequence[Arrival]) -> None:
        raise AssertionError(arrivals)

    def report(self, reports: Sequence[SendReport]) -> None:
        self.seen += reports

    def fell(self, ended: SessionsEnded) -> None:
        raise AssertionError(ended)

    def nudge(self) -> None:
        self.nudged.set()

    def wait_for(self, count: int, seconds: float = 10) -> list[SendReport]:
        until(lambda: len(self.seen) >= count, seconds)
        return self.seen


def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def submission(
    number: int = 1, *, body: str = BODY, valid: timedelta = timedelta(minutes=15), recipient: str = CITIZEN
) -> Submission:
    return Submission(
        outbound_id=number,
        sender="8188",
        recipient=Address(recipient),
        body=body,
        reference=0,
        expires_at=datetime.now(tz=UTC) + valid,
    )


@contextmanager
def sending(url: str, *, kind: str = TEL, **changes: object) -> Iterator[tuple[HttpSender, Reports]]:
    settings = ChannelSettings(
        send_url=url, password=SecretStr(PASSWORD), reconnect_seconds=0.05, answer_seconds=5, window=2
    ).model_copy(update=changes)
    terms = SenderTerms(
        departure=plain.departure(settings),
        connection=ConnectionTerms(
            url=settings.send_url, connect_seconds=2, answer_seconds=settings.answer_seconds, ca_file=None
        ),
        window=settings.window,
        rate=settings.rate,
        reconnect_seconds=settings.reconnect_seconds,
        address_kind=kind,
    )
    reports = Reports()
    sender = HttpSender("agg", terms, reports, now=utc_now)
    sender.start()
    try:
        yield sender, reports
    finally:
        assert sender.stop(10)


@contextmanager
def up(sms: Provider, *, kind: str = TEL, **changes: object) -> Iterator[tuple[HttpSender, Reports]]:
    with sending(sms.url, kind=kind, **changes) as (sender, reports):
        until(lambda: sender.state().up)
        yield sender, reports


def outcome(report: SendReport) -> tuple[str, str]:
    [segment] = report.segments
    return (
        (segment.refusal.value, segment.error) if isinstance(segment, SegmentRefused) else ("taken", segment.message_id)
    )
