"""Counts over many messages: of today, and minute by minute.

Ids are time-ordered, so a span of time is a range of ids, and a minute is an id divided by the ids of a minute. The
schedule counts each past minute once and stores the count. A page adds up the stored minutes, and counts the last one
or two itself. A minute is always counted from the rows, by an index alone, and never added to. So a crash leaves no
wrong count, and any process can count.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import TypeVar

from sqlalchemy import Column, ColumnElement, Connection, TextClause, case, delete, func, select
from sqlalchemy import Row as AnyRow
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from db.processes.alarm_texts import IS_ALARM
from db.reports.message_log_filter import WAS_NOT_FOUND
from db.schema import InboundState, OutboundState, inbound, minute_count, outbound
from db.store.prepared_statements import Prepared, Row

Value = TypeVar("Value")

KEPT_MINUTES = 8 * 24 * 60
"""As far back as Today looks: its day a week ago."""

STEP_MINUTES = 15
"""Of the chart of a day; minutes are numbered from a midnight on, so a step begins at a quarter of an hour."""

FRESH_MINUTES = 15
"""Minutes so young are counted every time: their texts are being handled, their receipts come."""

COUNTED_AGAIN = (30, 60, 180, 720)
"""Minutes after which each is counted again, for the receipts of phones that were off."""

MOST_AT_ONCE = 500
"""Minutes in one transaction: some milliseconds, in which a text waits. The first time there are eight days of them."""

_TAKEN = tuple(state for state in InboundState if state is not InboundState.REDELIVERY)
_ZERO = {
    "texts": 0,
    "misread": 0,
    "look_ups": 0,
    "not_found": 0,
    "answers": 0,
    "sent": 0,
    "delivered": 0,
    "failed": 0,
    "expired": 0,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What happened since a moment."""

    texts: int  # redeliveries left out
    misread: int
    look_ups: int
    not_found: int  # of these
    answers: int
    delivered: int
    failed: int
    expired: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LookUps:
    """How many look-ups there were, and how many of them found nothing."""

    asked: int
    not_found: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """What is not finished now, whenever it came; the times are those of the oldest, None when nothing waits."""

    texts: int
    answers: int
    parked: int
    oldest_text: datetime | None
    oldest_answer: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MinuteCount:
    """What has an id of one minute, as it stands now."""

    minute: int
    texts: int
    misread: int
    look_ups: int
    not_found: int
    answers: int
    sent: int
    delivered: int
    failed: int
    expired: int


def _storing(insert: SqliteInsert | PostgresqlInsert) -> Prepared:
    replaced = {name: insert.excluded[name] for name in _ZERO}
    return Prepared(insert.on_conflict_do_update(index_elements=["minute"], set_=replaced), "minute", *_ZERO)


_STORE = {
    "sqlite": _storing(sqlite_insert(minute_count)),
    "postgresql": _storing(postgresql_insert(minute_count)),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Rollup:
    """How to count: the ids that are made in a minute, and which readings are misreads and look-ups."""

    ids_a_minute: int
    misreadings: Collection[str]
    look_up: str
    """The reading of a look-up."""

    def count_due(self, connection: Connection, *, now_id: int) -> Sequence[Callable[[Connection], int]]:
        """Count the minutes that are over and due; return what keeps them, each in a transaction of its own.

        Each returns how many are new. `now_id` is the first id of this moment. Safe to repeat, also by two processes at
        once, and safe to stop after any of them.
        """
        this = now_id // self.ids_a_minute
        newest = connection.execute(select(func.max(minute_count.c.minute))).scalar_one()
        first = this - KEPT_MINUTES if newest is None else max(newest + 1, this - KEPT_MINUTES)
        spans = [(min(first, this - FRESH_MINUTES), this)]
        if newest is not None:
            spans += [(first - age, this - age) for age in COUNTED_AGAIN]
        counts = [one for since, until in spans for one in self.count_minutes(connection, since, until)]
        # In one order, so that no two processes wait for each other in a ring. Made here: the writer is not held yet.
        rows = [_row(one) for one in sorted(counts, key=attrgetter("minute")) if one.minute >= this - KEPT_MINUTES]

        def forget(writing: Connection) -> int:
            writing.execute(delete(minute_count).where(minute_count.c.minute < this - KEPT_MINUTES))
            return 0

        def keep(some: Sequence[Row], writing: Connection) -> int:
            _STORE[writing.dialect.name].run_many(writing, some)
            return sum(row[0] >= first for row in some)

        return [forget, *(partial(keep, rows[at : at + MOST_AT_ONCE]) for at in range(0, len(rows), MOST_AT_ONCE))]

    def count_minutes(self, connection: Connection, since: int, until: int) -> Sequence[MinuteCount]:
        """Count every minute from `since` to before `until` from the rows, also those in which nothing happened."""
        span = (since, until)
        found = {minute: dict(_ZERO) for minute in range(since, until)}
        for minute, _, count in self._group(connection, inbound.c.state, inbound.c.id, span=span, values=_TAKEN):
            found[minute]["texts"] += count
        readings = (*self.misreadings, self.look_up)
        for minute, reading, count in self._group(
            connection, inbound.c.reading, inbound.c.id, span=span, values=readings
        ):
            found[minute]["look_ups" if reading == self.look_up else "misread"] += count
        for minute, count in self._not_found(connection, span):
            found[minute]["not_found"] += count
        states = tuple(OutboundState)
        for minute, state, count in self._group(connection, outbound.c.state, outbound.c.id, span=span, values=states):
            found[minute]["answers"] += count
            if state.value in _ZERO:
                found[minute][state.value] += count
        for minute, state, count in self._group(
            connection, outbound.c.state, outbound.c.id, span=span, values=states, where=(IS_ALARM,)
        ):
            found[minute]["answers"] -= count
            if state.value in _ZERO:
                found[minute][state.value] -= count
        return [MinuteCount(minute=minute, **counts) for minute, counts in found.items()]

    def read_minutes(
        self, connection: Connection, *, since: int, now_id: int, each_since: int = 0
    ) -> Sequence[MinuteCount]:
        """Return the minutes from that of the id `since` on: those that are kept, and the rest counted now.

        What is kept from before the id `each_since` is added up by steps of `STEP_MINUTES` and stands at their first.
        """
        first, end = since // self.ids_a_minute, now_id // self.ids_a_minute + 1
        minute, each = minute_count.c.minute, each_since // self.ids_a_minute
        rows = _kept(connection, case((minute < each, _step(minute)), else_=minute), minute >= first)
        kept = [_read(row) for row in rows]
        # Without a break, or what is missing would look like minutes in which nothing happened.
        if not kept or kept[0].minute > first:
            kept = []
        after = rows[-1].last + 1 if kept else first
        return [*kept, *self.count_minutes(connection, after, max(end, after))]

    def _group(
        self,
        connection: Connection,
        column: Column[Value],
        key: Column[int],
        *,
        span: tuple[int, int],
        values: Collection[Value],
        where: Sequence[TextClause] = (),
    ) -> Iterable[tuple[int, Value, int]]:
        # The values are named one by one so that the index on (column, id) answers.
        minute = (key // self.ids_a_minute).label("minute")
        since, until = (one * self.ids_a_minute for one in span)
        asked = select(minute, column, func.count()).where(column.in_(values), key >= since, key < until, *where)
        return (
            [(row[0], row[1], row[2]) for row in connection.execute(asked.group_by(minute, column))] if values else []
        )

    def _not_found(self, connection: Connection, span: tuple[int, int]) -> Iterable[tuple[int, int]]:
        minute = (inbound.c.id // self.ids_a_minute).label("minute")
        since, until = (one * self.ids_a_minute for one in span)
        asked = select(minute, func.count()).where(WAS_NOT_FOUND, inbound.c.id >= since, inbound.c.id < until)
        return [(row[0], row[1]) for row in connection.execute(asked.group_by(minute))]


def read_steps(connection: Connection, since: int, until: int) -> Sequence[MinuteCount]:
    """Return what is kept of the minutes from `since` to before `until`, added up by steps of `STEP_MINUTES`.

    Nothing is counted from the rows: of days before the service kept counts there is nothing.
    """
    minute = minute_count.c.minute
    return [_read(row) for row in _kept(connection, _step(minute), minute >= since, minute < until)]


def read_look_ups(connection: Connection, since: int, until: int) -> LookUps:
    """Add up the look-ups that are kept of the minutes from `since` to before `until`."""
    sums = (func.coalesce(func.sum(minute_count.c[name]), 0) for name in ("look_ups", "not_found"))
    span = minute_count.c.minute >= since, minute_count.c.minute < until
    asked, not_found = connection.execute(select(*sums).where(*span)).one()
    return LookUps(asked=asked, not_found=not_found)


def _step(minute: ColumnElement[int]) -> ColumnElement[int]:
    return minute - minute % STEP_MINUTES


def _kept(
    connection: Connection, group: ColumnElement[int], *where: ColumnElement[bool]
) -> Sequence[AnyRow[*tuple[object, ...]]]:
    sums = (func.sum(minute_count.c[name]).label(name) for name in _ZERO)
    number, last = func.min(minute_count.c.minute).label("minute"), func.max(minute_count.c.minute).label("last")
    asked = select(number, last, *sums).where(*where).group_by(group).order_by(number)
    return connection.execute(asked).all()


def _read(row: AnyRow[*tuple[object, ...]]) -> MinuteCount:
    return MinuteCount(minute=row.minute, **{name: int(getattr(row, name)) for name in _ZERO})


def _row(one: MinuteCount) -> Row:
    return (one.minute, *(getattr(one, name) for name in _ZERO))


def add_up(minutes: Iterable[MinuteCount], *, since: int = 0) -> Counts:
    """Add up the minutes from the number `since` on."""
    some = [one for one in minutes if one.minute >= since]
    return Counts(
        texts=sum(one.texts for one in some),
        misread=sum(one.misread for one in some),
        look_ups=sum(one.look_ups for one in some),
        not_found=sum(one.not_found for one in some),
        answers=sum(one.answers for one in some),
        delivered=sum(one.delivered for one in some),
        failed=sum(one.failed for one in some),
        expired=sum(one.expired for one in some),
    )


def find_waiting(connection: Connection) -> Waiting:
    """Find what is not finished."""
    texts = connection.execute(
        select(func.count(), func.min(inbound.c.id)).where(inbound.c.state == InboundState.RECEIVED)
    ).one()
    waits = outbound.c.state.in_((OutboundState.QUEUED, OutboundState.CLAIMED))
    alarms = select(outbound.c.id).where(waits, IS_ALARM).correlate(None)
    answers = connection.execute(
        select(func.count(), func.min(outbound.c.id)).where(waits, outbound.c.id.not_in(alarms))
    ).one()
    parked = select(func.count()).select_from(inbound).where(inbound.c.state == InboundState.PARKED)
    return Waiting(
        texts=texts[0],
        answers=answers[0],
        parked=connection.execute(parked).scalar_one(),
        oldest_text=_time(connection, inbound.c.received_at, inbound.c.id, texts[1]),
        oldest_answer=_time(connection, outbound.c.created_at, outbound.c.id, answers[1]),
    )


def has_waited(connection: Connection, *, since: int) -> bool:
    """Return whether a text with an id below `since` is not handled yet."""
    oldest = select(func.min(inbound.c.id)).where(inbound.c.state == InboundState.RECEIVED)
    found = connection.execute(oldest).scalar_one()
    return found is not None and found < since


def _time(connection: Connection, column: Column[datetime], key: Column[int], row_id: int | None) -> datetime | None:
    return None if row_id is None else connection.execute(select(column).where(key == row_id)).scalar_one()
