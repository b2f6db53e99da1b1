"""Events of tickets, for systems of the city: written with the change of the ticket."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from db.processes.webhook_events import is_wanted, note_events, row_id
from db.schema import WebhookType, ticket


def note_opened(connection: Connection, ids: Collection[int], *, at: datetime) -> None:
    """Write that these tickets were opened."""
    _note(connection, WebhookType.TICKET_OPENED, ids, at=at)


def note_changed(connection: Connection, *ids: int, at: datetime) -> None:
    """Write that these tickets changed. Call it after the change: the event has the state that holds from then on."""
    _note(connection, WebhookType.TICKET_CHANGED, ids, at=at)


def _note(connection: Connection, kind: WebhookType, ids: Collection[int], *, at: datetime) -> None:
    if not is_wanted(connection, kind):
        return
    columns = (ticket.c.id, ticket.c.number, ticket.c.kind, ticket.c.state, ticket.c.version, ticket.c.unit_id)
    rows = connection.execute(select(*columns).where(ticket.c.id.in_(ids)).order_by(ticket.c.id))
    facts = [
        {
            "ticket": row_id(row.id),
            "number": row.number,
            "kind": row.kind.value,
            "state": row.state.value,
            "version": row.version,
            "unit": row_id(row.unit_id),
        }
        for row in rows
    ]
    note_events(connection, kind, facts, at=at)
