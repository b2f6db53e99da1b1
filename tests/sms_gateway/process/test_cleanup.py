"""Sweeps: steps as long as nobody notices, until nothing is left, the time is up or the process stops."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from threading import Event

import pytest
from sqlalchemy import Connection

from db.processes.statistics import StatisticName, note_import, read_figures
from db.store.engine import Database
from sms_gateway.process.cleanup import HELD, ONE_STEP, Cleanup, StepSize, write_in_steps

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


def sweep(work: Callable[[int], int], seconds: float = 60) -> Cleanup:
    """Make a sweep of what takes so many rows when it is given so many."""

    def take(connection: Connection, now: datetime, rows: int) -> int:
        assert connection.in_transaction()
        assert now == NOW
        return work(rows)

    return Cleanup(name="test", every=timedelta(minutes=1), work=take, seconds=seconds)


@pytest.mark.parametrize("a_row", [0.000_01, 0.0001, 0.001])
def test_steps_come_to_hold_the_writer_for_some_milliseconds(a_row: float) -> None:
    size = StepSize()
    held = []
    for _ in range(100):
        held.append(size.rows * a_row)
        size.note(held[-1])
    assert HELD / 4 <= min(held[50:]) <= max(held[50:]) <= 1.25 * HELD
    assert sum(one > HELD for one in held[50:]) <= 10


def test_a_disk_that_is_slow_gets_a_few_rows_and_one_that_is_fast_no_flood() -> None:
    size = StepSize()
    for _ in range(20):
        size.note(1.0)
    assert size.rows == 4
    for _ in range(100):
        size.note(0.0)
    assert size.rows == 1024


def test_it_goes_on_until_nothing_is_left(sqlite_database: Database) -> None:
    left = [5000]
    asked: list[int] = []

    def work(rows: int) -> int:
        asked.append(rows)
        taken = min(rows, left[0])
        left[0] -= taken
        return taken

    assert sweep(work).run(sqlite_database, lambda: NOW, Event()) == 5000
    assert left == [0]
    assert all(one <= other for one, other in pairwise(asked[:3]))


def test_it_ends_when_its_time_is_up_and_goes_on_with_what_it_learnt(sqlite_database: Database) -> None:
    asked: list[int] = []

    def work(rows: int) -> int:
        asked.append(rows)
        time.sleep(HELD * 2)
        return rows

    slow = sweep(work, seconds=0.1)
    begun = time.monotonic()
    assert slow.run(sqlite_database, lambda: NOW, Event()) == sum(asked)
    assert time.monotonic() - begun < 2
    before = asked[-1]
    assert before < asked[0]
    slow.run(sqlite_database, lambda: NOW, Event())
    assert asked[-1] <= before


def test_it_rests_between_two_steps_and_stops_at_once(sqlite_database: Database) -> None:
    stopping = Event()

    def work(rows: int) -> int:
        stopping.set()
        return rows

    assert sweep(work).run(sqlite_database, lambda: NOW, stopping) == 32


def test_much_is_written_in_steps_and_the_last_one_finishes(sqlite_database: Database) -> None:
    for count in (0, 1, ONE_STEP, 10 * ONE_STEP):
        connections: list[Connection] = []
        written: list[Sequence[int]] = []
        finished: list[Connection] = []
        write_in_steps(sqlite_database, range(count), partial(_note_step, connections, written), finished.append)
        assert [one for some in written for one in some] == list(range(count))
        assert len(written) == 1 if count <= ONE_STEP else len(written) > 1
        assert finished == connections[-1:], f"{count}: not finished in the last step"


def _note_step(
    connections: list[Connection], written: list[Sequence[int]], connection: Connection, some: Sequence[int]
) -> None:
    connections.append(connection)
    written.append(some)


def test_what_was_written_before_a_step_that_failed_stays_and_nothing_is_finished(sqlite_database: Database) -> None:
    def work(connection: Connection, some: Sequence[int]) -> None:
        note_import(connection, some[-1], now=NOW)
        if some[0]:
            raise LookupError

    with pytest.raises(LookupError):
        write_in_steps(sqlite_database, range(1000), work, lambda _: pytest.fail("finished"))
    with sqlite_database.read() as connection:
        assert read_figures(connection)[StatisticName.IMPORTED].value == ONE_STEP - 1
