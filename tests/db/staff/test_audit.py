"""The audit log: added to, read, and found out when somebody changed it; on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, delete, text, update
from sqlalchemy.exc import DatabaseError

from db.schema import audit_entry
from db.staff.audit import Action, about, append, read_page, verify
from db.store.engine import Database

NOW = datetime(2026, 11, 22, 5, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def written(database: Database) -> Database:
    """Five entries."""
    with database.write() as connection:
        for number in range(5):
            append(
                connection,
                at=NOW + timedelta(seconds=number),
                operator="lan" if number % 2 else "huy",
                action=Action.REVEALED if number < 4 else Action.EXPORTED,
                subject=f"inbound:{number}",
                detail="số điện thoại",
            )
    return database


def unlock(connection: Connection) -> None:
    """Do what somebody with the whole database in hand can do: take the triggers away."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP TRIGGER audit_entry_stays ON audit_entry"))
    else:
        connection.execute(text("DROP TRIGGER audit_entry_stays_update"))
        connection.execute(text("DROP TRIGGER audit_entry_stays_delete"))


def test_an_empty_log_is_whole(database: Database) -> None:
    with database.read() as connection:
        assert (verify(connection).sound, verify(connection).broken) == (0, None)


def test_entries_are_numbered_and_read_newest_first(written: Database) -> None:
    with written.read() as connection:
        entries = read_page(connection, size=3)
        assert [one.number for one in entries] == [5, 4, 3]
        assert entries[0].at == NOW + timedelta(seconds=4)
        assert [one.number for one in read_page(connection, before=3)] == [2, 1]
        assert [one.number for one in read_page(connection, action=Action.EXPORTED)] == [5]
        assert [one.number for one in read_page(connection, operator="lan")] == [4, 2]
        assert [one.number for one in about(connection, "inbound:2")] == [3]
        verdict = verify(connection)
        assert (verdict.sound, verdict.broken, verdict.last) == (5, None, entries[0].chain)


@pytest.mark.parametrize("change", [update(audit_entry).values(operator="nobody"), delete(audit_entry)])
def test_the_database_refuses_to_change_or_delete(written: Database, change: object) -> None:
    with pytest.raises(DatabaseError, match="only added to"), written.write() as connection:
        connection.execute(change)  # type: ignore[call-overload]  # either kind of statement
    with written.read() as connection:
        assert verify(connection).sound == 5


@pytest.mark.parametrize(
    ("values", "broken"),
    [
        ({"operator": "nobody"}, 3),
        ({"at": NOW}, 3),
        ({"action": Action.EXPORTED.value}, 3),
        ({"subject": "inbound:9"}, 3),
        ({"detail": ""}, 3),
        ({"chain": b"x" * 16}, 3),
        ({"number": 9}, 3),
        ({"number": 0}, 1),
    ],
)
def test_a_changed_entry_is_found(written: Database, values: dict[str, object], broken: int) -> None:
    with written.write() as connection:
        unlock(connection)
        connection.execute(update(audit_entry).where(audit_entry.c.number == 3).values(values))
    with written.read() as connection:
        assert verify(connection).broken == broken


@pytest.mark.parametrize("number", [1, 3])
def test_a_missing_entry_is_found(written: Database, number: int) -> None:
    with written.write() as connection:
        unlock(connection)
        connection.execute(delete(audit_entry).where(audit_entry.c.number == number))
    with written.read() as connection:
        assert verify(connection).broken == number


def test_two_entries_cannot_change_places(written: Database) -> None:
    with written.write() as connection:
        unlock(connection)
        for old, new in ((2, 20), (3, 2), (20, 3)):
            connection.execute(update(audit_entry).where(audit_entry.c.number == old).values(number=new))
    with written.read() as connection:
        assert verify(connection).broken == 2


def test_many_at_once_make_one_chain(database: Database) -> None:
    def add(number: int) -> None:
        with database.write() as connection:
            append(connection, at=NOW, operator="lan", action=Action.TRIED, subject=str(number))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(40)))
    with database.read() as connection:
        assert (verify(connection).sound, verify(connection).broken) == (40, None)


def test_what_is_too_long_is_cut_before_it_is_sealed(database: Database) -> None:
    with database.write() as connection:
        append(connection, at=NOW, operator="x" * 99, action=Action.TRIED, subject="s" * 99, detail="ữ" * 300)
    with database.read() as connection:
        assert verify(connection).broken is None
        assert len(read_page(connection)[0].detail) == 200
