"""Deletes from a large table, or writes much into it, in short steps, while the pipeline runs.

How many rows a step may take depends on the disk, on what is in memory and on the load, so nobody can know it
beforehand. Each step is timed while it holds the writer, and the next one takes more rows or fewer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import TypeVar

from sqlalchemy import Connection

from db.store.engine import Database
from sms_gateway.clock import Now, monotonic

HELD = 0.010
"""Seconds for which a step may hold the writer: a text that comes meanwhile waits so long."""

REST = 2.0
"""The pause after each step, as a multiple of its time and its wait for the writer: it leaves a busy pipeline alone."""

RUN_SECONDS = 15.0
"""The other jobs wait meanwhile: minutes are counted a little late, never wrongly."""

ONE_STEP = 128
"""So few rows are always written in one step. With fewer, a busy machine would commit more than it writes."""

_FIRST, _LEAST, _MOST = 32, 4, 1024
_NEVER = Event()

Item = TypeVar("Item")


@dataclass(slots=True)
class StepSize:
    """How many rows the next step takes."""

    rows: int = _FIRST
    least: int = _LEAST

    def note(self, held: float) -> None:
        """Adapt to a step that held the writer for so many seconds."""
        if held > HELD:
            self.rows = max(self.least, self.rows // 2)
        elif held < HELD / 2:
            self.rows = min(_MOST, self.rows + self.rows // 4)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cleanup:
    """One job on a large table; `work` gets how many rows it may take at once and returns how many it took."""

    name: str
    every: timedelta
    work: Callable[[Connection, datetime, int], int]
    waits: timedelta = timedelta(0)  # after the start
    service: str | None = None  # None: always runs; else only when this service is on
    seconds: float = RUN_SECONDS
    size: StepSize = field(default_factory=StepSize)

    def run(self, database: Database, now: Now, stopping: Event) -> int:
        """Clean up until nothing is left, the time is up or the process stops; return how many rows were taken."""
        taken, until = 0, monotonic() + self.seconds
        while True:
            asked = monotonic()
            with database.write() as connection:
                given = monotonic()
                step = self.work(connection, now(), self.size.rows)
            done = monotonic()
            taken += step
            if not step:
                return taken
            self.size.note(done - given)
            if done >= until or stopping.wait(REST * (done - asked)):
                return taken


def write_in_steps(
    database: Database,
    items: Sequence[Item],
    work: Callable[[Connection, Sequence[Item]], None],
    finish: Callable[[Connection], None],
) -> None:
    """Do the work on all items, some in each transaction; the last transaction also finishes.

    A crash leaves the steps that are done, so the work must be safe to repeat.
    """
    size, taken = StepSize(rows=ONE_STEP, least=ONE_STEP), 0
    while True:
        asked = monotonic()
        with database.write() as connection:
            given = monotonic()
            work(connection, items[taken : taken + size.rows])
            taken += size.rows
            if taken >= len(items):
                finish(connection)
                return
        done = monotonic()
        size.note(done - given)
        _NEVER.wait(REST * (done - asked))
