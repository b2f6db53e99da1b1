"""How tickets of a period went: the rows from which the numbers of the service are counted. No accusations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, not_, select

from db.schema import EntryKind, Priority, TicketState, rating, ticket, ticket_entry
from db.store.ids import first_id_at
from db.tickets.whole_ticket import Scope

MOST_TICKETS = 5000
"""Tickets of a period that are looked at, the newest first: the page says when there are more."""

_RUNNING = (TicketState.NEW, TicketState.OPEN, TicketState.PENDING_THIRD)
"""States in which the citizen's clock runs."""

_AT_ONCE = 500
"""Ids in one statement."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketTimes:
    """The times of a ticket, and what became of it."""

    id: int
    unit_id: int
    state: TicketState
    created_at: datetime
    first_answer_at: datetime | None
    resolved_at: datetime | None
    promised_at: datetime
    """The first time that the citizen was told; an apology does not change it."""
    working_minutes: int | None
    """From its beginning until it was resolved, by the unit's calendar."""
    reopened: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """The tickets that were opened in a period."""

    tickets: Sequence[TicketTimes]
    is_cut: bool
    """Whether there are more than were looked at."""


def read_period(connection: Connection, scope: Scope, *, since: datetime) -> Period:
    """Return the tickets opened since a moment, newest first; at most MOST_TICKETS."""
    first = func.coalesce(ticket.c.first_promised_at, ticket.c.promised_at, type_=ticket.c.promised_at.type)
    columns = [
        first.label(name) if name == "promised_at" else ticket.c[name] for name in TicketTimes.__dataclass_fields__
    ]
    asked = select(*columns).where(ticket.c.id >= first_id_at(since), not_(ticket.c.is_accusation))
    if scope.units is not None:
        asked = asked.where(ticket.c.unit_id.in_(scope.units))
    rows = connection.execute(asked.order_by(ticket.c.id.desc()).limit(MOST_TICKETS + 1)).all()
    tickets = [TicketTimes(**row._asdict()) for row in rows[:MOST_TICKETS]]
    return Period(tickets=tickets, is_cut=len(rows) > MOST_TICKETS)


def count_texts(connection: Connection, ticket_ids: Sequence[int]) -> Mapping[int, int]:
    """Count the texts of the citizen in each ticket."""
    return {
        ticket_id: texts
        for some in _parts(ticket_ids)
        for ticket_id, texts in connection.execute(
            select(ticket_entry.c.ticket_id, func.count())
            .where(ticket_entry.c.ticket_id.in_(some), ticket_entry.c.kind == EntryKind.CITIZEN)
            .group_by(ticket_entry.c.ticket_id)
        )
    }


def read_scores(connection: Connection, ticket_ids: Sequence[int]) -> Mapping[int, int]:
    """Return the rating of each ticket that has one."""
    return {
        ticket_id: score
        for some in _parts(ticket_ids)
        for ticket_id, score in connection.execute(
            select(rating.c.ticket_id, rating.c.score).where(rating.c.ticket_id.in_(some))
        )
    }


def count_overdue(connection: Connection, *, now: datetime, most: int = MOST_TICKETS) -> int:
    """Count the tickets that wait for us or for another body past their final due time; at most `most` are counted."""
    late = select(ticket.c.id).where(ticket.c.state.in_(_RUNNING), ticket.c.final_due < now).limit(most).subquery()
    return connection.execute(select(func.count()).select_from(late)).scalar_one()


def untaken_urgent(connection: Connection) -> int:
    """Count the urgent tickets that nobody has taken."""
    asked = select(func.count()).where(ticket.c.state == TicketState.NEW, ticket.c.priority == Priority.URGENT)
    return connection.execute(asked).scalar_one()


def _parts(ticket_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ticket_ids[start : start + _AT_ONCE] for start in range(0, len(ticket_ids), _AT_ONCE))
