"""What is due by the clock: each job looks at the tables and does what is due, so a missed run is made up for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Connection

from db import accounts, operators, receipts
from db.engine import Database
from sms_gateway.log import event, logger_of

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
)


class Schedule:
    """Runs the jobs one after another, in one thread, so that they never wait for each other's rows."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._scheduler = BackgroundScheduler(timezone="UTC", executors={"default": ThreadPoolExecutor(1)})

    def start(self) -> None:
        """Run each job now and then at its interval."""
        for job in JOBS:
            self._scheduler.add_job(
                self.run,
                "interval",
                [job],
                seconds=job.every.total_seconds(),
                next_run_time=self._now(),
                coalesce=True,  # after a sleep of the machine one run does the work of all that were missed
                misfire_grace_time=None,
                max_instances=1,
            )
        self._scheduler.start()

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
        """Finish the job in hand and stop."""
        self._scheduler.shutdown(wait=True)
