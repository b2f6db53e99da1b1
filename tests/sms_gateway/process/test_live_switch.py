"""Switches are seen within five seconds, all by one look, and stay as they were while the database cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from db.staff.service_switches import switch_off, switch_on
from db.store.engine import Database
from sms_gateway.process import live_switch
from sms_gateway.process.live_switch import LOOK_SECONDS, LiveSwitches

NOW = datetime(2026, 11, 28, 2, tzinfo=UTC)


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough: the rows are tested on both."""
    return sqlite_database


def test_a_switch_is_seen_within_five_seconds_and_at_once_where_it_was_pressed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = 100.0
    monkeypatch.setattr(live_switch, "monotonic", lambda: seconds)
    here, elsewhere = LiveSwitches(database), LiveSwitches(database)
    nothing = elsewhere()
    assert (here(), nothing) == ({}, {})
    with database.write() as connection:
        switch_off(connection, "conversation", operator="lan", now=NOW)
        switch_off(connection, "look_up_dossier", operator="lan", now=NOW, sentence="Tam ngung.")
    here.renew()
    assert here() == {"conversation": "", "look_up_dossier": "Tam ngung."}
    assert elsewhere() is nothing  # looked at a moment ago
    assert LOOK_SECONDS < 5
    seconds += LOOK_SECONDS
    assert elsewhere() == here()
    with database.write() as connection:
        switch_on(connection, "conversation")
    seconds += LOOK_SECONDS
    assert elsewhere() == {"look_up_dossier": "Tam ngung."}


def test_what_cannot_be_read_stays(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = 100.0
    monkeypatch.setattr(live_switch, "monotonic", lambda: seconds)
    with database.write() as connection:
        switch_off(connection, "conversation", operator="lan", now=NOW)
    off = LiveSwitches(database)
    assert off() == {"conversation": ""}
    with database.write() as connection:
        connection.exec_driver_sql("DROP TABLE switched_off")
    seconds += LOOK_SECONDS
    assert off() == {"conversation": ""}
