"""The sample tickets: every state is there, and nothing of them is late in the wrong way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from db.schema import AskKind, CloseReason, OperatorRole, TicketState, ask, kept_text, rating, ticket, ticket_timer
from db.staff.operators import add_operator
from db.store.address import Address, Msisdn
from db.store.engine import Database
from db.store.ids import IdSource
from handlers.conversation.units_now import read_units
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.demo.handset import Direction, Tick
from sms_gateway.demo.sample_directory import add_sample_city
from sms_gateway.demo.sample_tickets import add_sample_tickets
from sms_gateway.demo.stored_texts import stored_texts

NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)  # Friday, 10:00


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The demo has SQLite."""
    return sqlite_database


def test_every_state_is_there(database: Database) -> None:
    with database.write() as connection:
        new_id = IdSource(node=1, now=lambda: NOW).new
        add_operator(connection, operator_id=1, name="canbo", password_hash="-", role=OperatorRole.AGENT, now=NOW)
        add_sample_city(connection, new_id=new_id, today=NOW.date())
        units = read_units(connection, zone=LOCAL_ZONE, today=NOW.date())
        assert units is not None
        add_sample_tickets(connection, units, now=NOW, agent="canbo", agent_id=1, short_code="8188", link="demo")
        rows = connection.execute(select(ticket)).all()
        ratings = connection.scalars(select(rating.c.score)).all()
        kept = connection.execute(select(kept_text)).all()
        waiting = connection.scalars(select(ticket_timer.c.at).where(ticket_timer.c.done_at.is_(None))).all()
    assert {row.state for row in rows} == set(TicketState)
    reasons = {row.close_reason for row in rows if row.close_reason is not None}
    assert reasons == {CloseReason.ANSWERED, CloseReason.WITHDRAWN, CloseReason.SPAM}
    assert len({row.number for row in rows}) == len(rows) == 9
    assert all(row.created_at <= NOW and row.final_due > row.created_at for row in rows)
    assert (list(ratings), len(kept)) == ([5], 1)
    assert any(at > NOW + timedelta(days=1) for at in waiting)  # something to see when the clock moves


def test_what_citizens_were_asked_is_on_their_handsets_and_can_be_answered(database: Database) -> None:
    with database.write() as connection:
        new_id = IdSource(node=1, now=lambda: NOW).new
        add_operator(connection, operator_id=1, name="canbo", password_hash="-", role=OperatorRole.AGENT, now=NOW)
        add_sample_city(connection, new_id=new_id, today=NOW.date())
        units = read_units(connection, zone=LOCAL_ZONE, today=NOW.date())
        assert units is not None
        add_sample_tickets(connection, units, now=NOW, agent="canbo", agent_id=1, short_code="8188", link="demo")
        asks = {row.kind: row for row in connection.execute(select(ask))}
    assert set(asks) == {AskKind.DETAILS, AskKind.RATE}
    for citizen, kind, end in (
        ("84912345678", AskKind.DETAILS, "Chua ro goi 1022"),
        ("84935111222", AskKind.RATE, "den 5 (rat tot)."),
    ):
        typed, received = stored_texts(database, Msisdn(Address(citizen)), before=NOW)
        assert (typed.direction, received.direction) == (Direction.FROM_CITIZEN, Direction.TO_CITIZEN)
        assert (received.tick, received.text.endswith(end)) == (Tick.DELIVERED, True), received.text
        assert asks[kind].until > NOW
    assert stored_texts(database, Msisdn(Address("84912345678")), before=NOW - timedelta(days=9)) == []
