"""A switch is seen within seconds, and stays as it was while the database cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from db.staff.service_switches import switch_off, switch_on
from db.store.engine import Database
from sms_gateway.process import live_switch
from sms_gateway.process.live_switch import LOOK_SECONDS, LiveSwitch

NOW = datetime(2026, 11, 28, 2, tzinfo=UTC)


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough: the rows are tested on both."""
    return sqlite_database


def test_a_switch_is_seen_after_a_few_seconds(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = 100.0
    monkeypatch.setattr(live_switch, "monotonic", lambda: seconds)
    is_off = LiveSwitch(database, "conversation")
    assert not is_off()
    with database.write() as connection:
        switch_off(connection, "conversation", operator="lan", now=NOW)
    assert not is_off()  # looked at a moment ago
    seconds += LOOK_SECONDS
    assert is_off()
    with database.write() as connection:
        switch_on(connection, "conversation")
    seconds += LOOK_SECONDS
    assert not is_off()


def test_what_cannot_be_read_stays(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = 100.0
    monkeypatch.setattr(live_switch, "monotonic", lambda: seconds)
    with database.write() as connection:
        switch_off(connection, "conversation", operator="lan", now=NOW)
    is_off = LiveSwitch(database, "conversation")
    assert is_off()
    with database.write() as connection:
        connection.exec_driver_sql("DROP TABLE switched_off")
    seconds += LOOK_SECONDS
    assert is_off()
