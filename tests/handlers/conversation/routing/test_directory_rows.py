"""The directory from rows, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from db.schema import DaySource, LevelClock
from db.store.engine import Database
from db.units.calendars import add_calendar, list_calendars, set_day, set_hours
from db.units.levels import LevelRow, set_level
from db.units.route_rules import RuleRow, TopicRow, add_topic, replace_rules
from db.units.unit_rows import AliasRow, WardRow, add_ward, change_unit, set_alias
from handlers.conversation.business_time import OFFICE_HOURS, is_open
from handlers.conversation.business_time.levels import DEFAULT_LEVELS
from handlers.conversation.routing import Step, route
from handlers.conversation.routing.directory_rows import calendar_of, read_directory, read_levels
from tests.db.units.rows import unit_row, units
from tests.handlers.conversation.calendars import ZONE, local

TODAY = date(2026, 11, 28)


def test_rows_lead_texts_to_their_units(database: Database) -> None:
    with database.write() as connection:
        units(connection, 1, 2, 3)
        set_alias(connection, AliasRow(folded="SXD", unit_id=2))
        add_ward(connection, WardRow(id=1, name="Phường Hải Châu", folded="HAI CHAU", unit_id=3))
        add_topic(connection, TopicRow(id=1, code="lamps", name="Đèn", words=(), unit_id=2))
        replace_rules(connection, [RuleRow(id=7, position=1, any_of=("DEN DUONG",), topic_id=1)])
        found = read_directory(connection, zone=ZONE, today=TODAY)
    texts = ["SXD: xin hoi", "den duong hong", "rac phuong Hai Chau", "khong ro"]
    steps = [(one.unit.id, one.step) for one in (route(text, "report", found) for text in texts)]
    assert steps == [(2, Step.UNIT_NAME), (2, Step.RULE), (3, Step.WARD), (1, Step.FOCAL)]


def test_a_unit_has_the_hours_and_days_of_its_calendar(database: Database) -> None:
    with database.write() as connection:
        units(connection, 1, 2)
        add_calendar(connection, calendar_id=2, name="Other", hours=[])
        set_day(connection, 1, date(2026, 11, 30), is_open=False, name="Nghỉ", source=DaySource.OPERATOR)
        change_unit(connection, replace(unit_row(2), calendar_id=2))
        found = read_directory(connection, zone=ZONE, today=TODAY)
    assert not is_open(local("30/11 09:00"), found.units[1].calendar)
    assert is_open(local("01/12 09:00"), found.units[1].calendar)
    assert found.units[2].calendar.hours == OFFICE_HOURS  # it has none of its own


def test_a_calendar_without_hours_keeps_office_hours_and_its_days(database: Database) -> None:
    with database.write() as connection:
        units(connection, 1)
        set_hours(connection, 1, [])
        (row,) = list_calendars(connection)
    assert calendar_of(row, ZONE).hours == OFFICE_HOURS


def test_levels_with_a_row_take_the_place_of_the_defaults(database: Database) -> None:
    slow = LevelRow(
        id=1,
        code="question",
        first_amount=1,
        first_clock=LevelClock.WORKING_DAYS,
        final_amount=9,
        final_clock=LevelClock.WORKING_DAYS,
    )
    with database.write() as connection:
        set_level(connection, slow)
        found = read_levels(connection)
    assert found.keys() == DEFAULT_LEVELS.keys()
    assert found["question"].final.amount == 9
    assert found["report"] == DEFAULT_LEVELS["report"]
