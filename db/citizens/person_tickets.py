"""The tickets of a person: all of a number's, and the words in them that hold an identity number or its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, select

from db.schema import ask, citizen, kept_text, rating, ticket, ticket_entry
from db.store.address import Address
from db.tickets.retention import empty_entries

AT_ONCE = 500
"""Ids in one statement."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredEntry:
    """A line of a ticket; words are None where there are none, or no more."""

    at: datetime
    kind: str
    words: str | None
    operator: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredTicket:
    """A ticket with its words, and how it was rated."""

    number: str
    kind: str
    state: str
    created_at: datetime
    subject: str | None
    public_reason: str | None
    entries: Sequence[StoredEntry]
    score: int | None
    rating_words: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredKept:
    """A text that waits beside the tickets."""

    at: datetime
    short_code: str
    reason: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredSender:
    """A phone that wrote about a matter, and what it was asked last."""

    phone: str
    name: str | None
    language: str | None
    created_at: datetime
    seen_at: datetime
    asked: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """Where words of a person are: entries, tickets by their subject or rating, and kept texts."""

    entries: Sequence[int]
    tickets: Sequence[int]
    kept: Sequence[int]
    named: bool = False  # the row of the phone has the name


def tickets_of(connection: Connection, number: Address) -> Sequence[StoredTicket]:
    """Return the tickets of a number, oldest first."""
    ids = connection.scalars(select(ticket.c.id).where(ticket.c.sender_mark == number).order_by(ticket.c.id))
    return _tickets(connection, list(ids), None)


def tickets_with(connection: Connection, words: Words) -> Sequence[StoredTicket]:
    """Return the tickets that hold these words, with those entries alone."""
    named = connection.scalars(select(ticket_entry.c.ticket_id).where(ticket_entry.c.id.in_(words.entries)))
    return _tickets(connection, sorted({*named, *words.tickets}), frozenset(words.entries))


def kept_of(connection: Connection, number: Address) -> Sequence[StoredKept]:
    """Return the kept texts of a number."""
    return _kept(connection, kept_text.c.sender_mark == number)


def kept_with(connection: Connection, words: Words) -> Sequence[StoredKept]:
    """Return these kept texts."""
    return _kept(connection, kept_text.c.id.in_(words.kept))


def senders_of(connection: Connection, number: Address) -> Sequence[StoredSender]:
    """Return the row of a number; there is one at most."""
    asked = connection.scalars(select(ask.c.kind).where(ask.c.sender_mark == number))
    kinds = [kind.value for kind in asked]
    return [
        StoredSender(
            phone=row.phone,
            name=row.name,
            language=row.language,
            created_at=row.created_at,
            seen_at=row.seen_at,
            asked=kinds,
        )
        for row in connection.execute(select(citizen).where(citizen.c.phone_mark == number))
    ]


def find_words(
    connection: Connection,
    phone: Address,
    tells: Callable[[str], bool],
    *,
    texts: Sequence[int],
    answers: Sequence[int],
) -> Words:
    """Find words that tell of a person: in tickets and kept texts of a phone, or copied from these texts and answers.

    Words of tickets are stored longer than the texts they came in, so each is opened.
    """
    theirs = ticket.c.sender_mark == phone
    said = select(ticket_entry.c.id, ticket_entry.c.body, ticket_entry.c.inbound_id, ticket_entry.c.outbound_id)
    named, sent = frozenset(texts), frozenset(answers)
    entries = [
        row.id
        for row in connection.execute(said.join(ticket, ticket.c.id == ticket_entry.c.ticket_id).where(theirs))
        if row.inbound_id in named or row.outbound_id in sent or tells(row.body or "")
    ]
    subjects = select(ticket.c.id, ticket.c.inbound_id, ticket.c.subject, ticket.c.public_reason, rating.c.words)
    tickets = [
        row.id
        for row in connection.execute(subjects.outerjoin(rating, rating.c.ticket_id == ticket.c.id).where(theirs))
        if row.inbound_id in named or any(tells(words or "") for words in (row.subject, row.public_reason, row.words))
    ]
    waiting = select(kept_text.c.id, kept_text.c.inbound_id, kept_text.c.body).where(kept_text.c.sender_mark == phone)
    kept = [row.id for row in connection.execute(waiting) if row.inbound_id in named or tells(row.body)]
    name = connection.scalar(select(citizen.c.name).where(citizen.c.phone_mark == phone))
    return Words(entries=entries, tickets=tickets, kept=kept, named=tells(name or ""))


def erase_words(connection: Connection, phone: Address, words: Words) -> int:
    """Delete these words; the tickets stay. Return in how many tickets. Safe to repeat."""
    tickets = set(words.tickets)
    for start in range(0, len(words.entries), AT_ONCE):
        some = ticket_entry.c.id.in_(words.entries[start : start + AT_ONCE])
        tickets.update(connection.scalars(select(ticket_entry.c.ticket_id).where(some)))
    empty_entries(connection, words.entries, words.tickets)
    for start in range(0, len(words.kept), AT_ONCE):
        connection.execute(kept_text.delete().where(kept_text.c.id.in_(words.kept[start : start + AT_ONCE])))
    if words.named:
        connection.execute(citizen.update().where(citizen.c.phone_mark == phone).values(name=None))
    return len(tickets)


def _tickets(connection: Connection, ids: Sequence[int], entries: frozenset[int] | None) -> Sequence[StoredTicket]:
    asked = select(ticket, rating.c.score, rating.c.words).outerjoin(rating, rating.c.ticket_id == ticket.c.id)
    found: list[StoredTicket] = []
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        lines = _entries(connection, some, entries)
        rows = connection.execute(asked.where(ticket.c.id.in_(some)).order_by(ticket.c.id))
        found += [_ticket(row, lines.get(row.id, [])) for row in rows]
    return found


def _ticket(row: Row[*tuple[object, ...]], entries: Sequence[StoredEntry]) -> StoredTicket:
    return StoredTicket(
        number=row.number,
        kind=row.kind.value,
        state=row.state.value,
        created_at=row.created_at,
        subject=row.subject,
        public_reason=row.public_reason,
        entries=entries,
        score=row.score,
        rating_words=row.words,
    )


def _entries(
    connection: Connection, ids: Sequence[int], entries: frozenset[int] | None
) -> dict[int, list[StoredEntry]]:
    found: dict[int, list[StoredEntry]] = {}
    asked = select(ticket_entry).where(ticket_entry.c.ticket_id.in_(ids)).order_by(ticket_entry.c.id)
    for row in connection.execute(asked):
        if entries is None or row.id in entries:
            line = StoredEntry(at=row.at, kind=row.kind.value, words=row.body, operator=row.operator)
            found.setdefault(row.ticket_id, []).append(line)
    return found


def _kept(connection: Connection, theirs: ColumnElement[bool]) -> Sequence[StoredKept]:
    return [
        StoredKept(at=row.kept_at, short_code=row.short_code, reason=row.reason.value, words=row.body)
        for row in connection.execute(select(kept_text).where(theirs).order_by(kept_text.c.id))
    ]
