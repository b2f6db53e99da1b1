"""Versions of an own table: which one answers, who may approve it, and what is deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import Connection

from db.citizens import lookup_cleanup, lookups
from db.citizens.dossiers import lookalike_key
from db.citizens.lookups import LineFault, NewRow, StoredTable, TableDefinition
from db.schema import KeyShape, LookupState
from db.store.engine import Database

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
BUS = TableDefinition(
    title="tuyen xe buyt",
    keywords=("BUS",),
    shape=KeyShape.CODE,
    key_label="so tuyen",
    columns=("tuyen", "lo_trinh"),
    key_column="tuyen",
    template="Tuyen {tuyen}: {lo_trinh}",
    longest=60,
)


def version(table_id: int, *, name: str = "bus", definition: TableDefinition = BUS) -> StoredTable:
    faults = [LineFault(line=7, key="doubled", other=3)]
    return StoredTable(
        id=table_id,
        name=name,
        state=LookupState.DRAFT,
        definition=definition,
        made_by="an",
        made_at=NOW,
        row_count=2,
        faults=faults,
    )


@pytest.fixture
def bus(database: Database) -> Database:
    with database.write() as connection:
        lookups.add_table(connection, version(1))
        rows = [NewRow(cells=("R1O", "Chợ Cồn - Hội An"), key="R1O"), NewRow(cells=("R10", "Cảng"), key="R10")]
        assert lookups.add_rows(connection, 1, rows, new_id=count(1).__next__) == 2
    return database


def test_a_version_is_read_back_as_it_was_written(bus: Database) -> None:
    with bus.read() as connection:
        assert lookups.find_table(connection, 1) == version(1)
        assert lookups.find_table(connection, 2) is None
        assert [row.cells["tuyen"] for row in lookups.first_rows(connection, version(1), 5)] == ["R1O", "R10"]


def test_rows_are_found_by_their_look_alike_key_and_stand_nowhere_clear(bus: Database) -> None:
    with bus.read() as connection:
        found = lookups.find_rows(connection, version(1), {lookalike_key("RIO"), "NONE"})
        raw = connection.exec_driver_sql("SELECT cells, key_mark FROM lookup_row").fetchall()
    assert [row.canonical for row in found["R10"]] == ["R1O", "R10"]
    assert "NONE" not in found
    assert not any(b"R1" in bytes(octets) for row in raw for octets in row)


def test_a_version_answers_once_another_person_approved_it(bus: Database) -> None:
    with bus.write() as connection:
        assert not lookups.approve_table(connection, 1, by="binh", now=NOW), "a draft was not put forward"
        assert lookups.submit_table(connection, 1, now=NOW)
        assert not lookups.submit_table(connection, 1, now=NOW)
        assert lookups.answering(lookups.list_tables(connection), NOW) == []
        assert not lookups.approve_table(connection, 1, by="an", now=NOW), "who made it may not approve it"
        assert lookups.approve_table(connection, 1, by="binh", now=NOW)
        (one,) = lookups.answering(lookups.list_tables(connection), NOW)
    assert (one.approved_by, one.is_unapproved(NOW + timedelta(days=9))) == ("binh", False)


def test_a_version_without_approval_answers_after_a_day(bus: Database) -> None:
    with bus.write() as connection:
        lookups.submit_table(connection, 1, now=NOW)
        tables = lookups.list_tables(connection)
    later = NOW + timedelta(days=1)
    assert lookups.answering(tables, later - timedelta(seconds=1)) == []
    (one,) = lookups.answering(tables, later)
    assert one.is_unapproved(later)


def test_the_old_version_answers_until_the_new_one_may_and_is_then_deleted(bus: Database) -> None:
    with bus.write() as connection:
        lookups.submit_table(connection, 1, now=NOW)
        lookups.approve_table(connection, 1, by="binh", now=NOW)
        lookups.add_table(connection, version(2))
        lookups.submit_table(connection, 2, now=NOW)
        tables = lookups.list_tables(connection)
        assert [one.id for one in lookups.answering(tables, NOW)] == [1]
        assert lookup_cleanup.forget_superseded(connection, NOW, 10) == 0
        lookups.approve_table(connection, 2, by="binh", now=NOW)
        assert [one.id for one in lookups.answering(lookups.list_tables(connection), NOW)] == [2]
        soon, later = NOW + timedelta(seconds=59), NOW + timedelta(minutes=1)
        assert lookup_cleanup.forget_superseded(connection, soon, 1) == 0, "another process may answer with it"
        assert lookup_cleanup.forget_superseded(connection, later, 1) == 1
        assert lookups.count_rows(connection, 1) == 1
        assert lookup_cleanup.forget_superseded(connection, later, 10) == 1
        assert [one.id for one in lookups.list_tables(connection)] == [2]


def approved(connection: Connection, table_id: int, at: datetime) -> None:
    lookups.add_table(connection, version(table_id))
    lookups.submit_table(connection, table_id, now=NOW)
    lookups.approve_table(connection, table_id, by="binh", now=at)


def test_what_was_approved_last_answers_although_rows_were_replaced_meanwhile(sqlite_database: Database) -> None:
    times = [NOW + timedelta(hours=hour) for hour in range(5)]
    with sqlite_database.write() as connection:
        approved(connection, 1, times[0])
        lookups.add_table(connection, version(2))
        lookups.submit_table(connection, 2, now=times[1])
        lookups.add_table(connection, version(3))
        (first,) = lookups.answering(lookups.list_tables(connection), times[2])
        assert lookups.approve_rows(connection, 3, as_was=first, now=times[2])
        assert [one.id for one in lookups.answering(lookups.list_tables(connection), times[2])] == [3]
        assert lookup_cleanup.superseded(lookups.list_tables(connection), times[2] + timedelta(minutes=1)) == [1]
        assert lookups.approve_table(connection, 2, by="binh", now=times[3])
        assert [one.id for one in lookups.answering(lookups.list_tables(connection), times[3])] == [2]
        assert lookup_cleanup.superseded(lookups.list_tables(connection), times[4]) == [1, 3]
        lookups.add_table(connection, version(4))
        assert not lookups.approve_rows(connection, 4, as_was=first, now=times[4]), "their definition is replaced"


def test_of_two_that_wait_the_one_approved_last_answers_and_none_comes_back_by_itself(
    sqlite_database: Database,
) -> None:
    with sqlite_database.write() as connection:
        for one in (1, 2, 3):
            lookups.add_table(connection, version(one))
            lookups.submit_table(connection, one, now=NOW)
        for one, at in ((2, 2), (1, 3)):
            assert lookups.approve_table(connection, one, by="binh", now=NOW + timedelta(hours=at))
        tables = lookups.list_tables(connection)
    assert [one.id for one in lookups.answering(tables, NOW + timedelta(hours=3))] == [1]
    assert [one.id for one in lookups.answering(tables, NOW + timedelta(days=2))] == [1], "3 was put forward before"


def test_a_table_is_switched_off_with_all_its_versions_and_those_to_come(bus: Database) -> None:
    with bus.write() as connection:
        lookups.submit_table(connection, 1, now=NOW)
        lookups.approve_table(connection, 1, by="binh", now=NOW)
        assert lookups.switch_table(connection, "bus", off=True)
        lookups.add_table(connection, version(2))
        tables = lookups.list_tables(connection)
        assert lookups.answering(tables, NOW) == []
        assert [one.off for one in tables] == [True, True]
        assert lookups.switch_table(connection, "bus", off=False)
        assert not lookups.switch_table(connection, "water", off=True)
        assert [one.id for one in lookups.answering(lookups.list_tables(connection), NOW)] == [1]


def test_a_forgotten_draft_is_deleted_after_a_week(bus: Database) -> None:
    with bus.write() as connection:
        assert lookup_cleanup.forget_superseded(connection, NOW + timedelta(days=6), 10) == 0
        assert lookup_cleanup.forget_superseded(connection, NOW + timedelta(days=7), 10) == 2
        assert lookups.list_tables(connection) == []
