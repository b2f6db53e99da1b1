"""The units as they are now, read from their tables."""

from __future__ import annotations

from datetime import date, timedelta

from db.schema import Priority, TicketKind
from db.store.engine import Database
from handlers.conversation.units_now import Units, read_units, sms_name
from sms_gateway.clock import LOCAL_ZONE
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import (
    DUTY,
    FOCAL,
    MONDAY,
    ON_DUTY,
    SECOND_ON_DUTY,
    WARD_UNIT,
    furnish,
)

TODAY = date(2026, 11, 30)


def units_of(database: Database) -> Units | None:
    with database.read() as connection:
        return read_units(connection, zone=LOCAL_ZONE, today=TODAY)


def test_without_a_focal_unit_there_are_none(database: Database) -> None:
    assert units_of(database) is None


def test_units_calendars_levels_and_people_on_duty_are_read(database: Database) -> None:
    furnish(database)
    units = units_of(database)
    assert units is not None
    assert (units.directory.focal.id, units.directory.duty.id) == (FOCAL, DUTY)
    assert sms_name(units.unit(WARD_UNIT)) == "UBND phuong Hai Chau"
    assert units.unit(12345).id == FOCAL
    assert [contact.phone for contact in units.duty[DUTY]] == [ON_DUTY, SECOND_ON_DUTY]
    assert units.duty_phones == {ON_DUTY, SECOND_ON_DUTY}
    assert units.level(TicketKind.REPORT, Priority.URGENT).code == "urgent"


def test_the_clocks_of_one_minute_are_one(database: Database) -> None:
    furnish(database)
    units = units_of(database)
    assert units is not None
    first = units.started(MONDAY, TicketKind.REPORT, Priority.NORMAL, WARD_UNIT)
    same = units.started(MONDAY + timedelta(seconds=59), TicketKind.REPORT, Priority.NORMAL, WARD_UNIT)
    later = units.started(MONDAY + timedelta(seconds=60), TicketKind.REPORT, Priority.NORMAL, WARD_UNIT)
    assert first is same
    assert later.final_due == first.final_due + timedelta(minutes=1)
