"""What a citizen of the demo texted and got before this start: the simulated networks remember nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from sqlalchemy import Connection, Row, select

from db.schema import EntryKind, OutboundState, inbound, outbound, ticket, ticket_entry
from db.store.address import Msisdn
from db.store.engine import Database
from sms_gateway.channels.smpp.coding.text import Encoding, count_segments
from sms_gateway.demo.handset import Bubble, Direction, Tick

_BY = "SMPP"
_ENCODINGS = {Encoding.GSM: "GSM 03.38", Encoding.UCS2: "UCS-2"}
_TICKS = {OutboundState.SENT: Tick.SENT, OutboundState.DELIVERED: Tick.DELIVERED}
_NOT_OUT = (OutboundState.QUEUED, OutboundState.CLAIMED)
_MOST = 50
"""Of each table; a handset shows the newest."""


def stored_texts(database: Database, number: Msisdn, *, before: datetime) -> Sequence[Bubble]:
    """Return the texts of a number in the database that are older than `before`, oldest first."""
    with database.read() as connection:
        bubbles = [*_typed(connection, number, before), *_received(connection, number, before)]
    return sorted(bubbles, key=attrgetter("at"))


def _typed(connection: Connection, number: Msisdn, before: datetime) -> Sequence[Bubble]:
    """Return texts as they came, and words of the sample tickets, which never came as texts."""
    texts = (
        select(inbound.c.body, inbound.c.received_at.label("at"))
        .where(inbound.c.sender_mark == number, inbound.c.received_at < before)
        .order_by(inbound.c.id.desc())
        .limit(_MOST)
    )
    words = (
        select(ticket_entry.c.body, ticket_entry.c.at)
        .join(ticket, ticket.c.id == ticket_entry.c.ticket_id)
        .outerjoin(inbound, inbound.c.id == ticket_entry.c.inbound_id)
        .where(
            ticket.c.sender_mark == number,
            ticket_entry.c.kind == EntryKind.CITIZEN,
            ticket_entry.c.at < before,
            inbound.c.id.is_(None),
        )
        .order_by(ticket_entry.c.id.desc())
        .limit(_MOST)
    )
    rows = [*connection.execute(texts), *connection.execute(words)]
    return [_bubble(row, Direction.FROM_CITIZEN, Tick.SENT) for row in rows if row.body]


def _received(connection: Connection, number: Msisdn, before: datetime) -> Sequence[Bubble]:
    asked = (
        select(outbound.c.body, outbound.c.masked, outbound.c.created_at.label("at"), outbound.c.state)
        .where(outbound.c.recipient_mark == number, outbound.c.created_at < before)
        .where(outbound.c.state.not_in(_NOT_OUT))
        .order_by(outbound.c.id.desc())
        .limit(_MOST)
    )
    rows = connection.execute(asked)
    return [_bubble(row, Direction.TO_CITIZEN, _TICKS.get(row.state, Tick.FAILED)) for row in rows]


def _bubble(row: Row[*tuple[object, ...]], direction: Direction, tick: Tick) -> Bubble:
    text = row.body or getattr(row, "masked", None) or ""
    encoding, segments = count_segments(text)
    return Bubble(
        direction=direction, text=text, by=_BY, encoding=_ENCODINGS[encoding], segments=segments, tick=tick, at=row.at
    )
