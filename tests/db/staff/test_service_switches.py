"""A service is switched off by a row, once, and on again."""

from __future__ import annotations

from datetime import UTC, datetime

from db.staff.service_switches import SwitchedOff, find_switched_off, switch_off, switch_on
from db.store.engine import Database

NOW = datetime(2026, 11, 28, 2, tzinfo=UTC)


def test_a_service_is_switched_off_and_on_once(database: Database) -> None:
    with database.write() as connection:
        assert find_switched_off(connection, "conversation") is None
        assert switch_off(connection, "conversation", operator="lan", now=NOW)
        assert not switch_off(connection, "conversation", operator="minh", now=NOW)
        assert find_switched_off(connection, "conversation") == SwitchedOff(operator="lan", at=NOW)
        assert find_switched_off(connection, "other") is None
        assert switch_on(connection, "conversation")
        assert not switch_on(connection, "conversation")
        assert find_switched_off(connection, "conversation") is None
