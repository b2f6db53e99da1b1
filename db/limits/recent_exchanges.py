"""What one number wrote lately and what came of it: asked only of few numbers, such as one that may be in a loop."""

from __future__ import annotations

from sqlalchemy import Connection, select

from db.schema import InboundState, inbound, outbound, segment
from db.schema.time_buckets import buckets_since, in_buckets
from db.store.address import Address
from db.store.record import record

MOST = 100
"""Exchanges looked at; the newest count."""


@record
class Exchange:
    """A text, its answer as far as it is kept, and the ids that the carrier gave the answer's segments."""

    text: str
    answer: str  # up to a secret that is deleted already; empty when nothing of it is kept
    message_ids: tuple[str, ...]


def read_exchanges(connection: Connection, sender: Address, *, since_id: int, until_id: int) -> list[Exchange]:
    """Return the answered texts of a number from one id on and before another, oldest first."""
    asked = (
        select(inbound.c.body.label("text"), outbound.c.id, outbound.c.body, outbound.c.masked)
        .join(outbound, outbound.c.inbound_id == inbound.c.id)
        .where(
            in_buckets(inbound.c.id, buckets_since(connection, inbound, since_id)),
            inbound.c.sender_mark == sender,
            inbound.c.state == InboundState.HANDLED,
            inbound.c.id >= since_id,
            inbound.c.id < until_id,
        )
        .order_by(inbound.c.id.desc())
        .limit(MOST)
    )
    rows = connection.execute(asked).all()
    given: dict[int, list[str]] = {row.id: [] for row in rows}
    ids = select(segment.c.outbound_id, segment.c.message_id).where(segment.c.outbound_id.in_(given))
    for outbound_id, message_id in connection.execute(ids):
        given[outbound_id].append(message_id)
    return [
        Exchange(text=row.text, answer=_kept(row.body, row.masked), message_ids=tuple(given[row.id]))
        for row in reversed(rows)
    ]


def has_outcome(connection: Connection, sender: Address, outcome: str, *, since_id: int) -> bool:
    """Return whether a text of a number from one id on had this outcome."""
    asked = select(inbound.c.id).where(
        in_buckets(inbound.c.id, buckets_since(connection, inbound, since_id)),
        inbound.c.sender_mark == sender,
        inbound.c.id >= since_id,
        inbound.c.outcome == outcome,
    )
    return connection.execute(asked.limit(1)).first() is not None


def _kept(body: str | None, masked: str | None) -> str:
    return body if body is not None else (masked or "").partition("*")[0]
