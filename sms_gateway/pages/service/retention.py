"""Retention: how long each kind of data is kept, what was deleted last, and how old the oldest data is.

Read from ids and from one row for each job, so ten million texts take no longer than ten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template

from db.processes.job_runs import JobRun, read_runs
from db.reports.row_age import emptied_up_to, oldest_ids, oldest_words
from db.store.ids import IDS_A_MINUTE, minute_of
from sms_gateway.pipeline.intake.reassembly import REMEMBERED
from sms_gateway.process.schedule import ATTEMPTS_KEPT, STRAYS_KEPT
from sms_gateway.settings.model import Settings
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import say, say_span

PATIENCE = timedelta(days=1)
"""How late a job may be before the page reports it: a machine that was off for a night catches up by itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """One kind of data: how long it is kept, which job deletes it, and which row of `ages` has its oldest."""

    key: str
    span: str
    job: str | None
    ends_after: timedelta | None = None  # None: it ends for another reason than its age
    oldest: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptLine:
    """A line of the page."""

    key: str
    span: str
    run: JobRun | None
    job: str | None
    oldest: datetime | None
    is_late: bool


def retention() -> str:
    """Show the page."""
    parts = dependencies()
    now = parts.now()
    with parts.database.read() as connection:
        ids, words = oldest_ids(connection), oldest_words(connection)
        far = emptied_up_to(connection)
        runs = read_runs(connection)
    lines = [_line(one, runs, now) for one in _kinds(parts.settings, ids, words)]
    up_to = {name: _time(row_id) for name, row_id in far.items()}
    return render_template("service/retention.html", lines=lines, up_to=up_to, now=now)


def _kinds(settings: Settings, ids: Mapping[str, int], words: int | None) -> Iterator[Kept]:
    kept = settings.retention
    for key, days, job, oldest in (
        ("words", kept.text_days, "empty_texts", words),
        ("traces", kept.trace_days, "forget_traces", ids.get("inbound")),
        ("attempts", ATTEMPTS_KEPT.days, "forget_attempts", ids.get("attempt")),
        ("receipts", STRAYS_KEPT.days, "forget_stray_receipts", ids.get("stray_receipt")),
    ):
        yield Kept(
            key=key, span=say_span(timedelta(days=days)), job=job, ends_after=timedelta(days=days), oldest=oldest
        )
    yield Kept(
        key="parts",
        span=say("retention.after_joining", span=say_span(REMEMBERED)),
        job="forget_joined_parts",
        ends_after=REMEMBERED,
        oldest=ids.get("part"),
    )
    yield Kept(
        key="uploads",
        span=say_span(timedelta(hours=1)),
        job="forget_uploads",
        ends_after=timedelta(hours=1),
        oldest=ids.get("dossier_upload"),
    )
    yield Kept(
        key="passwords", span=say_span(timedelta(days=settings.service.password_days)), job="expire_first_passwords"
    )
    yield Kept(key="blocks", span=say("retention.its_day"), job="forget_ended_blocks")
    lasts = timedelta(hours=settings.web.session_hours)
    yield Kept(key="sessions", span=say_span(lasts), job="forget_ended_sessions")
    yield Kept(key="addresses", span=say_span(timedelta(days=1)), job="forget_addresses")
    yield Kept(key="accounts", span=say("retention.until_erased"), job=None, oldest=ids.get("account"))
    yield Kept(key="audit", span=say("retention.stays"), job=None)


def _line(kept: Kept, runs: Mapping[str, JobRun], now: datetime) -> KeptLine:
    oldest = None if kept.oldest is None else _time(kept.oldest)
    late = kept.ends_after is not None and oldest is not None and now - oldest > kept.ends_after + PATIENCE
    run = runs.get(kept.job) if kept.job else None
    return KeptLine(key=kept.key, span=kept.span, run=run, job=kept.job, oldest=oldest, is_late=late)


def _time(row_id: int) -> datetime:
    """Return when a row was made, to the minute, from its id."""
    return minute_of(row_id // IDS_A_MINUTE)
