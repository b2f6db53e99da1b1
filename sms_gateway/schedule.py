"""What is due by the clock: each job looks at the tables and does what is due, so a missed run is made up for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Connection

from db import accounts, operators, parts, receipts
from db.engine import Database
from sms_gateway.clock import utc_now
from sms_gateway.log import event, logger_of
from sms_gateway.road.joining import REMEMBERED

STRAYS_KEPT = timedelta(days=3)
"""A receipt that found no message by then never will: carriers give up on a phone after at most two days."""

_LOG = logger_of(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One duty: its name, how often it is looked at, and what it does; it returns how many rows it changed."""

    name: str
    every: timedelta
    work: Callable[[Connection, datetime], int]


JOBS = (
    Job(name="expire_first_passwords", every=timedelta(minutes=5), work=accounts.expire_first_passwords),
    Job(name="forget_ended_sessions", every=timedelta(hours=1), work=operators.forget_ended_sessions),
    Job(
        name="forget_stray_receipts",
        every=timedelta(hours=1),
        work=lambda connection, now: receipts.forget_strays(connection, before=now - STRAYS_KEPT),
    ),
    Job(
        name="forget_joined_parts",
        every=timedelta(minutes=5),
        work=lambda connection, now: parts.forget_joined(connection, before=now - REMEMBERED),
    ),
)


class Schedule:
    """Runs the jobs one after another, in one thread, so that they never wait for each other's rows."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._scheduler: BackgroundScheduler | None = None

    def start(self) -> None:
        """Run each job now and then at its interval; a schedule that was stopped may be started again."""
        # A scheduler that was shut down does not start again, and a process may get this duty a second time.
        scheduler = BackgroundScheduler(timezone="UTC", executors={"default": ThreadPoolExecutor(1)})
        for job in JOBS:
            scheduler.add_job(
                self.run,
                "interval",
                [job],
                seconds=job.every.total_seconds(),
                next_run_time=utc_now(),  # APScheduler looks at the machine's clock, whatever ours says
                coalesce=True,  # after a sleep of the machine one run does the work of all that were missed
                misfire_grace_time=None,
                max_instances=1,
            )
        scheduler.start()
        self._scheduler = scheduler

    def run(self, job: Job) -> None:
        """Do one job in a transaction of its own; a failure is logged and the next run tries again."""
        try:
            with self._database.write() as connection:
                changed = job.work(connection, self._now())
        except Exception as error:  # noqa: BLE001 - one job's fault must not end the others; logged
            event(_LOG, "job_failed", level="error", error=error, job=job.name)
            return
        if changed:
            event(_LOG, "job_done", job=job.name, rows=changed)

    def stop(self) -> None:
        """Finish the job in hand and stop; does nothing when it does not run."""
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None:
            scheduler.shutdown(wait=True)
