"""Large writes on PostgreSQL, which are sent without waiting: seen, refused and lost as if they were waited for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from db.engine import Database
from db.pipelines import WORTH_IT
from db.prepared import Prepared
from db.schema import ReceiptState, stray_receipt

NOW = datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
CANARY = "84905123456"
KEEP = Prepared(insert(stray_receipt), "id", "link", "message_id", "message_key", "state", "sender_mark", "received_at")
IDS = Prepared(select(stray_receipt.c.id).order_by(stray_receipt.c.id))
MANY = range(1, WORTH_IT + 1)


def keep(connection: Connection, numbers: Sequence[int]) -> None:
    rows = [(number, "main", f"id{number}", CANARY, ReceiptState.DELIVERED, CANARY, NOW) for number in numbers]
    KEEP.run_many(connection, rows)


def in_pipeline(connection: Connection) -> bool:
    return bool(connection.info)


def write(database: Database, numbers: Sequence[int]) -> None:
    with database.write() as connection:
        IDS.fetch(connection, {})
        keep(connection, numbers)


def count(database: Database) -> int:
    with database.read() as connection:
        return connection.scalar(select(func.count()).select_from(stray_receipt)) or 0


def test_only_large_writes_are_sent_so_and_only_on_postgresql(database: Database) -> None:
    with database.write() as connection:
        IDS.fetch(connection, {})
        keep(connection, [100])
        assert not in_pipeline(connection)
        keep(connection, MANY)
        assert in_pipeline(connection) == (not database.is_sqlite)
    assert count(database) == len(MANY) + 1


def test_what_is_asked_next_sees_them_however_it_is_asked(database: Database) -> None:
    with database.write() as connection:
        assert IDS.fetch(connection, {}) == []
        keep(connection, MANY)
        assert IDS.fetch(connection, {}) == [(number,) for number in MANY]
        keep(connection, [number + 100 for number in MANY])
        assert connection.scalar(select(func.max(stray_receipt.c.id))) == MANY[-1] + 100
        assert not in_pipeline(connection)
        keep(connection, [number + 200 for number in MANY])
        with connection.begin_nested() as nested:
            keep(connection, [number + 300 for number in MANY])
            nested.rollback()
    assert count(database) == 3 * len(MANY)


def test_an_error_shows_before_the_commit_and_nothing_is_written(database: Database) -> None:
    with database.write() as connection:
        keep(connection, [MANY[-1]])
    with pytest.raises(IntegrityError) as caught:
        write(database, MANY)
    assert CANARY not in str(caught.value)
    assert count(database) == 1
    write(database, MANY[:-1])
    assert count(database) == len(MANY)


def test_an_error_shows_at_the_next_question(postgres_database: Database) -> None:
    def ask() -> None:
        with postgres_database.write() as connection:
            IDS.fetch(connection, {})
            keep(connection, [*MANY, MANY[0]])
            IDS.fetch(connection, {})
            pytest.fail("it did not show")

    with pytest.raises(IntegrityError):
        ask()
    assert count(postgres_database) == 0


def test_another_error_rolls_back_what_was_sent(database: Database) -> None:
    def fail() -> None:
        with database.write() as connection:
            IDS.fetch(connection, {})
            keep(connection, MANY)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert count(database) == 0


def test_a_connection_that_is_lost_meanwhile_leaves_the_pool(postgres_database: Database) -> None:
    def lose() -> None:
        with postgres_database.write() as connection:
            ((ours,),) = connection.execute(text("SELECT pg_backend_pid()")).all()
            keep(connection, MANY)
            with postgres_database.write() as other:
                other.execute(text("SELECT pg_terminate_backend(:ours, 5000)"), {"ours": ours})

    with pytest.raises(DBAPIError) as caught:
        lose()
    assert caught.value.connection_invalidated
    assert count(postgres_database) == 0
    write(postgres_database, MANY)
    assert count(postgres_database) == len(MANY)
