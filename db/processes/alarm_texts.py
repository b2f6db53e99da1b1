"""Notices of alarms by SMS. They are marked in the outbox: no citizen asked for them, and no rate counts them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, select, text, update

from db.schema import OutboundState, outbound
from db.store.address import Address

IS_ALARM = text("outbound.alarm")
"""Word for word the condition of the partial index: `= 1` would be another."""


def mark_alarm_texts(connection: Connection, ids: Sequence[int]) -> None:
    """Mark texts that were stored in the same transaction. The round of answers need not name the column."""
    connection.execute(update(outbound).where(outbound.c.id.in_(ids)).values(alarm=True))


def count_alarm_texts(connection: Connection, recipient: Address, *, since: int) -> int:
    """Return how many a telephone was written from the id `since` on."""
    span = outbound.c.state.in_(tuple(OutboundState)), outbound.c.id >= since
    asked = select(func.count()).select_from(outbound).where(IS_ALARM, *span, outbound.c.recipient_mark == recipient)
    return connection.execute(asked).scalar_one()
