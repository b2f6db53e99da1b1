"""The page about retention: what is kept and how old, without looking through a large table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from db.messages import retention
from db.schema import OperatorRole, inbound
from db.store.engine import Database
from db.store.ids import first_id_at
from sms_gateway.process.schedule import JOBS, Schedule, retention_jobs
from sms_gateway.settings.model import RetentionSettings
from tests.sms_gateway.conftest import NOON, Clock
from tests.sms_gateway.pages.message_rows import MessageRows

LARGE = ("inbound", "outbound", "segment", "event", "attempt", "account", "part", "stray_receipt")
Make = Callable[[OperatorRole], None]


@pytest.fixture
def old(database: Database, clock: Clock, new_id: Callable[[], int]) -> None:
    """A text of today, and one of 100 days ago."""
    with database.write() as connection:
        clock.now = NOON - timedelta(days=100)
        rows = MessageRows(connection=connection, new_id=new_id, now=clock.now)
        rows.answer(rows.text("HD"), "Soan TK")
        clock.now = NOON
        rows = MessageRows(connection=connection, new_id=new_id, now=clock.now)
        rows.answer(rows.text("HD"), "Soan TK")


def page(client: FlaskClient) -> str:
    answer = client.get("/admin/retention", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return answer.text


@pytest.mark.usefixtures("old")
def test_what_is_overdue_is_told_until_the_schedule_did_it(
    logged_in: FlaskClient, database: Database, clock: Clock
) -> None:
    before = page(logged_in)
    assert "90 days" in before
    assert "730 days" in before
    assert "14/08/2026 12:00" in before
    assert "overdue" in before
    assert "never yet" in before
    (*_, empty) = retention_jobs(RetentionSettings())
    Schedule(database, clock, ()).run(empty)
    after = page(logged_in)
    assert "overdue" not in after
    assert "2 rows at 22/11/2026 12:00" in after
    assert "22/11/2026 12:00" in after


@pytest.mark.usefixtures("old")
def test_a_job_that_fails_is_told(logged_in: FlaskClient, database: Database, clock: Clock) -> None:
    with database.write() as connection:
        connection.execute(text("ALTER TABLE emptied RENAME TO emptied_away"))
    (*_, empty) = retention_jobs(RetentionSettings())
    schedule = Schedule(database, clock, ())
    schedule.run(empty)
    with database.write() as connection:
        connection.execute(text("ALTER TABLE emptied_away RENAME TO emptied"))
    assert "failed at 22/11/2026 12:00" in page(logged_in)
    clock.advance(timedelta(minutes=10))
    schedule.run(empty)
    assert "failed at" not in page(logged_in)


def test_every_job_stands_on_the_page(logged_in: FlaskClient, database: Database, clock: Clock) -> None:
    schedule = Schedule(database, clock, retention_jobs(RetentionSettings()))
    assert page(logged_in).count("never yet") == 10
    for job in (*JOBS, *retention_jobs(RetentionSettings())):
        schedule.run(job)
    assert "never yet" not in page(logged_in)


def test_a_viewer_may_see_it(logged_in: FlaskClient, make: Make) -> None:
    make(OperatorRole.VIEWER)
    assert "Words of texts and answers" in page(logged_in)


@contextmanager
def heard(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Note every statement with its values."""
    said: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        said.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


class TestOnSqlite:
    """Its plans are in words; PostgreSQL would scan tables as small as these whatever there is."""

    @pytest.fixture
    def database(self, sqlite_database: Database) -> Database:
        return sqlite_database

    @pytest.mark.usefixtures("old")
    def test_no_large_table_is_looked_through(self, logged_in: FlaskClient, database: Database, clock: Clock) -> None:
        with database.write() as connection:
            retention.empty_texts(connection, before_id=first_id_at(clock.now - timedelta(days=90)))
        with heard(database.reader) as said:
            page(logged_in)
        asked = [one for one in said if any(f"FROM {name}" in one[0] for name in LARGE)]
        with database.reader.connect() as connection:
            for statement, values in asked:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
                assert not any(step.detail.startswith("SCAN") for step in plan), (statement, plan)
        assert len(asked) >= len({"inbound", "outbound", "attempt", "account", "part", "stray_receipt"})


def test_the_oldest_words_are_those_after_what_was_emptied(
    database: Database, old: None, clock: Clock, logged_in: FlaskClient
) -> None:
    del old
    with database.write() as connection:
        while retention.empty_texts(connection, before_id=first_id_at(clock.now - timedelta(days=90))):
            pass
        assert connection.execute(inbound.select().where(inbound.c.body == "")).first() is None  # sealed
    told = page(logged_in)
    assert "overdue" not in told
    assert told.count("14/08/2026 12:00") == 3  # the oldest trace, and how far words of texts and answers are gone
