"""What words of a citizen do to a ticket, by its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from db.schema import EntryKind, Priority, TicketKind, TicketState, TimerKind
from db.store.engine import Database
from db.tickets.states import TicketEvent, after
from db.tickets.transitions import NewEntry
from handlers.conversation.steps import words_step
from tests.sms_gateway.pipeline.dispatch.filing.city_hall import MONDAY, WARD_UNIT, city_hall

ENTRY = NewEntry(kind=EntryKind.CITIZEN, at=MONDAY, body="nha so 25", inbound_id=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A ticket in a state."""

    state: TicketState
    id: int = 1
    kind: TicketKind = TicketKind.REPORT
    priority: Priority = Priority.NORMAL
    unit_id: int = WARD_UNIT
    first_due: datetime = MONDAY
    promised_at: datetime = MONDAY
    first_promised_at: datetime | None = None
    minutes_left: int | None = None


@pytest.mark.parametrize(
    ("state", "waits_on", "event", "after_it"),
    [
        (TicketState.NEW, False, TicketEvent.WRITE, TicketState.NEW),
        (TicketState.OPEN, False, TicketEvent.WRITE, TicketState.OPEN),
        (TicketState.PENDING_CITIZEN, False, TicketEvent.REPLY, TicketState.OPEN),
        (TicketState.PENDING_CITIZEN, True, TicketEvent.WRITE, TicketState.PENDING_CITIZEN),
        (TicketState.PENDING_THIRD, False, TicketEvent.REPLY, TicketState.OPEN),
        (TicketState.PENDING_THIRD, True, TicketEvent.WRITE, TicketState.PENDING_THIRD),
        (TicketState.RESOLVED, False, TicketEvent.REOPEN, TicketState.OPEN),
        (TicketState.CLOSED, True, TicketEvent.REOPEN, TicketState.OPEN),
    ],
)
def test_words_lead_where_the_table_of_states_says(
    sqlite_database: Database, state: TicketState, *, waits_on: bool, event: TicketEvent, after_it: TicketState
) -> None:
    units = city_hall(sqlite_database).parts.units()
    assert units is not None
    step = words_step(Row(state=state, minutes_left=60), ENTRY, units, goes_on_waiting=waits_on)
    change = after(state, event)
    assert step.event is event
    assert change is not None
    assert change.state is after_it


def test_a_clock_that_stood_still_goes_on_with_what_was_left(sqlite_database: Database) -> None:
    units = city_hall(sqlite_database).parts.units()
    assert units is not None
    step = words_step(Row(state=TicketState.PENDING_CITIZEN, minutes_left=60), ENTRY, units)
    assert step.clock is not None
    assert step.clock.final_due == MONDAY + timedelta(hours=1)
    assert step.timers[TimerKind.WARN_LEAD] == step.clock.final_due
