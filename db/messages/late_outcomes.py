"""Answers of which the carrier says late what became of them, when the try was given up before."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, case, null, update

from db.processes.webhook_messages import note_lost
from db.schema import OutboundState, outbound

_WITHOUT_SECRET = case((outbound.c.masked.is_not(None), null()), else_=outbound.c.body)


def settle(connection: Connection, ids: Collection[int], *, error: str, at: datetime) -> list[int]:
    """Mark answers as sent whose segments the carrier took, as it said late; return which were.

    They wait for another try, became too old for it, or were given up with this error. What is claimed is left to its
    claimer. One that was sent once only is not unsure any more.
    """
    waiting = outbound.c.state.in_((OutboundState.QUEUED, OutboundState.EXPIRED))
    given_up = (outbound.c.state == OutboundState.FAILED) & (outbound.c.error == error)
    rows = connection.scalars(
        update(outbound)
        .where(outbound.c.id.in_(ids), waiting | given_up)
        .values(
            state=OutboundState.SENT,
            sent_at=at,
            settled_at=None,
            error=None,
            unsure=outbound.c.unanswered > 1,
            body=_WITHOUT_SECRET,
        )
        .returning(outbound.c.id)
    )
    return sorted(rows)


def refuse(connection: Connection, outbound_id: int, *, error: str, at: datetime) -> bool:
    """Mark an answer that waits for another try as failed, since the carrier refused it late; return whether it was."""
    row = connection.execute(
        update(outbound)
        .where(outbound.c.id == outbound_id, outbound.c.state == OutboundState.QUEUED)
        .values(state=OutboundState.FAILED, settled_at=at, error=error, body=_WITHOUT_SECRET)
        .returning(outbound.c.id)
    ).first()
    if row is None:
        return False
    note_lost(connection, [outbound_id], at=at)
    return True
