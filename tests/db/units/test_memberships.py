"""Who works for which unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from db.schema import OperatorRole
from db.staff.operators import add_operator, set_disabled
from db.store.engine import Database
from db.units.memberships import Membership, members_of, memberships_of, remove_membership, set_membership
from db.units.unit_rows import change_unit
from tests.db.units.rows import unit_row, units

NOW = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
LAN_LEADS = Membership(operator_id=1, unit_id=1, leads=True, capacity=5, topics=("lamps", "waste"))
LAN_HELPS = Membership(operator_id=1, unit_id=2, until=NOW + timedelta(days=1))
NAM = Membership(operator_id=2, unit_id=1, topics=())


@pytest.fixture
def staff(database: Database) -> Database:
    with database.write() as connection:
        units(connection, 1, 2)
        for number, name in enumerate(("lan", "nam"), 1):
            add_operator(
                connection, operator_id=number, name=name, password_hash="hash", role=OperatorRole.VIEWER, now=NOW
            )
        for membership in (LAN_LEADS, LAN_HELPS, NAM):
            set_membership(connection, membership)
    return database


def test_memberships_are_read_by_operator_and_by_unit(staff: Database) -> None:
    with staff.read() as connection:
        assert memberships_of(connection, 1, NOW) == [LAN_LEADS, LAN_HELPS]
        assert members_of(connection, 1, NOW) == [LAN_LEADS, NAM]


def test_a_membership_is_changed_and_ended(staff: Database) -> None:
    with staff.write() as connection:
        set_membership(connection, replace(LAN_LEADS, leads=False))
        remove_membership(connection, 1, 2)
        assert memberships_of(connection, 1, NOW) == [replace(LAN_LEADS, leads=False)]


def test_a_stand_in_ends_at_its_time(staff: Database) -> None:
    with staff.read() as connection:
        assert memberships_of(connection, 1, NOW + timedelta(days=1)) == [LAN_LEADS]


def test_who_is_shut_out_and_a_unit_out_of_use_have_no_work(staff: Database) -> None:
    with staff.write() as connection:
        set_disabled(connection, 2, disabled=True)
        assert memberships_of(connection, 2, NOW) == []
        assert members_of(connection, 1, NOW) == [LAN_LEADS]
        change_unit(connection, replace(unit_row(1), disabled=True))
        assert memberships_of(connection, 1, NOW) == [LAN_HELPS]
