"""The demo's clock goes forward to the next morning, is kept for the next start, and logs nobody out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from db.schema import OperatorRole, operator, operator_session
from db.staff.operators import add_operator, reset_password
from db.staff.sessions import open_session
from db.store.engine import Database
from sms_gateway.demo.demo_clock import DemoClock

NOW = datetime(2026, 11, 28, 20, 30, 0, 5, tzinfo=UTC)  # 03:30 of the 29th
MORNING = datetime(2026, 11, 30, 2, 0, 0, 5, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The demo has SQLite."""
    return sqlite_database


def test_it_moves_to_the_next_morning_and_the_next_start_goes_on(database: Database, tmp_path: Path) -> None:
    kept = tmp_path / "ahead"
    clock = DemoClock(kept, lambda: NOW)
    assert clock() == NOW
    clock.next_day(database)
    assert clock() == MORNING
    clock.next_day(database)
    assert clock() == MORNING + DAY
    assert DemoClock(kept, lambda: NOW)() == MORNING + DAY


def test_log_ins_and_one_time_passwords_move_along(database: Database, tmp_path: Path) -> None:
    with database.write() as connection:
        add_operator(connection, operator_id=1, name="lan", password_hash="-", role=OperatorRole.OPERATOR, now=NOW)
        reset_password(connection, "lan", "-", NOW)
        open_session(connection, token="t", operator_id=1, csrf="c", now=NOW, expires_at=NOW + timedelta(hours=1))
        until = connection.scalar(select(operator.c.password_until))
    assert until is not None
    DemoClock(tmp_path / "ahead", lambda: NOW).next_day(database)
    with database.read() as connection:
        assert connection.scalar(select(operator.c.password_until)) == until + (MORNING - NOW)
        row = connection.execute(select(operator_session)).one()
    assert (row.seen_at, row.expires_at) == (MORNING, MORNING + timedelta(hours=1))


@pytest.mark.parametrize("written", ["", "x", "-1", "9999999999", "1.5"])
def test_a_file_that_is_not_ours_counts_for_nothing(tmp_path: Path, written: str) -> None:
    kept = tmp_path / "ahead"
    kept.write_text(written)
    assert DemoClock(kept, lambda: NOW)() == NOW
