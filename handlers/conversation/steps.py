"""What words of a citizen do to a ticket: the event, the clock and the timers, by its state. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from db.schema import Priority, TicketKind, TicketState
from db.tickets.states import TicketEvent
from db.tickets.transitions import Clock, Details, NewEntry, Step
from handlers.conversation.ticket_clock import TicketClock, goes_on
from handlers.conversation.units_now import Units


class Written(Protocol):
    """A ticket, as far as a step depends on it."""

    @property
    def id(self) -> int:
        """Return its id."""

    @property
    def kind(self) -> TicketKind:
        """Return what the citizen wants."""

    @property
    def state(self) -> TicketState:
        """Return its state."""

    @property
    def priority(self) -> Priority:
        """Return its priority."""

    @property
    def unit_id(self) -> int:
        """Return its unit."""

    @property
    def first_due(self) -> datetime:
        """Return when the first human answer is due."""

    @property
    def minutes_left(self) -> int | None:
        """Return the open minutes that are left while its clock stands still."""


_OVER = (TicketState.RESOLVED, TicketState.CLOSED)


def words_step(ticket: Written, entry: NewEntry, units: Units, *, goes_on_waiting: bool = False) -> Step:
    """Add words of a citizen: what was over is reopened, what waits goes on, unless it `goes_on_waiting`."""
    if ticket.state in _OVER:
        return reopening(ticket, entry, units)
    if goes_on_waiting or ticket.state in (TicketState.NEW, TicketState.OPEN):
        return Step(ticket_id=ticket.id, event=TicketEvent.WRITE, entry=entry)
    if ticket.state is TicketState.PENDING_THIRD:
        return Step(ticket_id=ticket.id, event=TicketEvent.REPLY, entry=entry)
    clock = resumed(ticket, units, entry.at)
    return Step(ticket_id=ticket.id, event=TicketEvent.REPLY, entry=entry, clock=_times(clock), timers=clock.timers)


def reopening(ticket: Written, entry: NewEntry, units: Units) -> Step:
    """Reopen a ticket with new due times."""
    clock = units.started(entry.at, ticket.kind, ticket.priority, ticket.unit_id)
    return Step(
        ticket_id=ticket.id,
        event=TicketEvent.REOPEN,
        entry=entry,
        clock=_times(clock),
        details=Details(promised_at=clock.promised),
        timers=clock.timers,
    )


def resumed(ticket: Written, units: Units, at: datetime) -> TicketClock:
    """Return the clock of a ticket that stood still and goes on now."""
    return goes_on(
        at,
        ticket.minutes_left or 0,
        units.level(ticket.kind, ticket.priority),
        units.calendar(ticket.unit_id),
        first_due=ticket.first_due,
    )


def _times(clock: TicketClock) -> Clock:
    return Clock(first_due=clock.first_due, final_due=clock.final_due)
