"""The scheduled jobs. Each reads the tables and does what is due, so the next run catches up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from db.citizens import accounts, block_list, dossier_uploads
from db.messages import parts, receipts, retention
from db.processes import job_runs, statistics
from db.staff import address_lockout, audit, log_in_attempts, sessions
from db.store.engine import Database
from db.store.ids import first_id_at
from db.upkeep import planner_statistics
from sms_gateway.clock import Now, utc_now
from sms_gateway.log import Digest, event, logger_of
from sms_gateway.pipeline.dispatch.guessing import ACCOUNT_DAYS
from sms_gateway.pipeline.intake.reassembly import MARKED_REMEMBERED, REMEMBERED
from sms_gateway.process.cleanup import Cleanup
from sms_gateway.process.minute_counts import ROLLUP
from sms_gateway.settings.model import RetentionSettings
from sms_gateway.settings.switches import REGISTER_ACCOUNT, IsOn, all_on, offered

STRAYS_KEPT = timedelta(days=3)
"""A receipt that found no message by then never will: carriers give up on a phone after at most two days."""

ATTEMPTS_KEPT = timedelta(days=2)
"""The guards against guessing look back one day (sms_gateway.pipeline.dispatch.guessing)."""

CLEANED_EVERY = timedelta(minutes=1)
"""Each cleanup works for a quarter of it at most (sms_gateway.process.cleanup).

A cleanup with nothing to do runs one query.
"""

ROWS_COUNTED = timedelta(hours=20)
"""Rows are counted once a day. That reads a whole index, which takes seconds with millions of rows."""

FORGET_TRACES = "forget_traces"
"""The job that deletes whole texts."""

_LOG = logger_of(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One job: its name, how often it runs, and its work, which returns how many rows it changed."""

    name: str
    every: timedelta
    work: Callable[[Connection, datetime], int]
    waits: timedelta = timedelta(0)  # after the start
    service: str | None = None  # None: always runs; else only when this service is on

    def run(self, database: Database, now: Now, stopping: Event) -> int:
        """Do the work in a transaction of its own."""
        del stopping
        with database.write() as connection:
            return self.work(connection, now())


@dataclass(frozen=True, kw_only=True, slots=True)
class JobInParts:
    """A job that opens its transactions itself: one for each thing that it does, so that nobody waits for the others.

    `work` returns how many rows it changed.
    """

    name: str
    every: timedelta
    work: Callable[[Database, datetime], int]
    waits: timedelta = timedelta(0)  # after the start
    service: str | None = None

    def run(self, database: Database, now: Now, stopping: Event) -> int:
        """Do the work."""
        del stopping
        return self.work(database, now())


@dataclass(frozen=True, kw_only=True, slots=True)
class CountingJob:
    """A job that reads long and writes little. It reads outside the writer's transaction, so nobody waits for it.

    `look` returns functions that write the result, each in a short transaction of its own, and return how many rows
    are new.
    """

    name: str
    every: timedelta
    look: Callable[[Connection, datetime], Sequence[Callable[[Connection], int]]]
    waits: timedelta = timedelta(0)  # after the start, when there is enough to read as it is
    service: str | None = None

    def run(self, database: Database, now: Now, stopping: Event) -> int:
        """Look, then write."""
        del stopping
        with database.read() as connection:
            steps = self.look(connection, now())
        new = 0
        for write in steps:
            with database.write() as connection:
                new += write(connection)
        return new


class Duty(Protocol):
    """What the schedule can run."""

    @property
    def name(self) -> str:
        """Its name in logs and on pages."""

    @property
    def every(self) -> timedelta:
        """How often it runs."""

    @property
    def waits(self) -> timedelta:
        """How long after the start it first runs."""

    @property
    def service(self) -> str | None:
        """The service that it belongs to; None: it always runs."""

    def run(self, database: Database, now: Now, stopping: Event) -> int:
        """Do the work; return how many rows it changed."""


# A job that deletes or ends data has no service: the data of a service that was turned off must end too.
JOBS: tuple[Job | Cleanup, ...] = (
    Job(name="expire_first_passwords", every=timedelta(minutes=5), work=accounts.expire_first_passwords),
    Job(name="forget_ended_sessions", every=timedelta(hours=1), work=sessions.forget_ended_sessions),
    Job(name="forget_addresses", every=timedelta(hours=1), work=address_lockout.forget_old),
    Job(name="forget_log_in_tries", every=timedelta(hours=1), work=log_in_attempts.forget_old),
    Job(name="forget_uploads", every=timedelta(minutes=10), work=dossier_uploads.forget_uploads),
    Job(
        name="forget_stray_receipts",
        every=timedelta(hours=1),
        work=lambda connection, now: receipts.forget_strays(connection, before=now - STRAYS_KEPT),
    ),
    Job(
        name="forget_joined_parts",
        every=timedelta(minutes=5),
        work=lambda connection, now: parts.forget_joined(
            connection, before=now - REMEMBERED, marked_before=now - MARKED_REMEMBERED
        ),
    ),
    Job(name="forget_ended_blocks", every=timedelta(hours=1), work=block_list.forget_ended_blocks),
    Job(
        name="count_account_days",
        every=timedelta(hours=1),
        service=REGISTER_ACCOUNT,
        work=lambda connection, now: ACCOUNT_DAYS.count(connection, now_id=first_id_at(now)),
    ),
    Cleanup(
        name="forget_attempts",
        every=CLEANED_EVERY,
        work=lambda connection, now, rows: retention.forget_attempts(
            connection, before_id=first_id_at(now - ATTEMPTS_KEPT), limit=rows
        ),
    ),
)


STATISTICS = Job(
    name="analyse_grown_tables",
    every=timedelta(seconds=10),
    work=lambda connection, _: len(planner_statistics.analyse_grown(connection)),
)
"""On PostgreSQL. It runs often, since until then every round reads a whole new table. It makes one small query."""


def _count_rows(connection: Connection, now: datetime) -> Sequence[Callable[[Connection], int]]:
    """Count the rows of the large tables, unless they were counted lately."""
    known = statistics.read_figures(connection).get(statistics.StatisticName.TEXTS)
    counts = {} if known and now - known.taken_at < ROWS_COUNTED else statistics.count_rows(connection)

    def keep(writing: Connection) -> int:
        statistics.keep_figures(writing, counts, now=now)
        return len(counts)

    return [keep]


def _log_audit_head(connection: Connection, now: datetime) -> Sequence[Callable[[Connection], int]]:
    """Write number and digest of the newest audit entry into the log: a log that is kept elsewhere proves the chain."""
    del now
    for head in audit.read_page(connection, size=1):
        event(_LOG, "audit_head", entry=head.number, digest=Digest(head.chain.hex()))
    return ()


AUDIT_HEAD = CountingJob(name="log_audit_head", every=timedelta(minutes=15), look=_log_audit_head)
"""Entries after the last one in the log can still be cut off unnoticed: those of a quarter of an hour at most."""

COUNTS = (
    AUDIT_HEAD,
    CountingJob(
        name="count_minutes",
        every=timedelta(minutes=1),
        look=lambda connection, now: ROLLUP.count_due(connection, now_id=first_id_at(now)),
        waits=timedelta(seconds=5),
    ),
    CountingJob(name="count_rows", every=timedelta(hours=1), look=_count_rows, waits=timedelta(minutes=2)),
)


def retention_jobs(kept: RetentionSettings) -> tuple[Cleanup, ...]:
    """Return the jobs that delete what was kept long enough. Whole texts come first."""
    contents, traces = timedelta(days=kept.text_days), timedelta(days=kept.trace_days)
    return (
        Cleanup(
            name=FORGET_TRACES,
            every=CLEANED_EVERY,
            work=lambda connection, now, rows: retention.forget_traces(
                connection, before_id=first_id_at(now - traces), limit=rows
            ),
        ),
        Cleanup(
            name="empty_texts",
            every=CLEANED_EVERY,
            work=lambda connection, now, rows: retention.empty_texts(
                connection, before_id=first_id_at(now - contents), limit=rows
            ),
        ),
    )


def jobs_here(more: Sequence[Duty], *, is_sqlite: bool, is_on: IsOn) -> Sequence[Duty]:
    """Return the jobs that run with this database and these services."""
    statistics = () if is_sqlite else (STATISTICS,)
    return offered((*statistics, *JOBS, *COUNTS, *more), is_on)


class Schedule:
    """Runs the jobs one after another, in one thread, so that they never wait for each other's rows."""

    def __init__(self, database: Database, now: Now, more: Sequence[Duty] = (), is_on: IsOn = all_on) -> None:
        self.jobs = jobs_here(more, is_sqlite=database.is_sqlite, is_on=is_on)
        self._database = database
        self._now = now
        self._scheduler: BackgroundScheduler | None = None
        self._stopping = Event()  # of a job that takes many steps

    def start(self) -> None:
        """Run each job now and then at its interval; a stopped schedule may be started again."""
        # A scheduler that was shut down does not start again, and a process may get this duty a second time.
        self._stopping.clear()
        scheduler = BackgroundScheduler(timezone="UTC", executors={"default": ThreadPoolExecutor(1)})
        for job in self.jobs:
            scheduler.add_job(
                self.run,
                "interval",
                [job],
                seconds=job.every.total_seconds(),
                next_run_time=utc_now() + job.waits,  # APScheduler reads the machine's clock, whatever ours says
                coalesce=True,  # after a sleep of the machine one run does the work of all missed runs
                misfire_grace_time=None,
                max_instances=1,
            )
        scheduler.start()
        self._scheduler = scheduler

    def run(self, job: Duty) -> None:
        """Run one job. A failure is logged, and the next run tries again."""
        try:
            changed = job.run(self._database, self._now, self._stopping)
            with self._database.write() as connection:
                job_runs.note_end(connection, job.name, at=self._now(), rows=changed)
        except Exception as error:  # noqa: BLE001 - one job's fault must not end the others; logged
            event(_LOG, "job_failed", level="error", error=error, job=job.name)
            self._note_failure(job)
            return
        if changed:
            event(_LOG, "job_done", job=job.name, rows=changed)

    def _note_failure(self, job: Duty) -> None:
        # Most likely the database failed; the log has it.
        with suppress(SQLAlchemyError), self._database.write() as connection:
            job_runs.note_failure(connection, job.name, at=self._now())

    def stop(self) -> None:
        """Finish the current step and stop. Does nothing when the schedule does not run."""
        self._stopping.set()
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None:
            scheduler.shutdown(wait=True)
