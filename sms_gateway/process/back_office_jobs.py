"""The scheduled jobs of notices (what the clock tells, what goes out, what was kept long enough) and of counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event

from sqlalchemy import Connection

from db.notices.clock_events import add_clock_events, clock_events
from db.notices.retention import forget_consents, forget_notices, forget_subscriptions
from db.notices.terms import terms_of
from db.reports.kept_figures import Counting
from db.store.engine import Database
from sms_gateway.back_office.citizen_notices import NoticeDesk, is_any_due, release_some
from sms_gateway.back_office.daily_counts import csv_of, missing_days, write_file
from sms_gateway.clock import LOCAL_ZONE, Now, monotonic
from sms_gateway.process.cleanup import Cleanup
from sms_gateway.process.schedule import CLEANED_EVERY, FORGET_TRACES, CountingJob, Duty, Job, JobInParts
from sms_gateway.settings.model import RetentionSettings
from sms_gateway.settings.switches import NOTICES

RELEASED_EVERY = timedelta(seconds=5)
RUN_SECONDS = 4.0
"""The other jobs run in between."""
PAUSE_SECONDS = 0.2
"""Between two looks. Each writes as many as a link may have waiting: about 20 notices a second for each link."""

CLOCK_EVERY = timedelta(minutes=15)
MOST_AT_ONCE = 200
"""Notices of one transaction, in which texts wait: many dossiers may be due on one day."""
CONSENTS_EVERY = timedelta(hours=6)
COUNTS_EVERY = timedelta(minutes=30)
DAYS_EVERY = timedelta(minutes=5)
"""A page counts itself what came after the last run."""
DAYS_SECONDS = 10.0
"""With years of texts that were never counted, a run counts the days that it can, and the next ones the others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseJob:
    """Writes the texts of notices that are due, a few at a time, while there are any and the time is not up."""

    desk: NoticeDesk
    name: str = "release_notices"
    every: timedelta = RELEASED_EVERY
    waits: timedelta = timedelta(0)  # after the start
    service: str | None = NOTICES

    def run(self, database: Database, now: Now, stopping: Event) -> int:
        """Do the work; return how many notices were looked at."""
        taken, until = 0, monotonic() + RUN_SECONDS
        while self._is_any_due(database, now):
            with database.write() as connection:
                taken += release_some(connection, self.desk, now=now())
            if monotonic() >= until or stopping.wait(PAUSE_SECONDS):
                break
        return taken

    def _is_any_due(self, database: Database, now: Now) -> bool:
        with database.read() as connection:
            return is_any_due(connection, now())


@dataclass(frozen=True, kw_only=True, slots=True)
class CountDays:
    """Counts days from their rows, one in a transaction, while any is due and the time is not up: today, and others.

    It reads outside the writer's transaction, so nobody waits for it.
    """

    counting: Counting
    name: str = "count_days"
    every: timedelta = DAYS_EVERY
    waits: timedelta = timedelta(seconds=20)  # after the start, when there is enough to read as it is
    service: str | None = None

    def run(self, database: Database, now: Now, stopping: Event) -> int:
        """Do the work; return how many days that are over have new counts."""
        moment, until, changed = now(), monotonic() + DAYS_SECONDS, 0
        with database.read() as connection:
            days = self.counting.due_days(connection, moment)
        for day in days:
            with database.read() as connection:
                keep = self.counting.look(connection, day, moment)
            with database.write() as connection:
                changed += keep(connection) and day is not days[0]
            if monotonic() >= until or stopping.is_set():
                break
        return changed


def days_counting(kept: RetentionSettings) -> Counting:
    """Return how days are counted with these settings."""
    return Counting(zone=LOCAL_ZONE, kept=timedelta(days=kept.trace_days), deletes=FORGET_TRACES)


def notice_jobs(desk: NoticeDesk | None) -> tuple[Duty, ...]:
    """Return the jobs of notices; those that delete run also when notices are off."""
    forgetting: tuple[Duty, ...] = (
        Cleanup(name="forget_notices", every=CLEANED_EVERY, work=forget_notices),
        Cleanup(name="forget_subscriptions", every=CLEANED_EVERY, work=forget_subscriptions),
        Job(name="forget_consents", every=CONSENTS_EVERY, work=forget_consents),
    )
    if desk is None:
        return forgetting
    due = CountingJob(name="note_due_dossiers", every=CLOCK_EVERY, look=_look_at_clock, service=NOTICES)
    return (*forgetting, due, ReleaseJob(desk=desk))


def counts_jobs(directory: str) -> tuple[Duty, ...]:
    """Return the job that writes the file of counts after each day; none when the settings name no directory."""
    if not directory:
        return ()

    def work(database: Database, now: datetime) -> int:
        days = missing_days(Path(directory), now.astimezone(LOCAL_ZONE).date())
        for day in days:
            with database.read() as connection:
                content = csv_of(connection, day)
            write_file(Path(directory), day, content)
        return len(days)

    return (JobInParts(name="write_counts", every=COUNTS_EVERY, work=work),)


def _look_at_clock(connection: Connection, now: datetime) -> Sequence[Callable[[Connection], int]]:
    terms = terms_of(connection)
    events = [] if terms is None else clock_events(connection, terms, now)
    parts = [events[at : at + MOST_AT_ONCE] for at in range(0, len(events), MOST_AT_ONCE)]
    return [partial(add_clock_events, events=part) for part in parts]
