"""Retention: words end first, then traces; in small steps, and nothing younger is touched."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.event import listen

from db.messages import retention
from db.schema import attempt, emptied, event, inbound, outbound
from db.store.engine import Database
from db.store.ids import first_id_at
from sms_gateway.process.schedule import Schedule, retention_jobs
from sms_gateway.settings.model import RetentionSettings
from tests.sms_gateway.pipeline.dispatch.desk import Counterdesk

PERSON = "84905123456"


@pytest.fixture
def desk(database: Database) -> Counterdesk:
    """Ten days with a text each."""
    desk = Counterdesk(database=database)
    for number in range(10):
        desk.text(PERSON, f"DVC 000.00.12.H17-230815-{number:04d}")
        desk.pass_(days=1)
    return desk


def bodies(desk: Counterdesk) -> list[str]:
    with desk.database.read() as connection:
        return list(connection.scalars(select(inbound.c.body).order_by(inbound.c.id)))


def test_words_end_in_small_steps_and_the_rest_stays(desk: Counterdesk) -> None:
    before_id = first_id_at(desk.now - timedelta(days=4))
    with desk.database.write() as connection:
        connection.execute(update(inbound).values(told=b"m" * 16))
    steps = []
    for _ in range(5):
        with desk.database.write() as connection:
            steps.append(retention.empty_texts(connection, before_id=before_id, limit=4))
    assert steps == [8, 4, 0, 0, 0]
    assert bodies(desk) == [""] * 6 + [f"DVC 000.00.12.H17-230815-{number:04d}" for number in range(6, 10)]
    with desk.database.read() as connection:
        answers = list(connection.scalars(select(outbound.c.body).order_by(outbound.c.id)))
        rows = connection.execute(
            select(inbound.c.sender, inbound.c.octets, inbound.c.wire, inbound.c.told, inbound.c.reading).order_by(
                inbound.c.id
            )
        ).all()
    assert [answer is None for answer in answers] == [True] * 6 + [False] * 4
    assert {row.sender for row in rows} == {PERSON}
    assert [row.octets for row in rows[:6]] == [b""] * 6
    assert [row.wire is None for row in rows] == [True] * 6 + [False] * 4
    assert [row.told is None for row in rows] == [True] * 6 + [False] * 4
    assert all(row.reading for row in rows)


def test_traces_end_with_answers_and_events(desk: Counterdesk) -> None:
    with desk.database.write() as connection:
        connection.execute(
            event.insert().values(
                id=desk.new_id(),
                inbound_id=select(func.min(inbound.c.id)).scalar_subquery(),
                at=desk.now,
                kind="retried",
            )
        )
        before_id = first_id_at(desk.now - timedelta(days=4))
        assert retention.forget_traces(connection, before_id=before_id, limit=4) == 4
        assert retention.forget_traces(connection, before_id=before_id, limit=4) == 2
        assert retention.forget_traces(connection, before_id=before_id, limit=4) == 0
        counts = [connection.scalar(select(func.count()).select_from(table)) for table in (inbound, outbound, event)]
    assert counts == [4, 4, 0]


def test_attempts_end_after_two_days(desk: Counterdesk) -> None:
    with desk.database.write() as connection:
        assert retention.forget_attempts(connection, before_id=first_id_at(desk.now - timedelta(days=2))) == 8
        assert connection.scalar(select(func.count()).select_from(attempt)) == 2


def test_the_schedule_does_it_as_the_settings_say(desk: Counterdesk) -> None:
    desk.pass_(days=12)
    jobs = retention_jobs(RetentionSettings(text_days=14, trace_days=30))
    schedule = Schedule(desk.database, lambda: desk.now, jobs)
    for job in jobs:
        schedule.run(job)
    assert bodies(desk).count("") == 8
    desk.pass_(days=60)
    for job in jobs:
        schedule.run(job)
    assert bodies(desk) == []
    with desk.database.read() as connection:
        assert {row.kind for row in connection.execute(select(emptied))} == {"inbound", "outbound"}


def test_steps_of_many_sizes_are_few_statements(desk: Counterdesk) -> None:
    statements: set[str] = set()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.add(statement)

    listen(desk.database.writer, "before_cursor_execute", note)
    for rows in (1, 2, 3, 4):
        with desk.database.write() as connection:
            assert retention.forget_traces(connection, before_id=first_id_at(desk.now), limit=rows) == rows
    assert sum(statement.startswith("DELETE FROM inbound") for statement in statements) == 3  # of 1, 2 and 4 ids
