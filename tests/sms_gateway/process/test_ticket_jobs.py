"""The jobs of tickets: holidays are proposed for calendars that have any, and what was kept long enough is deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from db.store.engine import Database
from db.units.calendars import Hours, add_calendar, list_calendars
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.process.ticket_jobs import holidays_job, ticket_retention_jobs
from sms_gateway.settings.conversation_model import ConversationSettings
from tests.db.units.rows import calendar_row
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import AN, city_hall, opened

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


def test_what_was_kept_long_enough_is_deleted_while_the_conversation_is_off_too(database: Database) -> None:
    """Citizens were told for how long their words are kept, and a switch does not change that."""
    hall = city_hall(database)
    number = opened(hall)
    hall.text(AN, f"HUY {number}")
    hall.text(AN, "duong truoc nha toi ngap nuoc")  # kept, and asked about
    hall.pass_(minutes=1)
    hall.text(AN, "2")  # the citizen withdraws it
    later = hall.now + timedelta(days=731)
    jobs = ticket_retention_jobs(ConversationSettings(enabled=False))
    done = {job.name: job.run(database, lambda: later, Event()) for job in jobs}
    assert {job.service for job in jobs} == {None}
    assert done == {"empty_tickets": 1, "forget_ticket_senders": 1, "forget_asks": 0, "forget_kept_texts": 0}
    assert [one.body for one in hall.entries(number)] == [None] * len(hall.entries(number))
    assert hall.ticket(number).phone is None
