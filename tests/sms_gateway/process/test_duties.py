"""The threads that take, fulfil and end duties, on both databases."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import Connection

from db.processes import duties as rows
from db.store.engine import Database, unmarked
from sms_gateway.process import duties
from sms_gateway.process.duties import Charge, Duties

HANGS = Event()
GOES_ON = Event()


class Hanging(Database):
    """A database that does not answer while HANGS is set, as a frozen server does."""

    @contextmanager
    def write(self, mark: Callable[[str], None] = unmarked) -> Iterator[Connection]:
        del mark
        if HANGS.is_set():
            GOES_ON.wait(20)
        with self.writer.begin() as connection:
            yield connection


class Deed:
    """Counts how often it was begun and ended; fails at the first beginnings when told."""

    def __init__(self, failures: int = 0) -> None:
        self.begun = 0
        self.ended = 0
        self._failures = failures

    def begin(self) -> None:
        if self._failures:
            self._failures -= 1
            raise OSError("the database is gone again")
        self.begun += 1

    def end(self) -> None:
        self.ended += 1

    def charge(self) -> Charge:
        return Charge(begin=self.begin, end=self.end)


def eventually(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@contextmanager
def running(
    database: Database,
    deed: Deed,
    owner: str = "a",
    *,
    kept: Collection[str] = (),
    kept_prefix: str = "",
    found_dead: Callable[[], None] = lambda: None,
) -> Iterator[Duties]:
    charges = {"link:main": deed.charge()}
    found = Duties(database, owner, charges, kept=kept, kept_prefix=kept_prefix, found_dead=found_dead)
    found.start()
    try:
        yield found
    finally:
        GOES_ON.set()
        found.stop_taking(5)
        found.give_back()
        HANGS.clear()
        GOES_ON.clear()


def test_a_database_that_hangs_does_not_keep_a_duty_from_being_ended_in_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duties, "LEASE", timedelta(seconds=4))
    hanging, deed = Hanging(writer=database.writer, reader=database.reader, keyring=database.keyring), Deed()
    with running(hanging, deed) as found:
        eventually(lambda: deed.begun == 1)
        HANGS.set()
        hung = time.monotonic()
        eventually(lambda: deed.ended == 1)
        assert time.monotonic() - hung < 4
        assert found.alive()
        HANGS.clear()
        GOES_ON.set()
        eventually(lambda: deed.begun == 2)


def test_a_duty_that_cannot_be_begun_is_tried_again(database: Database) -> None:
    deed = Deed(failures=2)
    with running(database, deed) as found:
        eventually(lambda: deed.begun == 1)
        assert found.held == {"link:main"}
        assert found.alive()


def test_what_another_has_is_not_begun_until_it_is_given_back(database: Database) -> None:
    first, second = Deed(), Deed()
    with running(database, second, "b") as late:
        eventually(lambda: second.begun == 1)
        with running(database, first, "a"):
            time.sleep(1.2)
            assert first.begun == 0
            late.stop_taking(5)
            late.give_back()
            eventually(lambda: first.begun == 1, 2)


def test_what_was_kept_and_lost_is_told(database: Database) -> None:
    with running(database, Deed(), kept=["node:7"]) as found:
        eventually(lambda: bool(found.held))
        assert found.alive()
        with database.write() as connection:
            rows.give_back(connection, ["node:7"], owner="a")
            assert rows.take(connection, ["node:7"], owner="thief", lease=timedelta(minutes=1))
        found.keep_again = 0.0
        eventually(lambda: not found.alive())


@pytest.mark.parametrize(
    ("name", "lease", "owner", "died"),
    [
        pytest.param("link:main", timedelta(seconds=-1), "b", True, id="holder died"),
        pytest.param("link:main", timedelta(seconds=-1), rows.NOBODY, False, id="holder gave it back"),
        pytest.param("link:main", timedelta(seconds=5), "b", False, id="holder lives"),
        pytest.param("node:7", duties.KEPT_LEASE - timedelta(seconds=70), "b", True, id="process went silent"),
        pytest.param("node:7", duties.KEPT_LEASE - timedelta(seconds=40), "b", False, id="process renews"),
        pytest.param("node:7", timedelta(seconds=-1), "b", False, id="died long ago"),
        pytest.param("node:7", duties.KEPT_LEASE - timedelta(seconds=70), rows.NOBODY, False, id="process stopped"),
    ],
)
def test_a_death_is_found_before_its_duty_is_taken(
    database: Database, name: str, lease: timedelta, owner: str, *, died: bool
) -> None:
    with database.write() as connection:
        rows.take(connection, [name], owner=owner, lease=lease)
    deaths, asked = [], Event()
    deed = Deed()

    def found_dead() -> None:
        assert not deed.begun
        deaths.append(name)

    free = not (name == "link:main" and lease > timedelta(0))
    with running(database, deed, kept_prefix="node:", found_dead=found_dead):
        if free:
            eventually(lambda: bool(deed.begun))
        else:
            assert not asked.wait(1)
    assert bool(deaths) is died
