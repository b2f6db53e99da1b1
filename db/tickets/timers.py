"""What is due for tickets: found in small steps, and marked done in the commit that acts, so that each fires once.

The mark is in the row, and a timer is found by its time alone. So neither an outage nor a clock that goes back lets one
fire twice or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, text, update

from db.schema import TicketState, TimerKind, ticket, ticket_timer

STEP = 100
"""Timers in one transaction."""

_WAITS = text("ticket_timer.done_at IS NULL")  # word for word the condition of the partial index


@dataclass(frozen=True, kw_only=True, slots=True)
class DueTimer:
    """A timer whose time has come, and the ticket as it is now."""

    ticket_id: int
    kind: TimerKind
    at: datetime
    state: TicketState
    version: int
    unit_id: int


def due_timers(connection: Connection, *, now: datetime, limit: int = STEP) -> Sequence[DueTimer]:
    """Return the timers that are due, the earliest first."""
    asked = (
        select(
            ticket_timer.c.ticket_id,
            ticket_timer.c.kind,
            ticket_timer.c.at,
            ticket.c.state,
            ticket.c.version,
            ticket.c.unit_id,
        )
        .join(ticket, ticket.c.id == ticket_timer.c.ticket_id)
        .where(_WAITS, ticket_timer.c.at <= now)
        .order_by(ticket_timer.c.at)
        .limit(limit)
    )
    return [DueTimer(**row._mapping) for row in connection.execute(asked)]  # noqa: SLF001 - SQLAlchemy's public name


def mark_done(connection: Connection, timer: DueTimer, *, now: datetime) -> bool:
    """Mark a timer done; False when another did, or when it was set to another time. Act only after True."""
    statement = update(ticket_timer).where(
        ticket_timer.c.ticket_id == timer.ticket_id,
        ticket_timer.c.kind == timer.kind,
        ticket_timer.c.at == timer.at,
        ticket_timer.c.done_at.is_(None),
    )
    return connection.execute(statement.values(done_at=now)).rowcount == 1


def time_of(connection: Connection, ticket_id: int, kind: TimerKind) -> datetime | None:
    """Return when a timer of a ticket fires, or fired; None where it has none of this kind."""
    asked = select(ticket_timer.c.at).where(ticket_timer.c.ticket_id == ticket_id, ticket_timer.c.kind == kind)
    return connection.scalar(asked)


def set_time(connection: Connection, ticket_id: int, kind: TimerKind, at: datetime) -> None:
    """Let a waiting timer fire at another time."""
    waiting = update(ticket_timer).where(
        ticket_timer.c.ticket_id == ticket_id, ticket_timer.c.kind == kind, ticket_timer.c.done_at.is_(None)
    )
    connection.execute(waiting.values(at=at))


def fire_again(connection: Connection, ticket_id: int, kind: TimerKind, at: datetime) -> None:
    """Let a timer fire once more that is done."""
    done = update(ticket_timer).where(ticket_timer.c.ticket_id == ticket_id, ticket_timer.c.kind == kind)
    connection.execute(done.values(at=at, done_at=None))


def delay(connection: Connection, ticket_id: int, kinds: Collection[TimerKind], *, until: datetime) -> None:
    """Let the waiting timers of these kinds fire from then on, as far apart as they were.

    So the escalation of an urgent ticket stops for a while when a duty contact acknowledges it.
    """
    waiting = (ticket_timer.c.ticket_id == ticket_id) & ticket_timer.c.kind.in_(kinds)
    asked = select(ticket_timer.c.kind, ticket_timer.c.at).where(waiting, ticket_timer.c.done_at.is_(None))
    rows = connection.execute(asked.order_by(ticket_timer.c.at)).all()
    for row in rows:
        later = max(row.at, until + (row.at - rows[0].at))
        one = update(ticket_timer).where(
            waiting, ticket_timer.c.kind == row.kind, ticket_timer.c.at == row.at, ticket_timer.c.done_at.is_(None)
        )
        connection.execute(one.values(at=later))
