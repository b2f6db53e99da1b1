"""Units with their people and calendars, and an administrator who is logged in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from db.schema import OperatorRole
from db.store.address import Address, Msisdn
from db.store.engine import Database
from db.units.contacts import ContactRow, add_contact
from db.units.memberships import Membership, set_membership
from tests.db.units.rows import units

PHONE = "84937654321"


@pytest.fixture
def city(database: Database, operator_id: int) -> None:
    """Three units: 1 is the focal unit, 2 has a duty contact, and the operator leads 2."""
    with database.write() as connection:
        units(connection, 1, 2, 3)
        add_contact(
            connection,
            ContactRow(
                id=7,
                unit_id=2,
                place="Trực ban",
                name="Trần Văn Bình",
                phone=Msisdn(Address(PHONE)),
                position=1,
                duty_from=450,
                duty_to=1050,
            ),
        )
        set_membership(connection, Membership(operator_id=operator_id, unit_id=2, leads=True))


@pytest.fixture
def administrator(logged_in: FlaskClient, make: Callable[[OperatorRole], None], city: None) -> FlaskClient:
    make(OperatorRole.ADMINISTRATOR)
    return logged_in


@pytest.fixture
def lead(logged_in: FlaskClient, make: Callable[[OperatorRole], None], city: None) -> FlaskClient:
    """An agent who leads the unit 2."""
    make(OperatorRole.AGENT)
    return logged_in
