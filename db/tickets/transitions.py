"""What happens to a ticket: one change, its entry and its timers in one step, by compare-and-set on the version."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection, Row, delete, insert, select, text, update

from db.processes.webhook_tickets import note_changed
from db.schema import (
    CloseReason,
    EntryKind,
    Priority,
    TicketState,
    TimerKind,
    ticket,
    ticket_entry,
    ticket_timer,
)
from db.schema.tickets import ACTIVE
from db.tickets.states import ESCALATION, TIMERS, Change, Standing, TicketEvent, after

_TO_CITIZEN = frozenset({TicketEvent.ANSWER, TicketEvent.ASK, TicketEvent.RESOLVE})
_OF_AGENTS = _TO_CITIZEN | {TicketEvent.TAKE, TicketEvent.WAIT}
"""Events that show that a person works on the ticket."""

_OF_CITIZEN = frozenset({TicketEvent.REPLY, TicketEvent.REOPEN})
"""Events by which words of the citizen change the state."""

_ENDS_ESCALATION = _OF_AGENTS | {TicketEvent.RESUME}

_ANEW: Mapping[TicketEvent, frozenset[TimerKind]] = MappingProxyType(
    {
        TicketEvent.ASK: frozenset({TimerKind.REMINDER, TimerKind.NO_REPLY}),
        TicketEvent.RESOLVE: frozenset({TimerKind.RATING_END}),
        TicketEvent.REOPEN: frozenset(TimerKind),
    }
)
"""Timers that begin again with an event, whether or not they are done: each question has a reminder of its own.

Those of an urgent ticket begin again whenever a step sets them. All others are done once. So a new due time makes no
second apology.
"""

_ACTIVE = text(f"ticket.{ACTIVE}")  # word for word the condition of the partial index

_WORDS = frozenset({EntryKind.CITIZEN, EntryKind.ANSWER, EntryKind.QUESTION})
"""Entries that citizen and agents say to each other; the others are no contact."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewEntry:
    """A line of a ticket's history; `outbound_id` is the SMS that carries it."""

    kind: EntryKind
    at: datetime
    body: str | None = field(default=None, repr=False)
    inbound_id: int | None = None
    outbound_id: int | None = None
    operator: str | None = None
    unit_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """The due times after a change; `minutes_left` while the clock stands still."""

    first_due: datetime
    final_due: datetime
    minutes_left: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """What an agent may change beside the state; None leaves it as it is."""

    unit_id: int | None = None  # a transfer; the ticket goes into the queue of that unit
    topic_id: int | None = None
    ward_id: int | None = None
    dossier_id: int | None = None
    level_id: int | None = None
    priority: Priority | None = None
    is_accusation: bool | None = None
    is_unsure: bool | None = None
    public_reason: str | None = None
    promised_at: datetime | None = None
    first_promised_at: datetime | None = None
    working_minutes: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One event of a ticket.

    `version` is the one that the agent saw; None for what a citizen or a timer does: that is applied to whatever the
    ticket is by now, if its state allows it. `assignee_id` is who has it from now on. `timers` are set anew; those
    that the new state does not know end by themselves.
    """

    ticket_id: int
    event: TicketEvent
    entry: NewEntry
    version: int | None = None
    assignee_id: int | None = None
    to_queue: bool = False  # nobody has it from now on
    clock: Clock | None = None
    details: Details = field(default_factory=Details)
    timers: Mapping[TimerKind, datetime] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """The step is done."""

    version: int
    before: TicketState
    state: TicketState


@dataclass(frozen=True, kw_only=True, slots=True)
class Overtaken:
    """Nothing was done: another was first, or the state does not allow it. This is how the ticket is now."""

    version: int
    state: TicketState
    close_reason: CloseReason | None
    assignee_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Filed:
    """Nothing was done: this text was filed before, in this ticket."""

    ticket_id: int


def take_step(connection: Connection, step: Step, *, new_id: Callable[[], int]) -> Taken | Overtaken | Filed | None:
    """Do one step; None when there is no such ticket. Safe to repeat where the entry has an inbound id."""
    row = lock_ticket(connection, step.ticket_id)
    if row is None:
        return None
    if step.entry.inbound_id is not None and (filed := ticket_of_text(connection, step.entry.inbound_id)) is not None:
        return Filed(ticket_id=filed)
    change = after(row.state, step.event)
    merged = row.close_reason is CloseReason.MERGED and step.event is TicketEvent.REOPEN
    if change is None or merged or step.version not in (None, row.version):
        return Overtaken(
            version=row.version, state=row.state, close_reason=row.close_reason, assignee_id=row.assignee_id
        )
    version = row.version if _is_line_of_ours(step) else row.version + 1
    values = {**_values(row, step, change), "version": version}
    statement = update(ticket).where(ticket.c.id == row.id, ticket.c.version == row.version)
    if connection.execute(statement.values(values)).rowcount == 0:
        raise AssertionError("the row is locked, or SQLite's one writer is ours")
    add_entry(
        connection,
        row.id,
        step.entry,
        before=row.state,
        state=change.state,
        replaced=_replaced(row, step, change),
        new_id=new_id,
    )
    holder = values.get("assignee_id", row.assignee_id)
    set_timers(
        connection,
        row.id,
        change.state,
        step.timers,
        anew=_ANEW.get(step.event, frozenset()) | ESCALATION.intersection(step.timers),
        has_agent=holder is not None or step.event in _ENDS_ESCALATION,
    )
    if version != row.version:
        note_changed(connection, row.id, at=step.entry.at)
    return Taken(version=version, before=row.state, state=change.state)


def _is_line_of_ours(step: Step) -> bool:
    """Return whether the service notes what it did by itself: nothing that an agent must read before answering."""
    return step.event is TicketEvent.NOTE and step.entry.kind is EntryKind.SYSTEM and not step.to_queue


def lock_ticket(connection: Connection, ticket_id: int) -> Row[*tuple[object, ...]] | None:
    """Read what a step needs of a ticket; on PostgreSQL nobody else changes it until this transaction ends."""
    asked = select(
        ticket.c.id,
        ticket.c.version,
        ticket.c.state,
        ticket.c.close_reason,
        ticket.c.assignee_id,
        ticket.c.unit_id,
        ticket.c.taken_at,
        ticket.c.first_answer_at,
        ticket.c.reopened,
        ticket.c.transfers,
        ticket.c.is_accusation,
        ticket.c.inbound_id,
        ticket.c.resolved_at,
        ticket.c.closed_at,
        ticket.c.first_due,
        ticket.c.final_due,
        ticket.c.promised_at,
        ticket.c.first_promised_at,
        ticket.c.minutes_left,
    )
    return connection.execute(asked.where(ticket.c.id == ticket_id).with_for_update()).one_or_none()


def lock_tickets(connection: Connection, ticket_ids: Collection[int]) -> None:
    """Lock several tickets in the order of their ids, so that two transactions never wait for each other.

    SQLite has one writer.
    """
    if len(ticket_ids) > 1 and connection.dialect.name != "sqlite":
        asked = select(ticket.c.id).where(ticket.c.id.in_(ticket_ids)).order_by(ticket.c.id)
        connection.execute(asked.with_for_update()).all()


def ticket_of_text(connection: Connection, inbound_id: int) -> int | None:
    """Return the ticket that a text is filed in."""
    return connection.scalar(select(ticket_entry.c.ticket_id).where(ticket_entry.c.inbound_id == inbound_id))


def add_entry(
    connection: Connection,
    ticket_id: int,
    entry: NewEntry,
    *,
    before: TicketState,
    state: TicketState,
    replaced: str | None = None,
    new_id: Callable[[], int],
) -> int:
    """Write an entry; return its id. It names the states only where they differ."""
    entry_id = new_id()
    connection.execute(
        insert(ticket_entry).values(
            id=entry_id,
            ticket_id=ticket_id,
            kind=entry.kind,
            inbound_id=entry.inbound_id,
            outbound_id=entry.outbound_id,
            operator=entry.operator,
            unit_id=entry.unit_id,
            body=entry.body,
            from_state=None if before is state else before,
            to_state=None if before is state else state,
            replaced=replaced,
            at=entry.at,
        )
    )
    return entry_id


def set_timers(
    connection: Connection,
    ticket_id: int,
    state: TicketState,
    timers: Mapping[TimerKind, datetime],
    *,
    anew: Collection[TimerKind] = (),
    has_agent: bool = False,
) -> None:
    """End the timers that this state does not know, and set the given ones; a timer that is done stays so.

    Those in `anew` are forgotten first, also when they are done. With an agent nobody on duty is texted.
    """
    allowed = TIMERS[state] - ESCALATION if has_agent else TIMERS[state]
    of_ticket = ticket_timer.c.ticket_id == ticket_id
    replaced = ticket_timer.c.kind.not_in(allowed) | ticket_timer.c.kind.in_(list(timers))
    ended = ticket_timer.c.done_at.is_(None) & replaced
    connection.execute(delete(ticket_timer).where(of_ticket, ended | ticket_timer.c.kind.in_(anew)))
    if not timers:
        return
    done = set(connection.scalars(select(ticket_timer.c.kind).where(of_ticket, ticket_timer.c.kind.in_(list(timers)))))
    rows = [
        {"ticket_id": ticket_id, "kind": kind, "at": at}
        for kind, at in timers.items()
        if kind not in done and kind in allowed
    ]
    if rows:
        connection.execute(insert(ticket_timer), rows)


def _replaced(row: Row[*tuple[object, ...]], step: Step, change: Change) -> str | None:
    """Return how the ticket was, where words of the citizen change its state."""
    if step.event not in _OF_CITIZEN or change.state is row.state:
        return None
    return Standing(**{one.name: getattr(row, one.name) for one in fields(Standing)}).written()


def _values(row: Row[*tuple[object, ...]], step: Step, change: Change) -> dict[str, object]:
    at = step.entry.at
    values: dict[str, object] = {"state": change.state} | _given(step, row)
    if step.entry.kind in _WORDS:
        values["said_at"] = at
    if step.event in _OF_AGENTS:
        values |= {"taken_at": row.taken_at or at, "is_unsure": False}
    if step.event in _TO_CITIZEN:
        values["first_answer_at"] = row.first_answer_at or at
    if change.state is TicketState.RESOLVED and row.state is not TicketState.RESOLVED:
        values["resolved_at"] = at
    if change.state is TicketState.CLOSED and row.state is not TicketState.CLOSED:
        values |= {"closed_at": at, "close_reason": change.reason, "is_unsure": False}
    if step.event is TicketEvent.REOPEN:
        values |= {"reopened": row.reopened + 1, "resolved_at": None, "closed_at": None, "close_reason": None}
    if change.state is not TicketState.PENDING_THIRD:
        values["public_reason"] = None
    return values


def _given(step: Step, row: Row[*tuple[object, ...]]) -> dict[str, object]:
    """Return the values that a step names itself."""
    details = step.details
    values: dict[str, object] = {
        name: value for name in Details.__dataclass_fields__ if (value := getattr(details, name)) is not None
    }
    if step.clock is not None:
        clock = step.clock
        values |= {"first_due": clock.first_due, "final_due": clock.final_due, "minutes_left": clock.minutes_left}
    if step.assignee_id is not None:
        values["assignee_id"] = step.assignee_id
    if details.unit_id is not None and details.unit_id != row.unit_id:
        values |= {"transfers": row.transfers + 1, "is_unsure": False}
        values.setdefault("assignee_id", None)
    if step.to_queue:
        values["assignee_id"] = None
    return values
