"""Who waits longest for the writer has it next."""

from __future__ import annotations

from itertools import pairwise
from threading import Event, Thread
from time import monotonic

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from db.engine import Database
from db.turns import Turns

DEADLINE = 10.0


def test_is_given_in_the_order_in_which_it_was_asked_for() -> None:
    turns = Turns()
    had: list[int] = []

    def ask(number: int) -> None:
        with turns.take(DEADLINE):
            had.append(number)

    threads = [Thread(target=ask, args=[number]) for number in range(5)]
    with turns.take(DEADLINE):
        for number, thread in enumerate(threads):
            thread.start()
            while len(turns._waiting) <= number:  # in line before the next asks
                thread.join(0.001)
    for thread in threads:
        thread.join(DEADLINE)
    assert all(first < second for first, second in pairwise(had))
    assert len(had) == 5


def test_gives_up_after_the_time_and_harms_nobody_behind() -> None:
    turns = Turns()
    with turns.take(DEADLINE):
        with pytest.raises(PoolTimeoutError), turns.take(0.01):
            pass
        assert not turns._waiting
    with turns.take(0.01):
        pass


def test_is_passed_on_when_its_holder_fails() -> None:
    turns = Turns()
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
