"""Levels in rows."""

from __future__ import annotations

from dataclasses import replace

from db.schema import LevelClock
from db.store.engine import Database
from db.units.levels import LevelRow, list_levels, set_level

QUESTION = LevelRow(
    id=1,
    code="question",
    first_amount=60,
    first_clock=LevelClock.WORKING_MINUTES,
    final_amount=1,
    final_clock=LevelClock.WORKING_DAYS,
)


def test_a_level_keeps_its_row_when_it_is_changed(database: Database) -> None:
    with database.write() as connection:
        assert set_level(connection, QUESTION) == 1
        changed = replace(QUESTION, id=2, final_amount=2)
        assert set_level(connection, changed) == 1
        assert list_levels(connection) == [replace(changed, id=1)]
