"""Counts of one day's texts by command, outcome, unit and ward: no words, no numbers, nothing of one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, func, not_, select

from db.schema import inbound, ticket, ticket_entry, unit, ward
from db.schema.time_buckets import every_bucket, in_buckets
from db.store.ids import first_id_at
from db.store.record import record


@record
class DailyCount:
    """How many texts of one day had this command, outcome, unit and ward; empty where there is none."""

    command: str
    outcome: str
    unit: str
    """Its code."""
    ward: str
    count: int


def count_day(connection: Connection, since: datetime, until: datetime) -> Sequence[DailyCount]:
    """Return the counts of the texts that came in a time.

    A text that was filed counts for the unit and the ward that its ticket has now. Of an accusation neither is told.
    """
    first, end = first_id_at(since), first_id_at(until)
    # An accusation is at one unit of few people: its unit and its ward would say too much.
    told = and_(ticket.c.id == ticket_entry.c.ticket_id, not_(ticket.c.is_accusation))
    filed = (
        inbound.outerjoin(ticket_entry, ticket_entry.c.inbound_id == inbound.c.id)
        .outerjoin(ticket, told)
        .outerjoin(unit, unit.c.id == ticket.c.unit_id)
        .outerjoin(ward, ward.c.id == ticket.c.ward_id)
    )
    columns = (inbound.c.reading, inbound.c.outcome, inbound.c.state, unit.c.code, ward.c.name)
    asked = (
        select(*columns, func.count().label("texts"))
        .select_from(filed)
        .where(
            in_buckets(inbound.c.id, every_bucket(connection, inbound, first, end)),
            inbound.c.id >= first,
            inbound.c.id < end,
        )
        .group_by(*columns)
    )
    found = [
        DailyCount(
            command=row.reading or "",
            outcome=row.outcome or row.state.value,
            unit=row.code or "",
            ward=row.name or "",
            count=row.texts,
        )
        for row in connection.execute(asked)
    ]
    return sorted(found, key=lambda one: (one.command, one.outcome, one.unit, one.ward))
