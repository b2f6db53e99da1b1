"""What ends when: the words of closed tickets, and phones without tickets. Numbers, times and scores stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, case, delete, exists, func, select, text, update

from db.schema import (
    CloseReason,
    TicketState,
    ask,
    citizen,
    kept_text,
    rating,
    ticket,
    ticket_entry,
    ticket_timer,
)
from db.store.address import Address
from db.store.column_types import keyring_of

STEP = 100
"""Tickets in one transaction."""

NOBODY = ""
"""Stands where a phone stood; its mark is the same for all tickets without words."""

_HAS_WORDS = text("ticket.closed_at IS NOT NULL AND ticket.citizen_id IS NOT NULL")


def empty_tickets(connection: Connection, *, closed_before: datetime, limit: int = STEP) -> int:
    """Delete the words of tickets that were closed earlier, and whose they are; return how many. Safe to repeat."""
    asked = select(ticket.c.id).where(_HAS_WORDS, ticket.c.closed_at < closed_before)
    ids = list(connection.scalars(asked.order_by(ticket.c.closed_at).limit(limit)))
    empty(connection, ids)
    return len(ids)


def forget_senders(connection: Connection, *, seen_before: datetime, limit: int = STEP) -> int:
    """Delete the phones that wrote nothing since then and have no ticket; return how many. Safe to repeat."""
    has_ticket = exists().where(ticket.c.citizen_id == citizen.c.id)
    has_text = exists().where(kept_text.c.citizen_id == citizen.c.id)
    asked = select(citizen.c.id).where(citizen.c.seen_at < seen_before, ~has_ticket, ~has_text)
    ids = list(connection.scalars(asked.order_by(citizen.c.seen_at).limit(limit)))
    return connection.execute(delete(citizen).where(citizen.c.id.in_(ids))).rowcount if ids else 0


def empty(connection: Connection, ids: Sequence[int]) -> None:
    """Delete the words of tickets and whose they are. One that is not closed is closed as withdrawn."""
    if not ids:
        return
    closed = ticket.c.state == TicketState.CLOSED
    values = {
        "subject": None,
        "public_reason": None,
        "citizen_id": None,
        "sender_mark": keyring_of(connection.dialect).mark(b"phone", NOBODY.encode()),
        "close_reason": case((closed, ticket.c.close_reason), else_=CloseReason.WITHDRAWN.value),
        "closed_at": func.coalesce(ticket.c.closed_at, ticket.c.said_at),
        "state": TicketState.CLOSED,
        "is_unsure": False,
        "version": ticket.c.version + 1,
    }
    connection.execute(update(ticket).where(ticket.c.id.in_(ids)).values(values))
    connection.execute(update(ticket_entry).where(ticket_entry.c.ticket_id.in_(ids)).values(body=None))
    connection.execute(update(rating).where(rating.c.ticket_id.in_(ids)).values(words=None))
    connection.execute(delete(ticket_timer).where(ticket_timer.c.ticket_id.in_(ids)))
    connection.execute(delete(kept_text).where(kept_text.c.filed_as.in_(ids)))
    connection.execute(delete(ask).where(ask.c.subject_id.in_(ids)))


def erase_sender(connection: Connection, sender: Address) -> int:
    """Delete all words of a phone's tickets, and the phone; return how many tickets. Safe to repeat."""
    ids = list(connection.scalars(select(ticket.c.id).where(ticket.c.sender_mark == sender)))
    for start in range(0, len(ids), STEP):
        empty(connection, ids[start : start + STEP])
    connection.execute(delete(kept_text).where(kept_text.c.sender_mark == sender))
    connection.execute(delete(ask).where(ask.c.sender_mark == sender))
    connection.execute(delete(citizen).where(citizen.c.phone_mark == sender))
    return len(ids)


def empty_entries(connection: Connection, entries: Sequence[int], tickets: Sequence[int]) -> int:
    """Delete the words of some entries, and the subjects of some tickets; return how many entries."""
    done = 0
    for start in range(0, len(entries), STEP):
        some = ticket_entry.c.id.in_(entries[start : start + STEP])
        done += connection.execute(update(ticket_entry).where(some).values(body=None)).rowcount
    for start in range(0, len(tickets), STEP):
        ids = tickets[start : start + STEP]
        connection.execute(update(ticket).where(ticket.c.id.in_(ids)).values(subject=None, public_reason=None))
        connection.execute(update(rating).where(rating.c.ticket_id.in_(ids)).values(words=None))
    return done
