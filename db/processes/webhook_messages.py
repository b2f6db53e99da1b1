"""Events of answers that did not arrive, for systems of the city."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, select

from db.processes.webhook_events import is_wanted, note_events, row_id
from db.schema import OutboundState, WebhookType, outbound

_LOST = (OutboundState.FAILED, OutboundState.EXPIRED)
_AT_ONCE = 500
"""Ids in one statement; databases bound how many a statement may carry."""


@contextmanager
def noting_failures(connection: Connection, ids: Collection[int], *, at: datetime) -> Iterator[None]:
    """Write an event for each of these answers that the statements inside turn into a failed one.

    An answer that had failed before gets none: a receipt that comes twice is one event. Without a receiver that wants
    these events nothing is read.
    """
    if not ids or not is_wanted(connection, WebhookType.MESSAGE_FAILED):
        yield
        return
    lost_before = {one for one, _, _ in _lost(connection, ids)}
    yield
    note_lost(connection, [one for one in ids if one not in lost_before], at=at)


def note_lost(connection: Connection, ids: Collection[int], *, at: datetime) -> None:
    """Write an event for each of these answers that is failed or expired by now."""
    if not ids or not is_wanted(connection, WebhookType.MESSAGE_FAILED):
        return
    facts = [
        {"message": row_id(one), "text": row_id(inbound_id), "state": state.value}
        for one, inbound_id, state in _lost(connection, ids)
    ]
    note_events(connection, WebhookType.MESSAGE_FAILED, facts, at=at)


def _lost(connection: Connection, ids: Collection[int]) -> Sequence[tuple[int, int | None, OutboundState]]:
    every = sorted(set(ids))
    found: list[tuple[int, int | None, OutboundState]] = []
    for start in range(0, len(every), _AT_ONCE):
        asked = select(outbound.c.id, outbound.c.inbound_id, outbound.c.state).where(
            outbound.c.id.in_(every[start : start + _AT_ONCE]), outbound.c.state.in_(_LOST)
        )
        found += [(row.id, row.inbound_id, row.state) for row in connection.execute(asked.order_by(outbound.c.id))]
    return found
