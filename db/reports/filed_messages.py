"""In which ticket a message is: what decides who may read its words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Row, Select, select

from db.schema import inbound, ticket, ticket_entry


@dataclass(frozen=True, kw_only=True, slots=True)
class Filing:
    """What is known of the ticket of a message."""

    unit_id: int
    is_accusation: bool


def filed_texts(connection: Connection, inbound_ids: Collection[int]) -> Mapping[int, Filing]:
    """Return for texts that are in a ticket, or repeat one that is, what ticket that is."""
    ids = list(inbound_ids)
    own = _FILED.add_columns(ticket_entry.c.inbound_id.label("id")).where(ticket_entry.c.inbound_id.in_(ids))
    first = inbound.c.duplicate_of == ticket_entry.c.inbound_id
    repeated = _FILED.add_columns(inbound.c.id.label("id")).join(inbound, first).where(inbound.c.id.in_(ids))
    return _read(connection, repeated) | _read(connection, own) if ids else {}


def filed_answers(connection: Connection, outbound_ids: Collection[int]) -> Mapping[int, Filing]:
    """Return for answers that agents or timers wrote in a ticket what ticket that is."""
    ids = list(outbound_ids)
    own = _FILED.add_columns(ticket_entry.c.outbound_id.label("id")).where(ticket_entry.c.outbound_id.in_(ids))
    return _read(connection, own) if ids else {}


_FILED = (
    select(ticket.c.unit_id, ticket.c.is_accusation)
    .select_from(ticket_entry)
    .join(ticket, ticket.c.id == ticket_entry.c.ticket_id)
)


def _read(connection: Connection, asked: Select[*tuple[object, ...]]) -> dict[int, Filing]:
    rows: list[Row[*tuple[object, ...]]] = list(connection.execute(asked))
    return {row.id: Filing(unit_id=row.unit_id, is_accusation=row.is_accusation) for row in rows}
