"""Who waits longest for the writer has it next."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from threading import Event, Thread
from time import monotonic

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from db.schema import figure
from db.store.engine import Database, open_database
from db.store.fair_lock import FairLock
from db.store.sealing import Keyring

DEADLINE = 10.0
NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


def test_is_given_in_the_order_in_which_it_was_asked_for() -> None:
    turns = FairLock()
    had: list[int] = []

    def ask(number: int) -> None:
        with turns.take(DEADLINE):
            had.append(number)

    threads = [Thread(target=ask, args=[number]) for number in range(5)]
    with turns.take(DEADLINE):
        for number, thread in enumerate(threads):
            thread.start()
            while len(turns.waiting) <= number:  # in line before the next asks
                thread.join(0.001)
    for thread in threads:
        thread.join(DEADLINE)
    assert all(first < second for first, second in pairwise(had))
    assert len(had) == 5


def test_gives_up_after_the_time_and_harms_nobody_behind() -> None:
    turns = FairLock()
    with turns.take(DEADLINE):
        with pytest.raises(PoolTimeoutError), turns.take(0.01):
            pass
        assert not turns.waiting
    with turns.take(0.01):
        pass


def test_is_passed_on_when_its_holder_fails() -> None:
    turns = FairLock()
    with pytest.raises(ZeroDivisionError), turns.take(DEADLINE):
        raise ZeroDivisionError
    with turns.take(0.01):
        pass


def test_a_thread_that_writes_in_a_loop_lets_others_write(sqlite_database: Database) -> None:
    enough = Event()

    def write_for_ever() -> None:
        while not enough.is_set():
            with sqlite_database.write():
                pass

    busy = Thread(target=write_for_ever)
    busy.start()
    started = monotonic()
    try:
        for _ in range(20):
            with sqlite_database.write():
                pass
    finally:
        enough.set()
        busy.join(DEADLINE)
    assert monotonic() - started < DEADLINE


def test_closing_leaves_a_transaction_to_the_thread_that_is_in_it(sqlite_url: str, keyring: Keyring) -> None:
    database = open_database(sqlite_url, keyring, wait_seconds=0.05)
    is_inside, may_go_on = Event(), Event()

    def write() -> None:
        with database.write() as connection:
            connection.execute(insert(figure).values(name="first", value=1, taken_at=NOW))
            is_inside.set()
            may_go_on.wait(DEADLINE)
            connection.execute(insert(figure).values(name="second", value=2, taken_at=NOW))

    writing = Thread(target=write)
    writing.start()
    is_inside.wait(DEADLINE)
    database.close()
    may_go_on.set()
    writing.join(DEADLINE)
    with database.read() as connection:
        assert connection.scalars(select(figure.c.name).order_by(figure.c.value)).all() == ["first", "second"]
    database.close()
