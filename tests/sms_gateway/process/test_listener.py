"""Wake-ups between processes on PostgreSQL: one commits, the other hears of it at once, without a poll."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from statistics import median

import pytest

from db.processes.wake_up import wake_others
from db.store.engine import Database, open_database
from sms_gateway.process.listener import Listener

DEADLINE = 10.0
AT_ONCE = 0.1
"""Seconds; a poll of the pipeline comes after 0.25 in the middle."""


@pytest.fixture
def other_process(postgres_database: Database) -> Iterator[Database]:
    """The same database with connections of its own."""
    url = postgres_database.writer.url.render_as_string(hide_password=False)
    database = open_database(url, postgres_database.keyring)
    yield database
    database.close()


@contextmanager
def listening(process: Database, waker: Database) -> Iterator[SimpleQueue[float]]:
    """Give the times at which a process is woken, from when it surely listens on."""
    woken: SimpleQueue[float] = SimpleQueue()
    listener = Listener(process, lambda: woken.put(time.monotonic()))
    listener.start()
    try:
        while woken.empty():
            wake(waker)
            time.sleep(0.05)
        time.sleep(0.2)
        forget(woken)
        yield woken
    finally:
        listener.stop(5)


def wake(waker: Database) -> None:
    with waker.write() as connection:
        wake_others(connection)


def forget(woken: SimpleQueue[float]) -> None:
    while not woken.empty():
        woken.get()


def test_a_commit_wakes_another_process_within_a_tenth_of_a_second(
    postgres_database: Database, other_process: Database
) -> None:
    delays = []
    with listening(other_process, postgres_database) as woken:
        for _ in range(20):
            time.sleep(0.03)
            forget(woken)
            wake(postgres_database)
            committed = time.monotonic()
            delays.append(woken.get(timeout=DEADLINE) - committed)
    assert median(delays) < AT_ONCE, sorted(delays)


def test_what_is_rolled_back_wakes_nobody(postgres_database: Database, other_process: Database) -> None:
    with listening(other_process, postgres_database) as woken:
        with postgres_database.writer.connect() as connection:
            wake_others(connection)
            connection.rollback()
        time.sleep(0.3)
        assert woken.empty()


def test_nobody_is_woken_by_what_they_did_themselves(postgres_database: Database, other_process: Database) -> None:
    with listening(other_process, postgres_database) as woken:
        for _ in range(5):
            wake(other_process)
        time.sleep(0.3)
        assert woken.empty()
        wake(postgres_database)
        woken.get(timeout=DEADLINE)
