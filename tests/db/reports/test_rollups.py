"""Counts by the minute: what is kept is what a count of the rows would give at any time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, select, update

from db.processes import statistics
from db.processes.statistics import Statistic, StatisticName
from db.reports.rollups import FRESH_MINUTES, KEPT_MINUTES, MOST_AT_ONCE, MinuteCount, Rollup, add_up
from db.schema import InboundState, OutboundState, minute_count, outbound
from db.store.engine import Database
from tests.sms_gateway.pages.message_rows import MessageRows

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
IDS = 1000
MINUTE = 50_000
ROLLUP = Rollup(ids_a_minute=IDS, misreadings=("misread:empty",), look_up="look_up_status")


class Written:
    """Writes messages with ids of a chosen minute."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._used = 0

    def message(self, minute: int, answer: OutboundState = OutboundState.SENT, **text: object) -> int:
        """Write a text and its answer; return the answer's id."""
        with self._database.write() as connection:
            rows = MessageRows(connection=connection, new_id=lambda: self._id(minute), now=NOW)
            return rows.answer(rows.text("HD", **text), "x", state=answer)  # type: ignore[arg-type]  # as MessageRows takes it

    def _id(self, minute: int) -> int:
        self._used += 1
        return minute * IDS + self._used % IDS


@pytest.fixture
def written(database: Database) -> Written:
    return Written(database)


def look(database: Database, minute: int) -> Sequence[Callable[[Connection], int]]:
    with database.read() as connection:
        return ROLLUP.count_due(connection, now_id=minute * IDS + 500)


def keep(database: Database, minute: int) -> int:
    new = 0
    for step in look(database, minute):
        with database.write() as connection:
            new += step(connection)
    return new


def kept(database: Database) -> dict[int, int]:
    with database.read() as connection:
        return {row.minute: row.delivered for row in connection.execute(select(minute_count))}


def read(database: Database, since: int, minute: int) -> list[MinuteCount]:
    with database.read() as connection:
        return list(ROLLUP.read_minutes(connection, since=since * IDS, now_id=minute * IDS + 500))


def deliver(database: Database, answer: int) -> None:
    with database.write() as connection:
        connection.execute(update(outbound).where(outbound.c.id == answer).values(state=OutboundState.DELIVERED))


def test_a_minute_is_counted_by_what_its_rows_are(database: Database, written: Written) -> None:
    for state in OutboundState:
        written.message(MINUTE, state)
    written.message(MINUTE, reading="misread:empty")
    written.message(MINUTE, reading="look_up_status", outcome="status_told")
    written.message(MINUTE, reading="look_up_status", outcome="status_not_found")
    written.message(MINUTE, state=InboundState.REDELIVERY)
    (found,) = read(database, MINUTE, MINUTE)
    assert found == MinuteCount(
        minute=MINUTE, texts=9, misread=1, look_ups=2, not_found=1, answers=10, sent=5, delivered=1, failed=1, expired=1
    )


@pytest.mark.parametrize("counted", [0, 1, 2, 3], ids="runs of the schedule: {}".format)
def test_a_page_tells_the_same_whether_minutes_are_kept_or_not(
    database: Database, written: Written, counted: int
) -> None:
    for minute in range(MINUTE - 5, MINUTE + 1):
        written.message(minute, OutboundState.DELIVERED)
    for run in range(counted):
        keep(database, MINUTE - 2 + run)
    found = read(database, MINUTE - 5, MINUTE)
    assert [(one.minute, one.texts, one.delivered) for one in found] == [
        (minute, 1, 1) for minute in range(MINUTE - 5, MINUTE + 1)
    ]
    assert add_up(found, since=MINUTE - 1).texts == 2


def test_what_is_kept_is_read_and_not_counted(database: Database, written: Written) -> None:
    written.message(MINUTE - 1)
    keep(database, MINUTE)
    with database.write() as connection:
        connection.execute(update(minute_count).where(minute_count.c.minute == MINUTE - 1).values(texts=99))
    assert [one.texts for one in read(database, MINUTE - 1, MINUTE)] == [99, 0]


def test_a_receipt_that_comes_later_is_counted(database: Database, written: Written) -> None:
    soon, late = written.message(MINUTE - FRESH_MINUTES + 1), written.message(MINUTE - 30)
    keep(database, MINUTE)
    deliver(database, soon)
    deliver(database, late)
    keep(database, MINUTE + 1)
    assert kept(database)[MINUTE - FRESH_MINUTES + 1] == 1
    assert kept(database)[MINUTE - 30] == 1  # thirty minutes ago
    assert sum(kept(database).values()) == 2


def test_a_run_that_was_missed_is_made_up_for(database: Database, written: Written) -> None:
    late = written.message(MINUTE - 30)
    keep(database, MINUTE)
    written.message(MINUTE + 3)
    deliver(database, late)
    keep(database, MINUTE + 20)
    assert kept(database)[MINUTE - 30] == 1
    assert set(kept(database)) == set(range(MINUTE - KEPT_MINUTES + 20, MINUTE + 20))


def test_a_process_that_died_between_looking_and_writing_changes_nothing(database: Database, written: Written) -> None:
    written.message(MINUTE - 1, OutboundState.DELIVERED)
    look(database, MINUTE)
    assert kept(database) == {}
    keep(database, MINUTE)
    assert kept(database)[MINUTE - 1] == 1


def test_two_processes_that_count_the_same_minutes_count_nothing_twice(database: Database, written: Written) -> None:
    written.message(MINUTE - 1, OutboundState.DELIVERED)
    first, second = look(database, MINUTE), look(database, MINUTE)
    for step in (*first, *second):
        with database.write() as connection:
            step(connection)
    assert kept(database)[MINUTE - 1] == 1


def test_the_first_eight_days_are_written_in_short_steps_and_a_stop_among_them_loses_none(database: Database) -> None:
    for step in look(database, MINUTE)[:3]:
        with database.write() as connection:
            assert step(connection) <= MOST_AT_ONCE
    assert len(kept(database)) == 2 * MOST_AT_ONCE
    keep(database, MINUTE + 1)
    assert set(kept(database)) == set(range(MINUTE + 1 - KEPT_MINUTES, MINUTE + 1))


def test_minutes_that_no_page_shows_are_deleted(database: Database) -> None:
    keep(database, MINUTE)
    assert keep(database, MINUTE + 10) == 10
    assert min(kept(database)) == MINUTE + 10 - KEPT_MINUTES


def test_figures_are_kept_in_the_place_of_the_earlier_ones(database: Database, written: Written) -> None:
    written.message(MINUTE)
    with database.write() as connection:
        statistics.keep_figures(connection, {StatisticName.BACKUP: 1, StatisticName.TEXTS: 7}, now=NOW)
        statistics.keep_figures(connection, statistics.count_rows(connection), now=NOW)
        statistics.keep_figures(connection, {}, now=NOW)
        found = statistics.read_figures(connection)
    assert found[StatisticName.BACKUP] == Statistic(value=1, taken_at=NOW)
    assert {name: one.value for name, one in found.items()} == {
        StatisticName.BACKUP: 1,
        StatisticName.TEXTS: 1,
        StatisticName.ANSWERS: 1,
        StatisticName.ACCOUNTS: 0,
        StatisticName.DOSSIERS: 0,
    }


def test_minutes_before_those_that_a_chart_shows_are_added_up(database: Database, written: Written) -> None:
    for minute in range(MINUTE - 5, MINUTE + 1):
        written.message(minute, OutboundState.DELIVERED)
    keep(database, MINUTE - 1)
    with database.read() as connection:
        found = ROLLUP.read_minutes(
            connection, since=(MINUTE - 5) * IDS, now_id=MINUTE * IDS, each_since=(MINUTE - 2) * IDS
        )
    assert [(one.minute, one.texts, one.delivered) for one in found] == [
        (MINUTE - 5, 3, 3),
        (MINUTE - 2, 1, 1),
        (MINUTE - 1, 1, 1),
        (MINUTE, 1, 1),
    ]
