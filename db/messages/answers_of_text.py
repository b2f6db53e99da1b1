"""The answers of one text: whether there is one, and handing it over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import (
    Connection,
    Select,
    case,
    null,
    select,
    update,
)

from db.schema import OutboundState, inbound, outbound
from db.schema.time_buckets import buckets_since, in_buckets
from db.store.address import Address
from db.store.ids import first_id_at

_RETURNED = (OutboundState.QUEUED, OutboundState.SENT)


def has_answer(connection: Connection, inbound_id: int) -> bool:
    """Return whether any answer to this text was ever written."""
    return connection.execute(select(outbound.c.id).where(outbound.c.inbound_id == inbound_id)).first() is not None


def wire_of(connection: Connection, outbound_id: int, *, lately: timedelta) -> bytes | None:
    """Return what came with the text that an answer belongs to, as it was stored; None where there is none.

    Only texts of the link that the answer goes out by count. What belongs to no text, such as an answer of staff,
    belongs to the last one that its recipient sent by that link, up to so long before. A later text changes nothing.
    """
    columns = (outbound.c.link, outbound.c.recipient_mark, outbound.c.created_at, inbound.c.wire)
    came_by = inbound.c.link.label("came_by")
    of_answer = select(*columns, came_by).outerjoin(inbound, outbound.c.inbound_id == inbound.c.id)
    row = connection.execute(of_answer.where(outbound.c.id == outbound_id)).one_or_none()
    if row is None or row.came_by == row.link:
        return None if row is None else row.wire
    since_id = first_id_at(row.created_at - lately)
    last = (
        select(inbound.c.wire)
        .where(
            in_buckets(inbound.c.id, buckets_since(connection, inbound, since_id)),
            inbound.c.sender_mark == row.recipient_mark,
            inbound.c.id.between(since_id, outbound_id),
            inbound.c.link == row.link,
            inbound.c.wire.is_not(None),
        )
        .order_by(inbound.c.id.desc())
        .limit(1)
    )
    wire: bytes | None = connection.execute(last).scalar_one_or_none()
    return wire


def wrote_lately(connection: Connection, recipient: Address, link: str, *, since: datetime) -> bool:
    """Return whether a citizen has sent a text by a link since then, so that `wire_of` would find one."""
    since_id = first_id_at(since)
    texts = select(inbound.c.id).where(
        in_buckets(inbound.c.id, buckets_since(connection, inbound, since_id)),
        inbound.c.sender_mark == recipient,
        inbound.c.id >= since_id,
        inbound.c.link == link,
        inbound.c.wire.is_not(None),
    )
    return connection.execute(texts.limit(1)).first() is not None


def is_there(connection: Connection, *, inbound_id: int, link: str, recipient: Address) -> bool:
    """Return whether a text has an answer to this citizen that goes out by this link."""
    return connection.execute(_answer_to(inbound_id, link, recipient)).first() is not None


def collect(
    connection: Connection, *, inbound_id: int, link: str, recipient: Address, now: datetime
) -> tuple[int, str] | None:
    """Take the answer to this text for its HTTP response: mark it sent, return its id and text.

    Asked again for the same text it returns the same answer again, unless that held a secret, which is gone. An answer
    to another citizen than `recipient` is never returned, whatever text it belongs to. Nor is one that a carrier has
    now, since it would come twice.
    """
    row = connection.execute(_answer_to(inbound_id, link, recipient)).first()
    if row is None or row.body is None or row.state not in _RETURNED:
        return None
    if row.state is OutboundState.QUEUED:
        connection.execute(
            update(outbound)
            .where(outbound.c.id == row.id)
            .values(
                state=OutboundState.SENT,
                sent_at=now,
                attempts=outbound.c.attempts + 1,
                body=case((outbound.c.masked.is_not(None), null()), else_=outbound.c.body),
            )
        )
    return row.id, row.body


def _answer_to(inbound_id: int, link: str, recipient: Address) -> Select[tuple[int, str | None, OutboundState]]:
    return select(outbound.c.id, outbound.c.body, outbound.c.state).where(
        outbound.c.inbound_id == inbound_id, outbound.c.link == link, outbound.c.recipient_mark == recipient
    )
