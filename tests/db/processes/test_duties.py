"""Duties and their leases, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

from db.processes.duties import NOBODY, database_now, give_back, list_duties, take
from db.store.engine import Database

LEASE = timedelta(seconds=30)
ENDED = timedelta(seconds=-1)


def held(database: Database, owner: str, *names: str, lease: timedelta = LEASE) -> set[str]:
    with database.write() as connection:
        return take(connection, names, owner=owner, lease=lease)


def test_the_first_who_asks_has_it_and_keeps_it(database: Database) -> None:
    assert held(database, "a", "link:main", "schedule") == {"link:main", "schedule"}
    assert held(database, "b", "link:main", "schedule") == set()
    assert held(database, "a", "link:main") == {"link:main"}


def test_a_lease_that_ended_is_taken_over(database: Database) -> None:
    held(database, "a", "link:main", lease=ENDED)
    assert held(database, "b", "link:main") == {"link:main"}
    assert held(database, "a", "link:main") == set()


def test_what_is_given_back_is_free_at_once(database: Database) -> None:
    held(database, "a", "link:main", "schedule")
    with database.write() as connection:
        give_back(connection, ["link:main"], owner="a")
        assert [(one.name, one.owner) for one in list_duties(connection)] == [("link:main", NOBODY), ("schedule", "a")]
    assert held(database, "b", "link:main", "schedule") == {"link:main"}


def test_nobody_gives_back_what_another_has(database: Database) -> None:
    held(database, "a", "link:main")
    with database.write() as connection:
        give_back(connection, ["link:main"], owner="b")
    assert held(database, "b", "link:main") == set()


def test_renewing_keeps_since_and_taking_over_begins_anew(database: Database) -> None:
    def since() -> datetime:
        with database.read() as connection:
            return list_duties(connection)[0].since

    held(database, "a", "link:main", lease=ENDED)
    first = since()
    held(database, "a", "link:main", lease=ENDED)
    assert since() == first
    held(database, "b", "link:main")
    assert since() > first


def test_of_many_who_ask_at_once_one_has_it(database: Database) -> None:
    start = Barrier(4)

    def ask(owner: str) -> set[str]:
        start.wait(10)
        return held(database, owner, "link:main", "node:0")

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, "abcd"))
    assert sorted(name for answer in answers for name in answer) == ["link:main", "node:0"]


def test_the_databases_clock_is_utc(database: Database) -> None:
    with database.read() as connection:
        assert abs(database_now(connection) - datetime.now(UTC)) < timedelta(seconds=5)
