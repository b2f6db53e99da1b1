"""Calendars in rows: proposed, confirmed, and reported while nobody has confirmed them."""

from __future__ import annotations

from datetime import date

import pytest

from db.schema import DaySource
from db.store.engine import Database
from db.units.calendars import (
    Hours,
    confirm_year,
    is_confirmed,
    list_calendars,
    propose_year,
    remove_day,
    set_day,
    set_hours,
    unconfirmed_years,
)
from tests.db.units.rows import OFFICE, calendar_row

TET = date(2027, 2, 6)
PROPOSED = {TET: (False, "Tết"), date(2027, 2, 13): (True, "Làm bù"), date(2028, 1, 1): (False, "of another year")}


@pytest.fixture
def calendar_id(database: Database) -> int:
    with database.write() as connection:
        return calendar_row(connection)


def days(database: Database) -> dict[date, tuple[bool, str, DaySource, bool]]:
    with database.read() as connection:
        (row,) = list_calendars(connection)
        return {day.day: (day.open, day.name, day.source, day.confirmed) for day in row.days}


def test_hours_are_read_in_order_and_replaced_as_a_whole(database: Database, calendar_id: int) -> None:
    with database.write() as connection:
        (row,) = list_calendars(connection)
        assert (row.name, row.hours) == ("Office hours", OFFICE)
        set_hours(connection, calendar_id, [Hours(weekday=6, opens=0, closes=1440)])
        (row,) = list_calendars(connection)
        assert row.hours == [Hours(weekday=6, opens=0, closes=1440)]


def test_a_proposal_writes_the_days_of_its_year_unconfirmed_and_once(database: Database, calendar_id: int) -> None:
    with database.write() as connection:
        assert propose_year(connection, calendar_id, 2027, PROPOSED) == 2
        assert propose_year(connection, calendar_id, 2027, PROPOSED) == 0
    assert days(database) == {
        TET: (False, "Tết", DaySource.PROPOSED, False),
        date(2027, 2, 13): (True, "Làm bù", DaySource.PROPOSED, False),
    }


def test_a_proposal_leaves_what_a_person_entered(database: Database, calendar_id: int) -> None:
    with database.write() as connection:
        set_day(connection, calendar_id, TET, is_open=True, name="Trực Tết", source=DaySource.OPERATOR)
        assert propose_year(connection, calendar_id, 2027, PROPOSED) == 1
    assert days(database)[TET] == (True, "Trực Tết", DaySource.OPERATOR, False)


def test_a_confirmed_year_gets_no_proposal_so_what_was_removed_stays_away(database: Database, calendar_id: int) -> None:
    with database.write() as connection:
        propose_year(connection, calendar_id, 2027, PROPOSED)
        remove_day(connection, calendar_id, date(2027, 2, 13))
        assert confirm_year(connection, calendar_id, 2027) == 1
        assert confirm_year(connection, calendar_id, 2027) == 0
        assert propose_year(connection, calendar_id, 2027, PROPOSED) == 0
    assert days(database) == {TET: (False, "Tết", DaySource.PROPOSED, True)}


def test_a_day_that_is_entered_later_leaves_its_year_confirmed(database: Database, calendar_id: int) -> None:
    with database.write() as connection:
        propose_year(connection, calendar_id, 2027, PROPOSED)
        confirm_year(connection, calendar_id, 2027)
        swap = date(2027, 5, 3)
        set_day(connection, calendar_id, swap, is_open=False, name="Nghỉ bù", source=DaySource.IMPORTED)
        assert is_confirmed(connection, calendar_id, 2027)
    assert days(database)[swap] == (False, "Nghỉ bù", DaySource.IMPORTED, True)


def test_a_year_without_a_day_is_not_confirmed(database: Database, calendar_id: int) -> None:
    with database.write() as connection:
        assert confirm_year(connection, calendar_id, 2027) == 0
        assert not is_confirmed(connection, calendar_id, 2027)


@pytest.mark.parametrize(
    ("today", "confirmed", "expected"),
    [
        (date(2026, 11, 30), [2026], []),
        (date(2026, 12, 1), [2026], [2027]),
        (date(2026, 12, 1), [2026, 2027], []),
        (date(2027, 1, 1), [2026], [2027]),
        (date(2026, 11, 30), [], [2026]),
    ],
)
def test_the_next_year_is_reported_from_1_december_until_it_is_confirmed(
    database: Database, calendar_id: int, today: date, confirmed: list[int], expected: list[int]
) -> None:
    with database.write() as connection:
        for year in confirmed:
            propose_year(connection, calendar_id, year, {date(year, 9, 2): (False, "Quốc khánh")})
            confirm_year(connection, calendar_id, year)
        found = unconfirmed_years(connection, today)
    assert [(one.calendar_id, one.name, one.year) for one in found] == [
        (calendar_id, "Office hours", year) for year in expected
    ]


def test_a_calendar_that_is_always_open_needs_nobody(database: Database, calendar_id: int) -> None:
    always = [Hours(weekday=day, opens=0, closes=1440) for day in range(7)]
    with database.write() as connection:
        set_hours(connection, calendar_id, always)
        assert unconfirmed_years(connection, date(2026, 12, 1)) == []
        set_hours(connection, calendar_id, always[1:])
        assert [one.year for one in unconfirmed_years(connection, date(2026, 12, 1))] == [2026, 2027]
