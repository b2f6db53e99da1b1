"""What each job of the schedule did last: one row a job, so that operators see from any process that it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from db.schema import job_run


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRun:
    """When a job last ended, when it last found something to do, how many rows that were, and when it last failed."""

    ran_at: datetime | None
    changed_at: datetime | None
    changed_rows: int
    failed_at: datetime | None


def note_end(connection: Connection, name: str, *, at: datetime, rows: int) -> None:
    """Write down that a job came to its end and changed so many rows."""
    values: dict[str, object] = {"ran_at": at}
    if rows:
        values |= {"changed_at": at, "changed_rows": rows}
    _write(connection, name, values)


def note_failure(connection: Connection, name: str, *, at: datetime) -> None:
    """Write down that a job failed."""
    _write(connection, name, {"failed_at": at})


def note_still_failing(connection: Connection, name: str, *, since: datetime, at: datetime) -> None:
    """Write down that what runs all the time failed again; it fails since then."""
    _write(connection, name, {"changed_at": since, "failed_at": at})


def read_runs(connection: Connection) -> Mapping[str, JobRun]:
    """Return what each job did last, by its name; a job that never ran is not in it."""
    return {
        row.name: JobRun(
            ran_at=row.ran_at, changed_at=row.changed_at, changed_rows=row.changed_rows, failed_at=row.failed_at
        )
        for row in connection.execute(select(job_run))
    }


def _write(connection: Connection, name: str, values: dict[str, object]) -> None:
    # The schedule is a duty of one process, so nobody inserts the same row meanwhile.
    if not connection.execute(update(job_run).where(job_run.c.name == name).values(values)).rowcount:
        connection.execute(insert(job_run).values({"name": name, "changed_rows": 0} | values))
