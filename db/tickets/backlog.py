"""How much waits for each unit, how old it is, and how fast the unit takes tickets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, func, not_, or_, select, true

from db.schema import TicketState, TimerKind, ticket, ticket_timer
from db.store.ids import first_id_at
from db.store.prepared_statements import Prepared

SAMPLES = 21
"""Tickets that were taken last: 20 times between two of them."""

AGES = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))
"""Where the ages of waiting tickets are divided."""

_RUNNING = (TicketState.NEW, TicketState.OPEN, TicketState.PENDING_THIRD)

_COUNT_NEW = Prepared(
    select(func.count())
    .select_from(ticket)
    .where(ticket.c.unit_id == bindparam("of_unit"), ticket.c.state == TicketState.NEW)
)
_TAKEN_LAST = Prepared(
    select(ticket.c.taken_at)
    .where(ticket.c.unit_id == bindparam("of_unit"), ticket.c.taken_at.is_not(None))
    .order_by(ticket.c.taken_at.desc())
    .limit(bindparam("most"))
)
"""Both are run for each unit that a batch of texts goes to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Backlog:
    """The tickets of a unit that are not answered. Accusations are not counted by unit."""

    waiting: int  # for us
    unassigned: int  # of these, in the queue of the unit
    pending: int  # for the citizen or another body
    late: int
    by_age: tuple[int, ...]  # of the waiting: up to each of `AGES`, and older


@dataclass(frozen=True, kw_only=True, slots=True)
class OverdueTicket:
    """A ticket that is late, without words."""

    id: int
    number: str
    unit_id: int
    final_due: datetime


def count_backlog(
    connection: Connection, *, now: datetime, units: Collection[int] | None = None
) -> Mapping[int, Backlog]:
    """Count what waits for each unit that has something; None is every unit."""
    waiting = ticket.c.state.in_((TicketState.NEW, TicketState.OPEN))
    # Ids begin with the time: the age is in the index.
    starts = [first_id_at(now - age) for age in AGES]
    bounds = zip([None, *starts], [*starts, None], strict=True)
    ages = [
        and_(
            waiting,
            *([] if newer is None else [ticket.c.id < newer]),
            *([] if older is None else [ticket.c.id >= older]),
        )
        for newer, older in bounds
    ]
    sums = [
        _sum(waiting),
        _sum(and_(waiting, ticket.c.assignee_id.is_(None))),
        _sum(not_(waiting)),
        _sum(and_(ticket.c.state.in_(_RUNNING), ticket.c.final_due < now)),
        *map(_sum, ages),
    ]
    active = ticket.c.state.in_((*_RUNNING, TicketState.PENDING_CITIZEN))
    asked = select(ticket.c.unit_id, *sums).where(active, not_(ticket.c.is_accusation)).group_by(ticket.c.unit_id)
    if units is not None:
        asked = asked.where(ticket.c.unit_id.in_(units))
    return {
        unit_id: Backlog(waiting=waits, unassigned=queued, pending=pending, late=late, by_age=tuple(by_age))
        for unit_id, waits, queued, pending, late, *by_age in connection.execute(asked)
    }


def list_overdue(
    connection: Connection, *, now: datetime, units: Collection[int] | None, below: Collection[int] = (), most: int
) -> Sequence[OverdueTicket]:
    """Return the tickets of some units past their final due time, the oldest due time first; None is every unit.

    Of the units `below` them only those of which the parent unit is warned. No accusations.
    """
    warned = (
        select(ticket_timer.c.ticket_id)
        .where(
            ticket_timer.c.ticket_id == ticket.c.id,
            ticket_timer.c.kind == TimerKind.WARN_PARENT,
            ticket_timer.c.done_at.is_not(None),
        )
        .exists()
    )
    theirs = true() if units is None else or_(ticket.c.unit_id.in_(units), and_(ticket.c.unit_id.in_(below), warned))
    asked = (
        select(ticket.c.id, ticket.c.number, ticket.c.unit_id, ticket.c.final_due)
        .where(ticket.c.state.in_(_RUNNING), ticket.c.final_due < now, not_(ticket.c.is_accusation), theirs)
        .order_by(ticket.c.final_due, ticket.c.id)
        .limit(most)
    )
    return [OverdueTicket(**row._mapping) for row in connection.execute(asked)]  # noqa: SLF001 - SQLAlchemy's public name


def count_new(connection: Connection, unit_id: int) -> int:
    """Return how many tickets of a unit nobody has taken."""
    return int(_COUNT_NEW.fetch(connection, {"of_unit": unit_id})[0][0])


def count_unanswered(connection: Connection, unit_id: int) -> int:
    """Return how many tickets of a unit are not answered, accusations too."""
    active = ticket.c.state.in_((*_RUNNING, TicketState.PENDING_CITIZEN))
    return connection.scalar(select(func.count()).select_from(ticket).where(ticket.c.unit_id == unit_id, active)) or 0


def taken_last(connection: Connection, unit_id: int, *, most: int = SAMPLES) -> Sequence[datetime]:
    """Return when the unit took its last tickets, newest first."""
    return [row[0] for row in _TAKEN_LAST.fetch(connection, {"of_unit": unit_id, "most": most})]


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
