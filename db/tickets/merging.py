"""Merging tickets of one matter, and undoing it: entries stay where they are, later texts go to the other ticket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Select, select, update

from db.processes.webhook_tickets import note_changed
from db.schema import CloseReason, TicketState, TimerKind, ticket, ticket_entry
from db.tickets.states import TicketEvent
from db.tickets.transitions import (
    Clock,
    NewEntry,
    Overtaken,
    Step,
    Taken,
    add_entry,
    lock_ticket,
    set_timers,
    take_step,
)

UNDO_DAYS = timedelta(days=30)
"""How long a merging can be undone."""


class NotMerged(StrEnum):
    """Why two tickets are not merged, or not taken apart."""

    UNKNOWN = "unknown"  # there is no such ticket
    ITSELF = "itself"  # it is one ticket
    TARGET_IS_CLOSED = "target_is_closed"  # it would end the matter; reopen the other first
    ACCUSATION = "accusation"  # an accusation is never merged
    NO_MERGING = "no_merging"  # it is not closed by a merging
    TOO_LATE = "too_late"  # it was merged too long ago


@dataclass(frozen=True, kw_only=True, slots=True)
class Merge:
    """One ticket into another, as the agent saw the first."""

    ticket_id: int
    version: int
    into_id: int
    entry: NewEntry  # in the ticket that closes: the SMS to its citizen
    note: NewEntry  # in the other


def merge(connection: Connection, wanted: Merge, *, new_id: Callable[[], int]) -> Taken | Overtaken | NotMerged:
    """Close a ticket whose matter goes on in another one."""
    if wanted.ticket_id == wanted.into_id:
        return NotMerged.ITSELF
    # In one order, so that two agents who merge the same two never wait for each other.
    rows = {row_id: lock_ticket(connection, row_id) for row_id in sorted((wanted.ticket_id, wanted.into_id))}
    source, target = rows[wanted.ticket_id], rows[wanted.into_id]
    if source is None or target is None:
        return NotMerged.UNKNOWN
    if source.is_accusation or target.is_accusation:
        return NotMerged.ACCUSATION
    if target.state is TicketState.CLOSED:
        return NotMerged.TARGET_IS_CLOSED
    step = Step(ticket_id=source.id, version=wanted.version, event=TicketEvent.MERGE, entry=wanted.entry)
    done = take_step(connection, step, new_id=new_id)
    if not isinstance(done, Taken):
        return done if isinstance(done, Overtaken) else NotMerged.UNKNOWN
    connection.execute(update(ticket).where(ticket.c.id == source.id).values(merged_into=target.id))
    connection.execute(update(ticket).where(ticket.c.id == target.id).values(version=target.version + 1))
    add_entry(connection, target.id, wanted.note, before=target.state, state=target.state, new_id=new_id)
    note_changed(connection, target.id, at=wanted.note.at)
    return done


def undo_merge(
    connection: Connection,
    ticket_id: int,
    entry: NewEntry,
    *,
    version: int,
    clock: Clock | None,
    timers: Mapping[TimerKind, datetime],
    new_id: Callable[[], int],
) -> Taken | Overtaken | NotMerged:
    """Give a merged ticket back the state that it had; texts filed in the other one meanwhile stay there."""
    row = lock_ticket(connection, ticket_id)
    if row is None:
        return NotMerged.UNKNOWN
    if row.version != version:
        return Overtaken(
            version=row.version, state=row.state, close_reason=row.close_reason, assignee_id=row.assignee_id
        )
    if row.close_reason is not CloseReason.MERGED:
        return NotMerged.NO_MERGING
    merged = connection.execute(_closing_of(ticket_id)).one()
    if merged.at < entry.at - UNDO_DAYS:
        return NotMerged.TOO_LATE
    values: dict[str, object] = {"state": merged.from_state, "close_reason": None, "closed_at": None}
    values |= {"merged_into": None, "version": version + 1}
    if clock is not None:
        values |= {"first_due": clock.first_due, "final_due": clock.final_due, "minutes_left": clock.minutes_left}
    connection.execute(update(ticket).where(ticket.c.id == ticket_id).values(values))
    add_entry(connection, ticket_id, entry, before=row.state, state=merged.from_state, new_id=new_id)
    set_timers(connection, ticket_id, merged.from_state, timers, has_agent=row.assignee_id is not None)
    note_changed(connection, ticket_id, at=entry.at)
    return Taken(version=version + 1, before=row.state, state=merged.from_state)


def state_before_closing(connection: Connection, ticket_id: int) -> TicketState | None:
    """Return the state that a closed ticket had before; None for one that was never closed."""
    row = connection.execute(_closing_of(ticket_id)).one_or_none()
    return None if row is None else row.from_state


def _closing_of(ticket_id: int) -> Select[*tuple[object, ...]]:
    return (
        select(ticket_entry.c.from_state, ticket_entry.c.at)
        .where(ticket_entry.c.ticket_id == ticket_id, ticket_entry.c.to_state == TicketState.CLOSED)
        .order_by(ticket_entry.c.id.desc())
        .limit(1)
    )


def final_ticket(connection: Connection, ticket_id: int) -> int | None:
    """Return the ticket in which a matter goes on: the last of a chain of mergings; None when there is none.

    A ticket is merged only into one that is not closed, so a chain has no circle.
    """
    row = connection.execute(select(ticket.c.merged_into).where(ticket.c.id == ticket_id)).one_or_none()
    if row is None:
        return None
    while row.merged_into is not None:
        ticket_id = row.merged_into
        row = connection.execute(select(ticket.c.merged_into).where(ticket.c.id == ticket_id)).one()
    return ticket_id
