"""Parked texts: whose handling failed too often, until an operator lets them be handled again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from db.messages.events import EventKind
from db.messages.inbox import BATCH
from db.schema import InboundState, event, inbound
from db.store.record import record


@record
class ParkedText:
    """A text that could not be handled; `fault` tells the exceptions' types and places, and holds no personal data."""

    id: int
    link: str
    received_at: datetime
    parked_at: datetime | None
    fault: str


def find_parked(connection: Connection, *, limit: int = BATCH) -> list[ParkedText]:
    """Return the parked texts, oldest first, each with the fault that its last handling ended in."""
    told = event.alias("told")
    newest = (
        select(func.max(told.c.id)).where(told.c.inbound_id == inbound.c.id, told.c.kind == EventKind.PARKED.value)
    ).scalar_subquery()
    rows = connection.execute(
        select(inbound.c.id, inbound.c.link, inbound.c.received_at, inbound.c.handled_at, event.c.detail)
        .join_from(inbound, event, event.c.id == newest, isouter=True)
        .where(inbound.c.state == InboundState.PARKED)
        .order_by(inbound.c.id)
        .limit(limit)
    )
    return [
        ParkedText(
            id=row.id, link=row.link, received_at=row.received_at, parked_at=row.handled_at, fault=row.detail or ""
        )
        for row in rows
    ]


def run_parked_again(connection: Connection, ids: Collection[int] | None = None) -> list[int]:
    """Let parked texts be handled anew, these or all; return which. One that is not parked is left, so once is once.

    The caller adds an event, and wakes the pipeline (db.processes.wake_up).
    """
    chosen = inbound.c.state == InboundState.PARKED
    if ids is not None:
        chosen &= inbound.c.id.in_(ids)
    rows = connection.scalars(
        update(inbound)
        .where(chosen)
        .values(state=InboundState.RECEIVED, attempts=0, lease_until=None, handled_at=None)
        .returning(inbound.c.id)
    )
    return sorted(rows)
