"""Units, aliases and wards in rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from db.store.engine import Database
from db.units.unit_rows import (
    AliasRow,
    WardRow,
    add_unit,
    add_ward,
    change_unit,
    change_ward,
    cycle_of,
    list_aliases,
    list_units,
    list_wards,
    set_alias,
)
from tests.db.units.rows import calendar_row, unit_row, units


def test_a_unit_is_read_as_it_was_written_and_changed(database: Database) -> None:
    with database.write() as connection:
        units(connection, 1, 2)
        changed = replace(unit_row(2), sms_name="P2", phone="0236 3822222", address="76 Quang Trung", disabled=True)
        change_unit(connection, changed)
        assert list_units(connection) == [unit_row(1, is_focal=True), changed]


def test_a_parent_may_come_later_in_the_same_transaction_but_must_come(database: Database) -> None:
    with database.write() as connection:
        calendar_row(connection)
        add_unit(connection, unit_row(1, parent_id=2))
        add_unit(connection, unit_row(2))
    with pytest.raises(IntegrityError), database.write() as connection:
        add_unit(connection, unit_row(3, parent_id=9))


def test_a_unit_needs_a_calendar(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as connection:
        add_unit(connection, unit_row())


def test_a_name_leads_to_one_unit(database: Database) -> None:
    with database.write() as connection:
        units(connection, 1, 2)
        set_alias(connection, AliasRow(folded="SXD", unit_id=1))
        set_alias(connection, AliasRow(folded="SXD", unit_id=2, until=date(2027, 1, 1)))
        assert list_aliases(connection) == [AliasRow(folded="SXD", unit_id=2, until=date(2027, 1, 1))]


def test_two_old_wards_may_have_one_name_and_those_of_today_come_first(database: Database) -> None:
    old = WardRow(id=1, name="Hòa Mỹ", folded="HOA MY", unit_id=1, until=date(2025, 6, 30))
    new = WardRow(id=2, name="Hòa Mỹ", folded="HOA MY", unit_id=2)
    with database.write() as connection:
        units(connection, 1, 2)
        add_ward(connection, old)
        add_ward(connection, new)
        assert list_wards(connection) == [new, old]
        change_ward(connection, replace(old, unit_id=2))
        assert [one.unit_id for one in list_wards(connection)] == [2, 2]


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        ({}, []),
        ({"A": None, "B": "A", "C": "B"}, []),
        ({"A": "A"}, ["A"]),
        ({"A": "B", "B": "A"}, ["A", "B"]),
        ({"D": "A", "A": "B", "B": "C", "C": "A"}, ["A", "B", "C"]),
        ({"A": "X"}, []),
    ],
)
def test_a_cycle_of_units_is_found(parents: dict[str, str | None], expected: list[str]) -> None:
    assert cycle_of(parents) == expected


@given(st.dictionaries(st.integers(0, 8).map(str), st.none() | st.integers(0, 8).map(str)))
def test_what_is_found_is_a_cycle_and_without_one_every_unit_leads_to_an_end(parents: dict[str, str | None]) -> None:
    found = cycle_of(parents)
    for one, above in zip(found, [*found[1:], *found[:1]], strict=True):
        assert parents[one] == above
    if not found:
        for start in parents:
            at: str | None = start
            for _ in range(len(parents) + 1):
                at = None if at is None else parents.get(at)
            assert at is None
