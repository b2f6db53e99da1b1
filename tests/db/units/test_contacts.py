"""Contacts in rows: sealed, in order, and known by their phone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from db.store.address import Address, Msisdn
from db.store.engine import Database
from db.units.contacts import (
    ContactRow,
    add_contact,
    has_duty_contacts,
    list_contacts,
    remove_contact,
)
from db.units.unit_rows import change_unit
from tests.db.units.rows import unit_row, units

PHONE = Msisdn(Address("84905123456"))
LAN = ContactRow(id=1, unit_id=1, place="Trực ban", name="Trần Thị Lan", phone=PHONE, position=2)
ON_DUTY = replace(
    LAN, id=2, name="Lê Văn Nam", phone=Msisdn(Address("84905123457")), position=1, duty_from=0, duty_to=0
)


def add(database: Database, *contacts: ContactRow) -> None:
    with database.write() as connection:
        units(connection, 1, 2)
        for contact in contacts:
            add_contact(connection, contact)


def test_contacts_are_read_in_the_order_in_which_they_are_called(database: Database) -> None:
    add(database, LAN, ON_DUTY, replace(LAN, id=3, unit_id=2))
    with database.write() as connection:
        assert list_contacts(connection, 1) == [ON_DUTY, LAN]
        assert [one.id for one in list_contacts(connection)] == [2, 1, 3]
        remove_contact(connection, 2)
        assert list_contacts(connection, 1) == [LAN]


def test_names_and_phones_are_sealed(database: Database) -> None:
    add(database, LAN)
    with database.read() as connection:
        row = connection.execute(text("SELECT name, phone, phone_mark FROM unit_contact")).one()
    assert not any(secret.encode() in bytes(value) for secret in ("Lan", PHONE) for value in row)
    assert "Lan" not in repr(LAN)
    assert PHONE not in repr(LAN)


@pytest.mark.parametrize(
    ("contacts", "duty_unit", "expected"),
    [
        ((), None, False),
        ((LAN,), None, False),
        ((ON_DUTY,), None, True),  # the focal unit's, where there is no duty unit
        ((ON_DUTY,), 2, False),
        ((replace(ON_DUTY, unit_id=2),), 2, True),
        ((replace(ON_DUTY, unit_id=2),), None, False),
    ],
)
def test_urgent_tickets_need_duty_contacts_where_they_open(
    database: Database,
    contacts: tuple[ContactRow, ...],
    duty_unit: int | None,
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    add(database, *contacts)
    with database.write() as connection:
        if duty_unit is not None:
            change_unit(connection, replace(unit_row(duty_unit), is_duty=True))
        assert has_duty_contacts(connection) is expected
