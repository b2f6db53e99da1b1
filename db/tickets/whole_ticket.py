"""One ticket with everything that was said in it, and the list of a citizen's own tickets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, not_, or_, select, text, true

from db.schema import (
    CloseReason,
    EntryKind,
    OperatorRole,
    OutboundState,
    Priority,
    TicketChannel,
    TicketKind,
    TicketState,
    citizen,
    operator,
    operator_unit,
    outbound,
    ticket,
    ticket_entry,
)
from db.schema.tickets import ACTIVE
from db.store.address import Address
from db.store.prepared_statements import Prepared
from db.store.record import record
from db.tickets.senders import marks_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Whose tickets may be seen: of these units, and accusations only of those that the operator leads.

    None for `units` is every unit.
    """

    units: frozenset[int] | None
    led: frozenset[int] = frozenset()


EVERYTHING = Scope(units=None)
"""All units, without accusations: an operator who leads none."""


@record
class Ticket:
    """A ticket as it is. Words are clear, and anyone who shows them masks what must not be seen."""

    id: int
    number: str
    kind: TicketKind
    state: TicketState
    close_reason: CloseReason | None
    channel: TicketChannel
    citizen_id: int | None
    phone: Address | None = field(repr=False)  # None once its words are deleted
    citizen_name: str | None = field(repr=False)
    short_code: str
    reply_link: str
    subject: str | None = field(repr=False)
    language: str
    topic_id: int | None
    unit_id: int
    assignee_id: int | None
    ward_id: int | None
    dossier_id: int | None
    priority: Priority
    is_accusation: bool
    is_unsure: bool
    level_id: int | None
    rule_id: int | None
    routed_by: str
    inbound_id: int | None
    parent_id: int | None
    merged_into: int | None
    created_at: datetime
    said_at: datetime
    taken_at: datetime | None
    first_answer_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    first_due: datetime
    final_due: datetime
    promised_at: datetime
    first_promised_at: datetime | None
    minutes_left: int | None
    working_minutes: int | None
    reopened: int
    transfers: int
    public_reason: str | None = field(repr=False)
    version: int


@record
class OfferedTicket:
    """What a choice among the tickets of a phone shows of one."""

    number: str
    state: TicketState
    subject: str | None = field(repr=False)


@record
class Entry:
    """A line of a ticket's history, and what became of its SMS."""

    id: int
    kind: EntryKind
    inbound_id: int | None
    outbound_id: int | None
    operator: str | None
    unit_id: int | None
    body: str | None = field(repr=False)
    from_state: TicketState | None
    to_state: TicketState | None
    moved_from: int | None
    replaced: str | None
    at: datetime
    sms: OutboundState | None
    sms_error: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnTickets:
    """The newest of a citizen's own tickets, and how many there are."""

    newest: Sequence[Ticket]
    count: int


_ACTIVE = text(f"ticket.{ACTIVE}")  # word for word the condition of the partial index

_COLUMNS = [
    *(column for column in ticket.c if column.name != "sender_mark"),
    citizen.c.phone,
    citizen.c.name.label("citizen_name"),
]
_TICKETS = select(*_COLUMNS).select_from(ticket).outerjoin(citizen, citizen.c.id == ticket.c.citizen_id)
_NAMES = tuple(column.name for column in _TICKETS.selected_columns)
_BY_ID = Prepared(_TICKETS.where(ticket.c.id.in_(bindparam("ids", expanding=True))))


def visible(scope: Scope, unit_id: ColumnElement[int] = ticket.c.unit_id) -> ColumnElement[bool]:
    """Return the condition that a ticket may be seen; `unit_id` may be written so that no index begins with it."""
    seen = true() if scope.units is None else unit_id.in_(scope.units)
    if not scope.led:
        return and_(seen, not_(ticket.c.is_accusation))
    return and_(seen, or_(not_(ticket.c.is_accusation), unit_id.in_(scope.led)))


def read_ticket(connection: Connection, ticket_id: int, scope: Scope) -> Ticket | None:
    """Return a ticket; None when there is none, or when it may not be seen."""
    return _one(connection, ticket.c.id == ticket_id, visible(scope))


def find_ticket(connection: Connection, number: str, scope: Scope) -> Ticket | None:
    """Return the ticket of a number; None when there is none, or when it may not be seen."""
    return _one(connection, ticket.c.number == number, visible(scope))


def find_numbered(connection: Connection, number: str) -> Ticket | None:
    """Return the ticket of a number, also one that nobody may see here: nothing of it may be shown."""
    return _one(connection, ticket.c.number == number)


def visible_numbers(
    connection: Connection, scope: Scope, *, ids: Collection[int], numbers: Collection[str]
) -> Mapping[int, str]:
    """Return, of the tickets of these ids and numbers, the numbers of those that may be seen, by id."""
    if not ids and not numbers:
        return {}
    named = or_(ticket.c.id.in_(ids), ticket.c.number.in_(numbers))
    return {
        row.id: row.number
        for row in connection.execute(select(ticket.c.id, ticket.c.number).where(named, visible(scope)))
    }


def list_own(
    connection: Connection, sender: Address, *, since: datetime, most: int, closed: bool = False
) -> OwnTickets:
    """Return the sender's tickets with contact since then, newest first; closed ones only when they are wanted."""
    theirs = [ticket.c.sender_mark == sender, ticket.c.said_at >= since]
    if not closed:
        theirs.append(ticket.c.state != TicketState.CLOSED)
    rows = connection.execute(_TICKETS.where(*theirs).order_by(ticket.c.id.desc()).limit(most))
    newest = [read_row(row) for row in rows]
    count = connection.scalar(select(func.count()).select_from(ticket).where(*theirs)) or 0
    return OwnTickets(newest=newest, count=count)


def newest_of(
    connection: Connection, phones: Collection[Address], scope: Scope, *, most: int
) -> Mapping[Address, Sequence[OfferedTicket]]:
    """Return the newest tickets of each phone that may be seen, the newest first; none of a phone without any.

    Only those that can take a text: what was merged goes on in another ticket.
    """
    place = func.row_number().over(partition_by=ticket.c.sender_mark, order_by=ticket.c.id.desc())
    ranked = select(ticket.c.id, place.label("place")).where(
        ticket.c.sender_mark.in_(phones), ticket.c.merged_into.is_(None), visible(scope)
    )
    newest = ranked.subquery()
    ids = select(newest.c.id).where(newest.c.place <= most)
    shown = ticket.c.sender_mark, ticket.c.number, ticket.c.state, ticket.c.subject
    rows = connection.execute(select(*shown).where(ticket.c.id.in_(ids)).order_by(ticket.c.id.desc()))
    by_mark = marks_of(connection, phones)
    found: dict[Address, list[OfferedTicket]] = {}
    for mark, number, state, subject in rows:
        found.setdefault(by_mark[mark], []).append(OfferedTicket(number=number, state=state, subject=subject))
    return found


def read_tickets(connection: Connection, ids: Sequence[int]) -> Sequence[Ticket]:
    """Return the tickets of these ids, in their order."""
    if not ids:
        return []
    found = [dict(zip(_NAMES, row, strict=True)) for row in _BY_ID.fetch(connection, {"ids": ids})]
    rows = {row["id"]: row for row in found}
    return [Ticket(**rows[row_id]) for row_id in ids if row_id in rows]


def tickets_of(connection: Connection, operator_id: int) -> Sequence[int]:
    """Return the ids of the tickets that an operator has and that are not answered."""
    return connection.scalars(select(ticket.c.id).where(_ACTIVE, ticket.c.assignee_id == operator_id)).all()


def agents_gone(connection: Connection, now: datetime) -> Sequence[int]:
    """Return the agents who have tickets of a unit that they work for no more: their last day is over."""
    ended = (
        (operator_unit.c.operator_id == ticket.c.assignee_id)
        & (operator_unit.c.unit_id == ticket.c.unit_id)
        & (operator_unit.c.until <= now)
    )
    # Who sees every unit keeps what they have.
    is_agent = (operator.c.id == ticket.c.assignee_id) & (operator.c.role == OperatorRole.AGENT)
    asked = select(ticket.c.assignee_id).join(operator_unit, ended).join(operator, is_agent).where(_ACTIVE).distinct()
    return list(connection.scalars(asked.order_by(ticket.c.assignee_id)))


def read_entries(connection: Connection, ticket_id: int) -> Sequence[Entry]:
    """Return the history of a ticket, oldest first."""
    asked = (
        select(
            ticket_entry.c.id,
            ticket_entry.c.kind,
            ticket_entry.c.inbound_id,
            ticket_entry.c.outbound_id,
            ticket_entry.c.operator,
            ticket_entry.c.unit_id,
            ticket_entry.c.body,
            ticket_entry.c.from_state,
            ticket_entry.c.to_state,
            ticket_entry.c.moved_from,
            ticket_entry.c.replaced,
            ticket_entry.c.at,
            outbound.c.state.label("sms"),
            outbound.c.error.label("sms_error"),
        )
        .outerjoin(outbound, outbound.c.id == ticket_entry.c.outbound_id)
        .where(ticket_entry.c.ticket_id == ticket_id)
        .order_by(ticket_entry.c.id)
    )
    return [Entry(**row._mapping) for row in connection.execute(asked)]  # noqa: SLF001 - SQLAlchemy's public name


def read_automatic(connection: Connection, entries: Sequence[Entry]) -> Sequence[Entry]:
    """Return the automatic answers to the texts of these entries, as lines of the history, oldest first."""
    texts = [one.inbound_id for one in entries if one.inbound_id is not None]
    if not texts:
        return []
    asked = select(outbound).where(outbound.c.inbound_id.in_(texts)).order_by(outbound.c.id)
    return [
        Entry(
            id=row.id,
            kind=EntryKind.SYSTEM,
            inbound_id=None,
            outbound_id=row.id,
            operator=None,
            unit_id=None,
            body=row.masked or row.body,
            from_state=None,
            to_state=None,
            moved_from=None,
            replaced=None,
            at=row.created_at,
            sms=row.state,
            sms_error=row.error,
        )
        for row in connection.execute(asked)
    ]


def read_row(row: Row[*tuple[object, ...]]) -> Ticket:
    """Make a ticket of a row."""
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row by column
    return Ticket(**values)


def _one(connection: Connection, *conditions: ColumnElement[bool]) -> Ticket | None:
    row = connection.execute(_TICKETS.where(*conditions)).one_or_none()
    return None if row is None else read_row(row)
