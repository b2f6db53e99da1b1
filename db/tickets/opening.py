"""New tickets: each from one text, or written down by an agent; the number is drawn, and drawn again on a clash."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from db.processes.webhook_tickets import note_opened
from db.schema import (
    EntryKind,
    Priority,
    TicketChannel,
    TicketKind,
    TicketState,
    TimerKind,
    ticket,
    ticket_entry,
    ticket_timer,
)
from db.store.address import Address
from db.store.prepared_statements import Prepared
from db.store.record import record
from db.tickets.senders import meet

MOST_DRAWS = 100
"""Numbers drawn for one ticket. Of the 20 million numbers most are free; so many clashes mean a source that repeats."""

Draw = Callable[[], str]
"""Draws a ticket number: YC and nine digits."""


class NumbersRepeatError(Exception):
    """The source of ticket numbers gave only numbers that are taken. A mistake of ours; nothing was opened."""


@record
class NewTicket:
    """A ticket to open, with its first words. `inbound_id` is None when an agent writes it down.

    `row_id` is given by a form that must open one ticket however often it is sent; None: a new id.
    """

    kind: TicketKind
    sender: Address
    short_code: str
    reply_link: str
    subject: str
    body: str
    language: str
    unit_id: int
    routed_by: str
    created_at: datetime
    first_due: datetime
    final_due: datetime
    promised_at: datetime
    inbound_id: int | None = None
    channel: TicketChannel = TicketChannel.TEXT
    priority: Priority = Priority.NORMAL
    is_accusation: bool = False
    is_unsure: bool = False
    topic_id: int | None = None
    ward_id: int | None = None
    dossier_id: int | None = None
    level_id: int | None = None
    rule_id: int | None = None
    parent_id: int | None = None
    operator: str | None = None
    timers: Mapping[TimerKind, datetime] = field(default_factory=dict)
    row_id: int | None = None


class Opened(NamedTuple):
    """The ticket of a text; `is_new` is False when the text was filed before, in whatever ticket."""

    id: int
    number: str
    is_new: bool


_COLUMNS = (
    "id",
    "number",
    "kind",
    "state",
    "channel",
    "citizen_id",
    "sender_mark",
    "short_code",
    "reply_link",
    "subject",
    "language",
    "topic_id",
    "unit_id",
    "ward_id",
    "dossier_id",
    "priority",
    "is_accusation",
    "is_unsure",
    "level_id",
    "rule_id",
    "routed_by",
    "inbound_id",
    "parent_id",
    "created_at",
    "said_at",
    "first_due",
    "final_due",
    "promised_at",
)
_ADD_ON = {
    # Of the number alone: a text that another process files at the same moment raises IntegrityError.
    "sqlite": Prepared(insert_on_sqlite(ticket).on_conflict_do_nothing(index_elements=["number"]), *_COLUMNS),
    "postgresql": Prepared(insert_on_postgresql(ticket).on_conflict_do_nothing(index_elements=["number"]), *_COLUMNS),
}
_ADDED = Prepared(select(ticket.c.id).where(ticket.c.id.in_(bindparam("ids", expanding=True))))
_FILED = Prepared(
    select(ticket_entry.c.inbound_id, ticket.c.id, ticket.c.number)
    .join(ticket, ticket.c.id == ticket_entry.c.ticket_id)
    .where(ticket_entry.c.inbound_id.in_(bindparam("ids", expanding=True)))
)
_ADD_ENTRY = Prepared(
    insert(ticket_entry), "id", "ticket_id", "kind", "inbound_id", "operator", "body", "to_state", "at"
)
_ADD_TIMER = Prepared(insert(ticket_timer), "ticket_id", "kind", "at")


def open_tickets(
    connection: Connection,
    new: Sequence[NewTicket],
    *,
    draw: Draw,
    new_id: Callable[[], int],
    notes_texts: bool = True,
) -> Sequence[Opened]:
    """Open a ticket for each; one whose text was filed before is returned as it is. Raises NumbersRepeatError.

    Without `notes_texts` staff file texts that came long ago: what a citizen writes next does not go on with them.

    Safe to repeat. When another process files the same text at the same moment, one of the two raises IntegrityError:
    its transaction is rolled back, and finds the other's ticket the next time.
    """
    filed = _filed(connection, [one.inbound_id for one in new if one.inbound_id is not None])
    wanted = [one for one in new if one.inbound_id is None or one.inbound_id not in filed]
    numbered = insert_tickets(connection, wanted, draw=draw, new_id=new_id, notes_texts=notes_texts)
    _ADD_ENTRY.run_many(connection, [_entry(one, opened, new_id()) for one, opened in numbered])
    made = iter([opened for _, opened in numbered])
    return [filed[one.inbound_id] if one.inbound_id in filed else next(made) for one in new]


def insert_tickets(
    connection: Connection,
    new: Sequence[NewTicket],
    *,
    draw: Draw,
    new_id: Callable[[], int],
    notes_texts: bool = False,
) -> Sequence[tuple[NewTicket, Opened]]:
    """Insert the rows of tickets and of their timers, without an entry; return each with its number.

    Raises IntegrityError when a given id is taken: its ticket is open already. `notes_texts`: the texts that open them
    are the last ones that their senders had filed.
    """
    if not new:
        return []
    ids = [new_id() if one.row_id is None else one.row_id for one in new]
    texts = [
        (one.sender, row_id, one.created_at)
        for row_id, one in zip(ids, new, strict=True)
        if notes_texts and one.inbound_id is not None
    ]
    citizens = meet(connection, [one.sender for one in new], now=new[0].created_at, new_id=new_id, filed=texts)
    numbers: dict[int, str] = {}
    left = dict(zip(ids, new, strict=True))
    for _ in range(MOST_DRAWS):
        drawn = {row_id: draw() for row_id in left}
        rows = [_row(row_id, drawn[row_id], one, citizens[one.sender]) for row_id, one in left.items()]
        _ADD_ON[connection.dialect.name].run_many(connection, rows)
        for (row_id,) in _ADDED.fetch(connection, {"ids": list(left)}):
            numbers[row_id] = drawn[row_id]
            del left[row_id]
        if not left:
            break
    else:
        raise NumbersRepeatError
    _ADD_TIMER.run_many(
        connection,
        [(row_id, kind, at) for row_id, one in zip(ids, new, strict=True) for kind, at in one.timers.items()],
    )
    note_opened(connection, ids, at=new[0].created_at)
    return [(one, Opened(row_id, numbers[row_id], is_new=True)) for row_id, one in zip(ids, new, strict=True)]


def _filed(connection: Connection, inbound_ids: Sequence[int]) -> Mapping[int | None, Opened]:
    """Return the tickets of the texts that were filed before."""
    if not inbound_ids:
        return {}
    rows = _FILED.fetch(connection, {"ids": inbound_ids})
    return {inbound_id: Opened(row_id, number, is_new=False) for inbound_id, row_id, number in rows}


def _row(row_id: int, number: str, new: NewTicket, citizen_id: int) -> tuple[object, ...]:
    return (
        row_id,
        number,
        new.kind,
        TicketState.NEW,
        new.channel,
        citizen_id,
        new.sender,  # becomes its mark
        new.short_code,
        new.reply_link,
        new.subject,
        new.language,
        new.topic_id,
        new.unit_id,
        new.ward_id,
        new.dossier_id,
        new.priority,
        new.is_accusation,
        new.is_unsure,
        new.level_id,
        new.rule_id,
        new.routed_by,
        new.inbound_id,
        new.parent_id,
        new.created_at,
        new.created_at,
        new.first_due,
        new.final_due,
        new.promised_at,
    )


def _entry(new: NewTicket, opened: Opened, entry_id: int) -> tuple[object, ...]:
    return (
        entry_id,
        opened.id,
        EntryKind.CITIZEN,
        new.inbound_id,
        new.operator,
        new.body,
        TicketState.NEW,
        new.created_at,
    )
