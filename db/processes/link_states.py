"""How the links are, as their holders write it every few seconds; and answers moved to another link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, case, exists, literal, select, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from db.schema import OutboundState, link_state, outbound, segment

FRESH = timedelta(seconds=15)
"""A row older than this was written by a process that is gone, or that has lost the database."""

ENDED = "stopped"
"""Stands as the error of a link that its holder ended: an operator, or a process that handed it over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkRow:
    """How one link was when its holder last wrote it."""

    link: str
    bound: bool  # texts and answers can go; some of its binds may be down
    since: datetime  # of `bound`
    binds: int  # how many of its binds stand
    wanted: int  # how many there should be
    in_flight: int  # segments without a response
    window: int
    round_trip_ms: int | None
    last_error: str | None  # free of personal data
    holder: str  # which process wrote this
    seen_at: datetime

    def fresh(self, now: datetime) -> bool:
        """Tell whether a living process wrote this."""
        return now - self.seen_at <= FRESH

    def stands(self, now: datetime) -> bool:
        """Tell whether the link carries texts now: it did a moment ago."""
        return self.bound and self.fresh(now)

    def down_for(self, now: datetime) -> timedelta:
        """Return how long it has carried nothing; no time at all when it stands."""
        if self.stands(now):
            return timedelta(0)
        return now - (self.seen_at if self.bound else self.since)


def write_states(connection: Connection, rows: Sequence[LinkRow]) -> None:
    """Write how links are. `since` stays while `bound` does, so a restart makes no long fall a short one."""
    dialect_insert = insert_on_postgresql if connection.dialect.name == "postgresql" else insert_on_sqlite
    for row in rows:
        values = {
            "link": row.link,
            "bound": row.bound,
            "since": row.since,
            "binds": row.binds,
            "wanted": row.wanted,
            "in_flight": row.in_flight,
            "window": row.window,
            "round_trip_ms": row.round_trip_ms,
            "last_error": None if row.last_error is None else row.last_error[:200],
            "holder": row.holder,
            "seen_at": row.seen_at,
        }
        wanted = dialect_insert(link_state).values(values)
        since = case((link_state.c.bound == wanted.excluded.bound, link_state.c.since), else_=wanted.excluded.since)
        connection.execute(
            wanted.on_conflict_do_update(index_elements=[link_state.c.link], set_={**values, "since": since})
        )


def write_ended(connection: Connection, link: str, *, holder: str, now: datetime) -> None:
    """Write that its holder ended a link; nothing when another process has taken it over meanwhile."""
    row = link_state.c
    connection.execute(
        update(link_state)
        .where(row.link == link, row.holder == holder)
        .values(
            bound=False,
            since=case((row.bound, literal(now, row.since.type)), else_=row.since),
            binds=0,
            in_flight=0,
            round_trip_ms=None,
            last_error=ENDED,
            seen_at=now,
        )
    )


def read_states(connection: Connection) -> list[LinkRow]:
    """Return how every link was when last written, by name; of all processes, those of the past too."""
    rows = connection.execute(select(link_state).order_by(link_state.c.link))
    return [
        LinkRow(
            link=row.link,
            bound=row.bound,
            since=row.since,
            binds=row.binds,
            wanted=row.wanted,
            in_flight=row.in_flight,
            window=row.window,
            round_trip_ms=row.round_trip_ms,
            last_error=row.last_error,
            holder=row.holder,
            seen_at=row.seen_at,
        )
        for row in rows
    ]


_MOVE = (
    update(outbound)
    .where(
        outbound.c.link == bindparam("of"),
        outbound.c.state == OutboundState.QUEUED,
        ~exists().where(segment.c.outbound_id == outbound.c.id),  # its segments go by one carrier, or not at all
    )
    .values(link=bindparam("by"), not_before=bindparam("now"))
    .returning(outbound.c.id)
)


def reroute(connection: Connection, *, link: str, by: str, now: datetime) -> list[int]:
    """Let the answers that wait for a link go by another; return their ids. Safe to repeat: none are left."""
    return list(connection.scalars(_MOVE, {"of": link, "by": by, "now": now}))
