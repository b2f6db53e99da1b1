"""Rows of units for tests."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from db.store.address import Address, Msisdn
from db.units.calendars import Hours, add_calendar, confirm_year, propose_year
from db.units.contacts import ContactRow, add_contact
from db.units.unit_rows import UnitRow, add_unit

OFFICE = [Hours(weekday=day, opens=opens, closes=opens + 240) for day in range(5) for opens in (450, 810)]


def calendar_row(connection: Connection, calendar_id: int = 1, name: str = "Office hours") -> int:
    """Add a calendar of office hours."""
    add_calendar(connection, calendar_id=calendar_id, name=name, hours=OFFICE)
    return calendar_id


def unit_row(unit_id: int = 1, *, parent_id: int | None = None, is_focal: bool = False) -> UnitRow:
    """Make a unit with the calendar 1."""
    return UnitRow(
        id=unit_id,
        code=f"H17.{unit_id:02d}",
        name=f"UBND phường {unit_id}",
        folded=f"UBND PHUONG {unit_id}",
        calendar_id=1,
        busy_capacity=20,
        parent_id=parent_id,
        is_focal=is_focal,
    )


def units(connection: Connection, *unit_ids: int) -> None:
    """Add the calendar 1 and these units; the first is the focal unit."""
    calendar_row(connection)
    for unit_id in unit_ids:
        add_unit(connection, unit_row(unit_id, is_focal=unit_id == unit_ids[0]))


def units_of_a_confirmed_year(connection: Connection, year: int) -> None:
    """Add a focal unit with a duty contact and a confirmed year: nothing about units needs a person."""
    units(connection, 1)
    phone = Msisdn(Address("84937654300"))
    duty = ContactRow(id=1, unit_id=1, place="Duty", name="An", phone=phone, position=1, duty_from=450, duty_to=1050)
    add_contact(connection, duty)
    propose_year(connection, 1, year, {date(year, 9, 2): (False, "Quốc khánh")})
    confirm_year(connection, 1, year)
