"""How the channels are, as their holders write it every few seconds; and answers moved to another channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, bindparam, case, exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from db.schema import OutboundState, link_state, outbound, segment

FRESH = timedelta(seconds=15)
"""A row older than this was written by a process that is gone, or that has lost the database."""

ENDED = "stopped"
"""Stands as the error of a channel that its holder ended: an operator, or a process that handed it over."""


class Use(StrEnum):
    """What the last use of an HTTP channel has shown. It may have been reached since, which shows less."""

    UNTRIED = "untried"
    WORKED = "worked"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelState:
    """How one channel is: at this moment, or when the process that holds it last wrote it."""

    name: str
    up: bool  # texts and answers can go; some of its binds may be down
    since: datetime | None  # of `up`; None: no process has written it yet
    binds: int = 0  # how many of its binds stand; an HTTP channel has none
    wanted: int = 0  # how many binds there should be
    in_flight: int = 0  # segments or requests without a response
    window: int = 0  # how many of them there may be
    round_trip_ms: float | None = None  # of the last enquire_link, or of the last request
    last_error: str | None = None  # free of personal data
    worked_at: datetime | None = None  # of an HTTP channel: when its provider took an answer, or knew us
    failed_at: datetime | None = None  # of an HTTP channel: when its provider failed last; it may work again since
    failed_for: str | None = None  # why; free of personal data
    draining: bool = False  # it takes no new texts; known of this process's channels only
    holder: str | None = None  # which process wrote this; None: it is of this process
    seen_at: datetime | None = None  # when it was written; None: it is of this moment

    @property
    def is_known_by_use(self) -> bool:
        """Whether only answers show that it works: it has no binds that stand or fall."""
        return not self.wanted

    @property
    def use(self) -> Use:
        """What the last use of it has shown; of a channel with binds these are shown instead."""
        if self.worked_at is None:
            return Use.UNTRIED if self.failed_at is None else Use.FAILED
        return Use.FAILED if self.failed_at is not None and self.failed_at > self.worked_at else Use.WORKED

    @property
    def whole(self) -> bool:
        """Whether it is up, and all its binds stand."""
        return self.up and self.binds >= self.wanted

    def fresh(self, now: datetime) -> bool:
        """Return whether it is of this moment, or a living process wrote it."""
        return self.seen_at is None or now - self.seen_at <= FRESH

    def with_past(self, written: ChannelState) -> ChannelState:
        """Return it with what an earlier process, or this one, has written of successes and failures before."""
        return replace(
            self,
            worked_at=self.worked_at or written.worked_at,
            failed_at=self.failed_at or written.failed_at,
            failed_for=self.failed_for if self.failed_at else written.failed_for,
        )

    def stands(self, now: datetime) -> bool:
        """Return whether the channel carries texts now: it did a moment ago."""
        return self.up and self.fresh(now)

    def down_for(self, now: datetime) -> timedelta:
        """Return how long it has carried nothing; no time at all when it stands."""
        began = self.seen_at if self.up else self.since
        return timedelta(0) if began is None or self.stands(now) else now - began

    def as_of(self, now: datetime) -> ChannelState:
        """Return what holds of it now. One that was written long ago has no process any more, so it is down."""
        if self.fresh(now):
            return self
        since = self.seen_at if self.up else self.since
        return replace(self, up=False, since=since, binds=0, in_flight=0, round_trip_ms=None)


def write_states(connection: Connection, states: Sequence[ChannelState], *, holder: str, now: datetime) -> None:
    """Write how this process's channels are. `since` stays while `up` does, so a restart makes no long fall short."""
    dialect_insert = insert_on_postgresql if connection.dialect.name == "postgresql" else insert_on_sqlite
    for state in states:
        values = {
            "link": state.name,
            "bound": state.up,
            "since": now if state.since is None else state.since,
            "binds": state.binds,
            "wanted": state.wanted,
            "in_flight": state.in_flight,
            "window": state.window,
            "round_trip_ms": None if state.round_trip_ms is None else round(state.round_trip_ms),
            "last_error": None if state.last_error is None else state.last_error[:200],
            "worked_at": state.worked_at,
            "failed_at": state.failed_at,
            "failed_for": None if state.failed_for is None else state.failed_for[:200],
            "holder": holder,
            "seen_at": now,
        }
        wanted = dialect_insert(link_state).values(values)
        since = case((link_state.c.bound == wanted.excluded.bound, link_state.c.since), else_=wanted.excluded.since)
        kept = {
            name: func.coalesce(wanted.excluded[name], link_state.c[name])
            for name in ("worked_at", "failed_at", "failed_for")
        }
        connection.execute(
            wanted.on_conflict_do_update(index_elements=[link_state.c.link], set_={**values, **kept, "since": since})
        )


def write_ended(connection: Connection, name: str, *, holder: str, now: datetime) -> None:
    """Write that its holder ended a channel; nothing when another process has taken it over meanwhile."""
    row = link_state.c
    connection.execute(
        update(link_state)
        .where(row.link == name, row.holder == holder)
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


def read_states(connection: Connection) -> list[ChannelState]:
    """Return how every channel was when last written, by name; of all processes, those of the past too."""
    rows = connection.execute(select(link_state).order_by(link_state.c.link))
    return [
        ChannelState(
            name=row.link,
            up=row.bound,
            since=row.since,
            binds=row.binds,
            wanted=row.wanted,
            in_flight=row.in_flight,
            window=row.window,
            round_trip_ms=row.round_trip_ms,
            last_error=row.last_error,
            worked_at=row.worked_at,
            failed_at=row.failed_at,
            failed_for=row.failed_for,
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
