"""What words of a citizen do to a ticket: the event, the clock and the timers, by its state. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from db.schema import Priority, TicketKind, TicketState, TimerKind
from db.tickets.states import ACTIVE_STATES, TicketEvent
from db.tickets.transitions import Clock, Details, NewEntry, Step
from handlers.conversation.ticket_clock import (
    TicketClock,
    closes_at,
    escalation_timers,
    goes_on,
    left_of,
    new_date,
    question_timers,
)
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
    def promised_at(self) -> datetime:
        """Return the time that the citizen was told."""

    @property
    def first_promised_at(self) -> datetime | None:
        """Return the time that was promised, where an apology told another."""

    @property
    def minutes_left(self) -> int | None:
        """Return the open minutes that are left while its clock stands still."""


_OVER = (TicketState.RESOLVED, TicketState.CLOSED)


def words_step(ticket: Written, entry: NewEntry, units: Units, *, goes_on_waiting: bool = False) -> Step:
    """Add words of a citizen: what was over is reopened, what waits goes on, unless it `goes_on_waiting`."""
    if ticket.state in _OVER:
        return reopening(ticket, entry, units)
    if goes_on_waiting or ticket.state in (TicketState.NEW, TicketState.OPEN):
        return _in_use(Step(ticket_id=ticket.id, event=TicketEvent.WRITE, entry=entry), ticket, units)
    if ticket.state is TicketState.PENDING_THIRD:
        return _in_use(Step(ticket_id=ticket.id, event=TicketEvent.REPLY, entry=entry), ticket, units)
    return resuming(ticket, entry, units)


def reopening(ticket: Written, entry: NewEntry, units: Units) -> Step:
    """Reopen a ticket with new due times."""
    clock = units.started(entry.at, ticket.kind, ticket.priority, ticket.unit_id)
    step = Step(
        ticket_id=ticket.id,
        event=TicketEvent.REOPEN,
        entry=entry,
        clock=_times(clock),
        details=Details(promised_at=clock.promised, first_promised_at=clock.promised),
        timers=clock.timers,
    )
    return _in_use(step, ticket, units)


def resuming(ticket: Written, entry: NewEntry, units: Units, *, event: TicketEvent = TicketEvent.REPLY) -> Step:
    """Let a ticket that waited for its citizen go on: its clock stood still, so what was promised is later."""
    left, calendar = ticket.minutes_left or 0, units.calendar(ticket.unit_id)
    level = units.level(ticket.kind, ticket.priority)
    clock = goes_on(entry.at, left, level, calendar, first_due=ticket.first_due)
    if left:
        details = Details(promised_at=clock.promised, first_promised_at=clock.promised)
    else:  # the first promise was broken before the question: the citizen gets a new date, as with an apology
        details = Details(
            promised_at=max(ticket.promised_at, new_date(entry.at, calendar)),
            first_promised_at=ticket.first_promised_at or ticket.promised_at,
        )
    step = Step(
        ticket_id=ticket.id, event=event, entry=entry, clock=_times(clock), details=details, timers=clock.timers
    )
    return _in_use(step, ticket, units)


def _in_use(step: Step, ticket: Written, units: Units) -> Step:
    """Give a ticket of a unit that was disabled meanwhile to the queue of the focal unit: else no agent sees it."""
    if ticket.unit_id in units.directory.units:
        return step
    return replace(step, details=replace(step.details, unit_id=units.directory.focal.id), to_queue=True)


def timers_again(
    ticket: Written, state: TicketState, units: Units, at: datetime, *, final_due: datetime, asked_at: datetime | None
) -> Mapping[TimerKind, datetime]:
    """Return the timers of a ticket that gets the state back which it had; its due times are those of before.

    `asked_at` is when the citizen was asked last. The ticket closes no sooner than after a reminder sent now.
    An urgent ticket that nobody took is called out from now on, as if the first person was texted now.
    """
    calendar = units.calendar(ticket.unit_id)
    if state is TicketState.PENDING_CITIZEN:
        timers = question_timers(asked_at or at, calendar)
        closes = max(timers[TimerKind.NO_REPLY], closes_at(asked_at or at, at, calendar))
        return {**timers, TimerKind.NO_REPLY: closes}
    level, left = units.level(ticket.kind, ticket.priority), left_of(at, final_due, calendar)
    clock = goes_on(at, left, level, calendar, first_due=ticket.first_due)
    is_urgent = ticket.priority is Priority.URGENT and state in ACTIVE_STATES
    return {**clock.timers, **(escalation_timers(at, is_called=True) if is_urgent else {})}


def _times(clock: TicketClock) -> Clock:
    return Clock(first_due=clock.first_due, final_due=clock.final_due)
