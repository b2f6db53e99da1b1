"""The jobs of tickets: holidays are proposed for calendars that have any."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Event

import pytest

from db.store.engine import Database
from db.units.calendars import Hours, add_calendar, list_calendars
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.process.ticket_jobs import holidays_job
from tests.db.units.rows import calendar_row

NOW = datetime(2026, 11, 28, 2, tzinfo=UTC)


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough: proposals are tested on both."""
    return sqlite_database


def test_holidays_of_two_years_are_proposed_but_not_for_people_on_duty(database: Database) -> None:
    with database.write() as connection:
        calendar_row(connection, 1, "Office hours")
        always = [Hours(weekday=weekday, opens=0, closes=1440) for weekday in range(7)]
        add_calendar(connection, calendar_id=2, name="Day and night", hours=always)
    job = holidays_job(LOCAL_ZONE)
    assert job.run(database, lambda: NOW, Event()) > 10
    assert job.run(database, lambda: NOW, Event()) == 0
    with database.read() as connection:
        days = {one.name: {day.day.year for day in one.days} for one in list_calendars(connection)}
    assert days == {"Office hours": {2026, 2027}, "Day and night": set()}
