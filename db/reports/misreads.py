"""Texts that were not understood, the newest of them: what there is to teach the citizens or the parser."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from db.reports.message_log_filter import LogFilter, candidates
from db.schema import inbound


@dataclass(frozen=True, kw_only=True, slots=True)
class Misreading:
    """One text that was misread. `who` tells senders apart and names nobody."""

    id: int
    who: bytes
    reading: str
    body: str = field(repr=False)


def read_misreadings(
    connection: Connection, readings: Collection[str], *, since: int, most: int
) -> Iterator[Misreading]:
    """Read the newest misread texts from the id `since` on, at most `most`."""
    newest = candidates(LogFilter(readings=tuple(readings), since=since), None, most).subquery()
    question = (
        select(inbound.c.id, inbound.c.sender_mark, inbound.c.reading, inbound.c.body)
        .join(newest, newest.c.inbound_id == inbound.c.id)
        .order_by(inbound.c.id.desc())
    )
    for row in connection.execute(question):
        yield Misreading(id=row.id, who=row.sender_mark, reading=row.reading, body=row.body)
