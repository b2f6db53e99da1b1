"""Counts of a day: by command, outcome, unit and ward; the day is the city's; a file is whole or not there."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import update

from db.schema import InboundState, ticket
from db.store.engine import Database
from handlers.answer import Outcome
from handlers.conversation.effects.outcomes import FilingOutcome
from sms_gateway.back_office.daily_counts import csv_of, file_of, missing_days, write_file
from sms_gateway.process.back_office_jobs import counts_jobs
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import AN, MONDAY, city_hall, opened

DAY = MONDAY.date()


def counted(database: Database, day: date) -> list[dict[str, str]]:
    with database.read() as connection:
        return list(csv.DictReader(StringIO(csv_of(connection, day))))


def test_texts_are_counted_by_command_outcome_unit_and_ward_and_nothing_else_is_told(database: Database) -> None:
    hall = city_hall(database)
    number = opened(hall)
    with database.write() as connection:
        connection.execute(update(ticket).values(ward_id=1))
    hall.text(AN, f"TL {number} them mot dieu")
    for _ in range(2):
        hall.pass_(minutes=20)
        hall.text("84905000111", "DVC H17-261129-0001")
    found = counted(database, DAY)
    assert [list(one.values()) for one in found] == [
        [DAY.isoformat(), "look_up_status", "status_not_found", "", "", "2"],
        [DAY.isoformat(), "question", "ticket_opened", "H17", "Phường Hải Châu", "1"],
        [DAY.isoformat(), "reply", "text_filed", "H17", "Phường Hải Châu", "1"],
    ]
    with database.read() as connection:
        text = csv_of(connection, DAY)
    assert not any(word in text for word in ("0905", "84905", number, "H17-261129", "dieu"))
    assert counted(database, DAY - timedelta(days=1)) == []
    with database.write() as connection:
        connection.execute(update(ticket).values(is_accusation=True))
    assert {(one["unit"], one["ward"]) for one in counted(database, DAY)} == {("", "")}


def test_the_day_is_that_of_the_city(sqlite_database: Database) -> None:
    hall = city_hall(sqlite_database)
    late = datetime.fromisoformat(f"{DAY}T23:59:00+07:00")
    for minutes in (0, 2):
        hall.desk.now = late + timedelta(minutes=minutes)
        hall.text(AN, "HD")
    assert [len(counted(sqlite_database, DAY + timedelta(days=ago))) for ago in (-1, 0, 1, 2)] == [0, 1, 1, 0]


def test_the_job_writes_what_is_missing_of_a_week_once(sqlite_database: Database, tmp_path: Path) -> None:
    city_hall(sqlite_database)
    (job,) = counts_jobs(str(tmp_path))
    assert counts_jobs("") == ()
    assert job.run(sqlite_database, lambda: MONDAY, Event()) == 7
    assert job.run(sqlite_database, lambda: MONDAY, Event()) == 0
    yesterday = file_of(tmp_path, DAY - timedelta(days=1))
    assert yesterday.read_text(encoding="utf-8") == "day,command,outcome,unit,ward,count\n"
    assert not file_of(tmp_path, DAY).exists(), "the day is not over"
    yesterday.unlink()
    assert missing_days(tmp_path, DAY) == [DAY - timedelta(days=1)]


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    file_of(tmp_path, DAY).mkdir()
    with pytest.raises(OSError, match="directory"):
        write_file(tmp_path, DAY, "x")
    assert [one.name for one in tmp_path.iterdir()] == [file_of(tmp_path, DAY).name]


def test_the_manual_explains_every_outcome() -> None:
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "count-texts.md").read_text(encoding="utf-8")
    every = [one.value for kind in (Outcome, FilingOutcome, InboundState) for one in kind]
    assert [one for one in every if f"| `{one}` |" not in page] == []
