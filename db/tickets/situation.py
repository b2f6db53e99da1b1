"""What is open for the senders of a batch of texts: one query for all of them, read before they are filed.

Closed tickets without contact for a year are left out unless their number is in a text: a phone may have another owner.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, LargeBinary, and_, bindparam, or_, select, type_coerce

from db.schema import (
    AskKind,
    CloseReason,
    KeptReason,
    Priority,
    TicketChannel,
    TicketKind,
    TicketState,
    ask,
    citizen,
    kept_text,
    outbound,
    rating,
    ticket,
    ticket_entry,
)
from db.store.address import Address
from db.store.column_types import Utc, keyring_of
from db.store.prepared_statements import Prepared
from db.store.sealing import Keyring
from db.tickets.asks import StoredAsk, split_ids
from db.tickets.senders import marks_of

LISTED_FOR = timedelta(days=365)
"""How long after the last contact a closed ticket is found without its number."""

REPEATED_WITHIN = timedelta(hours=24)
"""How long a ticket's first words are read: the same words again are no new matter."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnTicket:
    """A ticket of the sender. `words` are those that opened it, None when that is longer ago than a day.

    `subject` is empty for an accusation: answers quote it, and others read on the same phone.
    """

    id: int
    number: str
    kind: TicketKind
    state: TicketState
    close_reason: CloseReason | None
    priority: Priority
    subject: str = field(repr=False)
    words: str | None = field(repr=False)
    created_at: datetime
    said_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    final_due: datetime
    promised_at: datetime
    unit_id: int
    assignee_id: int | None
    version: int
    score: int | None
    merged_into: str | None  # the number of the next ticket; see db.tickets.merging.final_ticket
    merged_id: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptWords:
    """A kept text that the sender is asked about."""

    id: int
    first_id: int
    inbound_id: int
    reason: KeptReason
    body: str = field(repr=False)
    kept_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SenderRows:
    """Everything that decides where a text of one sender is filed; tickets are newest first, kept texts oldest."""

    tickets: Sequence[OwnTicket] = ()
    asks: Mapping[str, StoredAsk] = field(default_factory=lambda: MappingProxyType({}))  # by short code; live or not
    kept: Sequence[KeptWords] = ()
    previous_ticket_id: int | None = None
    previous_at: datetime | None = None
    opened_today: int = 0
    language: str | None = None


NOTHING = SenderRows()
"""What is open for a phone that never wrote about a matter."""

_RAW = LargeBinary()
_TARGET = ticket.alias("target")
_OPENING = ticket_entry.alias("opening")
_COLUMNS = {
    "mark": citizen.c.phone_mark,
    "language": citizen.c.language,
    "previous_ticket_id": citizen.c.previous_ticket_id,
    "previous_at": citizen.c.previous_at,
    "id": ticket.c.id,
    "number": ticket.c.number,
    "kind": ticket.c.kind,
    "state": ticket.c.state,
    "close_reason": ticket.c.close_reason,
    "priority": ticket.c.priority,
    # Opened once each, although a ticket stands in several rows when there are several kept texts.
    "subject": type_coerce(ticket.c.subject, _RAW),
    "words": type_coerce(_OPENING.c.body, _RAW),
    "created_at": ticket.c.created_at,
    "said_at": ticket.c.said_at,
    "resolved_at": ticket.c.resolved_at,
    "closed_at": ticket.c.closed_at,
    "final_due": ticket.c.final_due,
    "promised_at": ticket.c.promised_at,
    "unit_id": ticket.c.unit_id,
    "assignee_id": ticket.c.assignee_id,
    "version": ticket.c.version,
    "is_accusation": ticket.c.is_accusation,
    "channel": ticket.c.channel,
    "parent_id": ticket.c.parent_id,
    "score": rating.c.score,
    "merged_into": _TARGET.c.number,
    "merged_id": _TARGET.c.id,
    "ask_code": ask.c.short_code,
    "ask_kind": ask.c.kind,
    "ask_subject": ask.c.subject_id,
    "ask_outbound": ask.c.outbound_id,
    "ask_choices": ask.c.choices,
    "ask_made_at": ask.c.made_at,
    "ask_until": ask.c.until,
    "ask_sent_at": outbound.c.sent_at,
    "kept_id": kept_text.c.id,
    "kept_first_id": kept_text.c.first_id,
    "kept_inbound_id": kept_text.c.inbound_id,
    "kept_reason": kept_text.c.reason,
    "kept_body": type_coerce(kept_text.c.body, _RAW),
    "kept_at": kept_text.c.kept_at,
}
_TO_CHOOSE = or_(ask.c.kind == AskKind.WHICH, ask.c.kind == AskKind.SEND_KEPT)
_READ = Prepared(
    select(*(column.label(name) for name, column in _COLUMNS.items()))
    .select_from(citizen)
    .outerjoin(
        ticket,
        and_(
            ticket.c.sender_mark == citizen.c.phone_mark,
            or_(
                ticket.c.state != TicketState.CLOSED,
                ticket.c.said_at >= bindparam("listed_since", type_=Utc()),
                ticket.c.number.in_(bindparam("numbers", expanding=True)),
            ),
        ),
    )
    .outerjoin(_TARGET, _TARGET.c.id == ticket.c.merged_into)
    .outerjoin(rating, rating.c.ticket_id == ticket.c.id)
    .outerjoin(
        _OPENING,
        and_(
            _OPENING.c.inbound_id == ticket.c.inbound_id,
            ticket.c.created_at >= bindparam("repeated_since", type_=Utc()),
        ),
    )
    .outerjoin(ask, ask.c.sender_mark == citizen.c.phone_mark)
    .outerjoin(outbound, outbound.c.id == ask.c.outbound_id)
    .outerjoin(
        kept_text,
        and_(kept_text.c.first_id == ask.c.subject_id, _TO_CHOOSE, kept_text.c.sorted_at.is_(None)),
    )
    .where(citizen.c.phone_mark.in_(bindparam("marks", expanding=True)))
)


def read_situations(
    connection: Connection,
    senders: Collection[Address],
    *,
    numbers: Collection[str],
    today_since: datetime,
    now: datetime,
) -> Mapping[Address, SenderRows]:
    """Return what is open for each of these senders; a sender of whom nothing is stored is left out (`NOTHING`).

    `numbers` are the ticket numbers in their texts. `today_since` is when the service's day began.
    """
    by_mark = marks_of(connection, senders)
    if not by_mark:
        return {}
    values = {
        "marks": list(by_mark),
        "numbers": list(numbers) or [""],
        "listed_since": now - LISTED_FOR,
        "repeated_since": now - REPEATED_WITHIN,
    }
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in _READ.fetch(connection, values)]
    keyring = keyring_of(connection.dialect)
    each: dict[bytes, list[dict[str, Any]]] = {}
    for row in rows:
        each.setdefault(row["mark"], []).append(row)
    return {by_mark[mark]: _rows_of_sender(keyring, its, today_since) for mark, its in each.items()}


def _rows_of_sender(keyring: Keyring, rows: Sequence[dict[str, Any]], today_since: datetime) -> SenderRows:
    tickets = {row["id"]: row for row in rows if row["id"] is not None}
    kept = {row["kept_id"]: row for row in rows if row["kept_id"] is not None}
    return SenderRows(
        tickets=[_ticket(keyring, tickets[row_id]) for row_id in sorted(tickets, reverse=True)],
        asks=MappingProxyType({row["ask_code"]: _ask(row) for row in rows if row["ask_code"] is not None}),
        kept=[_kept(keyring, kept[row_id]) for row_id in sorted(kept)],
        previous_ticket_id=rows[0]["previous_ticket_id"],
        previous_at=rows[0]["previous_at"],
        opened_today=sum(
            row["created_at"] >= today_since and row["channel"] is TicketChannel.TEXT and row["parent_id"] is None
            for row in tickets.values()
        ),
        language=rows[0]["language"],
    )


def _ticket(keyring: Keyring, row: dict[str, Any]) -> OwnTicket:
    return OwnTicket(
        id=row["id"],
        number=row["number"],
        kind=row["kind"],
        state=row["state"],
        close_reason=row["close_reason"],
        priority=row["priority"],
        subject="" if row["is_accusation"] else _opened(keyring, row["subject"], b"ticket.subject") or "",
        words=_opened(keyring, row["words"], b"ticket_entry.body"),
        created_at=row["created_at"],
        said_at=row["said_at"],
        resolved_at=row["resolved_at"],
        closed_at=row["closed_at"],
        final_due=row["final_due"],
        promised_at=row["promised_at"],
        unit_id=row["unit_id"],
        assignee_id=row["assignee_id"],
        version=row["version"],
        score=row["score"],
        merged_into=row["merged_into"],
        merged_id=row["merged_id"],
    )


def _ask(row: dict[str, Any]) -> StoredAsk:
    return StoredAsk(
        kind=row["ask_kind"],
        subject_id=row["ask_subject"],
        outbound_id=row["ask_outbound"],
        choices=split_ids(row["ask_choices"]),
        made_at=row["ask_made_at"],
        until=row["ask_until"],
        sent_at=row["ask_sent_at"],
    )


def _kept(keyring: Keyring, row: dict[str, Any]) -> KeptWords:
    return KeptWords(
        id=row["kept_id"],
        first_id=row["kept_first_id"],
        inbound_id=row["kept_inbound_id"],
        reason=row["kept_reason"],
        body=_opened(keyring, row["kept_body"], b"kept_text.body") or "",
        kept_at=row["kept_at"],
    )


def _opened(keyring: Keyring, sealed: bytes | None, place: bytes) -> str | None:
    return None if sealed is None else keyring.open(bytes(sealed), place).decode("utf-8", "surrogatepass")
