"""Column types, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import StatementError

from db.schema import InboundState, event, inbound, operator_session, stray_receipt
from db.store.engine import Database

NOW = datetime(2026, 11, 22, 5, 0, 0, 123456, tzinfo=UTC)


def insert_event(database: Database, at: datetime) -> datetime:
    with database.write() as connection:
        connection.execute(delete(event))
        connection.execute(insert(event).values(id=1, at=at, kind="parked"))
        stored = connection.scalar(select(event.c.at))
    assert isinstance(stored, datetime)
    return stored


@pytest.mark.parametrize(
    "at", [NOW, datetime(1969, 1, 1, tzinfo=UTC), NOW.astimezone(timezone(timedelta(hours=7)))], ids=str
)
def test_a_time_comes_back_as_utc_to_the_microsecond(database: Database, at: datetime) -> None:
    stored = insert_event(database, at)
    assert stored == at
    assert stored.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        insert_event(database, NOW.replace(tzinfo=None))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(st.text(st.characters()), st.binary())
def test_any_text_and_any_octets_come_back(database: Database, body: str, octets: bytes) -> None:
    with database.write() as connection:
        connection.execute(delete(inbound))
        connection.execute(
            insert(inbound).values(
                id=1,
                link="main",
                reply_link="main",
                fingerprint=b"f",
                sender="84905123456",
                sender_mark="84905123456",
                recipient="8188",
                data_coding=0,
                octets=octets,
                body=body,
                received_at=NOW,
                state=InboundState.RECEIVED,
            )
        )
        row = connection.execute(select(inbound).where(inbound.c.sender_mark == "84905123456")).one()
    assert (row.body, row.octets, row.state) == (body, octets, InboundState.RECEIVED)


def test_a_state_that_is_none_is_refused(database: Database) -> None:
    with pytest.raises(StatementError), database.write() as connection:
        connection.execute(
            insert(stray_receipt).values(
                id=1, link="a", message_id="1", message_key="1", state="nonsense", received_at=NOW
            )
        )


def test_a_reader_cannot_write(sqlite_database: Database) -> None:
    with pytest.raises(Exception, match="readonly"), sqlite_database.read() as connection:
        connection.execute(delete(operator_session))
