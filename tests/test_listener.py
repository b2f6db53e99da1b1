"""Wake-ups between processes on PostgreSQL: one commits, the other hears of it at once, without a poll."""

from __future__ import annotations

import time
from collections.abc import Iterator
from queue import SimpleQueue
from statistics import median

import pytest

from db.engine import Database, open_database
from db.wakeup import wake_others
from sms_gateway.listener import Listener

DEADLINE = 10.0
AT_ONCE = 0.1
"""Seconds; a poll of the road comes after 0.25 in the middle."""


@pytest.fixture
def other_process(postgres_database: Database) -> Iterator[Database]:
    """The same database with connections of its own."""
    url = postgres_database.writer.url.render_as_string(hide_password=False)
    database = open_database(url, postgres_database.keyring)
    yield database
    database.close()


def test_a_commit_wakes_another_process_within_a_tenth_of_a_second(
    postgres_database: Database, other_process: Database
) -> None:
    woken: SimpleQueue[float] = SimpleQueue()
    listener = Listener(other_process, lambda: woken.put(time.monotonic()))
    listener.start()
    try:
        while woken.empty():  # until it listens, nothing is heard
            with postgres_database.write() as connection:
                wake_others(connection)
            time.sleep(0.05)
        delays = []
        for _ in range(20):
            time.sleep(0.03)
            while not woken.empty():
                woken.get()
            with postgres_database.write() as connection:
                wake_others(connection)
            committed = time.monotonic()
            delays.append(woken.get(timeout=DEADLINE) - committed)
    finally:
        listener.stop(5)
    assert median(delays) < AT_ONCE, sorted(delays)


def test_what_is_rolled_back_wakes_nobody(postgres_database: Database, other_process: Database) -> None:
    woken: SimpleQueue[float] = SimpleQueue()
    listener = Listener(other_process, lambda: woken.put(time.monotonic()))
    listener.start()
    try:
        while woken.empty():
            with postgres_database.write() as connection:
                wake_others(connection)
            time.sleep(0.05)
        time.sleep(0.2)
        while not woken.empty():
            woken.get()
        with postgres_database.writer.connect() as connection:
            wake_others(connection)
            connection.rollback()
        time.sleep(0.3)
        assert woken.empty()
    finally:
        listener.stop(5)


def test_nobody_is_woken_by_what_they_did_themselves(postgres_database: Database, other_process: Database) -> None:
    woken: SimpleQueue[float] = SimpleQueue()
    listener = Listener(other_process, lambda: woken.put(time.monotonic()))
    listener.start()
    try:
        while woken.empty():  # it listens
            with postgres_database.write() as connection:
                wake_others(connection)
            time.sleep(0.05)
        time.sleep(0.2)
        while not woken.empty():
            woken.get()
        for _ in range(5):
            with other_process.write() as connection:
                wake_others(connection)
        time.sleep(0.3)
        assert woken.empty()
        with postgres_database.write() as connection:
            wake_others(connection)
        woken.get(timeout=DEADLINE)
    finally:
        listener.stop(5)
