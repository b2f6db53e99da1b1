"""Undoing a wrong filing: an entry moves to another ticket, or becomes one of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, select, update

from db.processes.webhook_tickets import note_changed
from db.schema import EntryKind, TicketState, TimerKind, ticket, ticket_entry
from db.tickets.opening import Draw, NewTicket, Opened, insert_tickets
from db.tickets.states import Standing
from db.tickets.transitions import NewEntry, add_entry, lock_ticket, set_timers


class NotMoved(StrEnum):
    """Why an entry stays where it is."""

    UNKNOWN = "unknown"  # no such entry or ticket
    ITSELF = "itself"  # it is in that ticket
    NO_WORDS_OF_CITIZEN = "no_words_of_citizen"  # only what the citizen wrote can be filed wrongly
    OPENED_IT = "opened_it"  # the ticket would have no words left
    CLOSED = "closed"  # the other ticket is over; reopen it first


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """Where the entry was and is."""

    from_id: int
    to_id: int


def move_entry(
    connection: Connection,
    entry_id: int,
    to_id: int,
    *,
    at: datetime,
    operator: str,
    new_id: Callable[[], int],
) -> Moved | NotMoved:
    """File an entry of a citizen in another ticket; both name it in their history."""
    entry = _entry(connection, entry_id)
    if isinstance(entry, NotMoved):
        return entry
    if entry.ticket_id == to_id:
        return NotMoved.ITSELF
    rows = {row_id: lock_ticket(connection, row_id) for row_id in sorted((entry.ticket_id, to_id))}
    target = rows[to_id]
    if target is None:
        return NotMoved.UNKNOWN
    if target.state is TicketState.CLOSED:
        return NotMoved.CLOSED
    return _move(connection, entry, to_id, at=at, operator=operator, new_id=new_id)


def split_entry(
    connection: Connection,
    entry_id: int,
    new: NewTicket,
    *,
    operator: str,
    draw: Draw,
    new_id: Callable[[], int],
) -> Opened | NotMoved:
    """Open a ticket of its own for an entry. Its text and its parent are the entry's; the body of `new` is not used."""
    entry = _entry(connection, entry_id)
    if isinstance(entry, NotMoved):
        return entry
    lock_ticket(connection, entry.ticket_id)
    own = replace(new, inbound_id=entry.inbound_id, parent_id=entry.ticket_id)
    ((_, opened),) = insert_tickets(connection, [own], draw=draw, new_id=new_id)
    _move(connection, entry, opened.id, at=new.created_at, operator=operator, new_id=new_id)
    return opened


def stand_again(
    connection: Connection,
    ticket_id: int,
    before: Standing,
    *,
    public_reason: str | None,
    timers: Mapping[TimerKind, datetime],
    note: NewEntry,
    new_id: Callable[[], int],
) -> None:
    """Let a locked, open ticket be as it was: the words that changed its state are another ticket's."""
    values: dict[str, object] = {one.name: getattr(before, one.name) for one in fields(before)}
    values |= {"public_reason": public_reason, "version": ticket.c.version + 1}
    connection.execute(update(ticket).where(ticket.c.id == ticket_id).values(values))
    add_entry(connection, ticket_id, note, before=TicketState.OPEN, state=before.state, new_id=new_id)
    set_timers(connection, ticket_id, before.state, timers)
    note_changed(connection, ticket_id, at=note.at)


def hand_on(connection: Connection, entry_id: int, *, replaced: str, before: TicketState, state: TicketState) -> None:
    """Let words of the citizen stand for earlier ones that changed the state and are another ticket's."""
    values = {"replaced": replaced, "from_state": before, "to_state": state}
    connection.execute(update(ticket_entry).where(ticket_entry.c.id == entry_id).values(values))


def _entry(connection: Connection, entry_id: int) -> Row[*tuple[object, ...]] | NotMoved:
    """Return an entry that can be moved."""
    columns = (ticket_entry.c.id, ticket_entry.c.ticket_id, ticket_entry.c.kind, ticket_entry.c.inbound_id)
    entry = connection.execute(select(*columns).where(ticket_entry.c.id == entry_id).with_for_update()).one_or_none()
    if entry is None:
        return NotMoved.UNKNOWN
    if entry.kind is not EntryKind.CITIZEN:
        return NotMoved.NO_WORDS_OF_CITIZEN
    opened = select(ticket.c.inbound_id).where(ticket.c.id == entry.ticket_id)
    if entry.inbound_id is not None and connection.scalar(opened) == entry.inbound_id:
        return NotMoved.OPENED_IT
    others = select(ticket_entry.c.id).where(
        ticket_entry.c.ticket_id == entry.ticket_id,
        ticket_entry.c.kind == EntryKind.CITIZEN,
        ticket_entry.c.id != entry.id,
    )
    return NotMoved.OPENED_IT if connection.scalar(others.limit(1)) is None else entry


def _move(
    connection: Connection,
    entry: Row[*tuple[object, ...]],
    to_id: int,
    *,
    at: datetime,
    operator: str,
    new_id: Callable[[], int],
) -> Moved:
    from_id = entry.ticket_id
    values = {"ticket_id": to_id, "moved_from": from_id, "from_state": None, "to_state": None, "replaced": None}
    connection.execute(update(ticket_entry).where(ticket_entry.c.id == entry.id).values(values))
    both = ticket.c.id.in_([from_id, to_id])
    connection.execute(update(ticket).where(both).values(version=ticket.c.version + 1))
    connection.execute(update(ticket).where(ticket.c.id == to_id).values(said_at=at))
    numbers = dict(connection.execute(select(ticket.c.id, ticket.c.number).where(both)).all())
    for row_id, said in ((from_id, f"moved_to {numbers[to_id]}"), (to_id, f"moved_from {numbers[from_id]}")):
        note = NewEntry(kind=EntryKind.STAFF, at=at, body=said, operator=operator)
        add_entry(connection, row_id, note, before=TicketState.OPEN, state=TicketState.OPEN, new_id=new_id)
    note_changed(connection, from_id, to_id, at=at)
    return Moved(from_id=from_id, to_id=to_id)
