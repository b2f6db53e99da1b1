"""Notices of alarms on their way out of the house: one row for each notice and way.

A row is claimed before it is sent, by a compare-and-set on its number of tries. So two processes never send one
notice at once, and a process that dies while it sends leaves a row that is tried again after its gap.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, Update, delete, func, insert, literal, or_, select, update

from db.schema import AlarmNoticeState, alarm, alarm_notice

_N = alarm_notice.c
_WAITS = _N.state == AlarmNoticeState.WAITING


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredNotice:
    """One notice on one way."""

    number: str
    way: str
    alarm_id: int
    name: str  # of the alarm, as its subject and urgency
    subject: str
    urgent: bool
    kind: str
    title: str
    fix: str
    since: datetime
    at: datetime
    state: AlarmNoticeState
    next_try: datetime
    tries: int = 0
    tried_at: datetime | None = None
    last_error: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """The ways that took a notice of an alarm."""

    ways: Sequence[str]
    last_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class WayState:
    """How a way has done lately."""

    failing_since: datetime | None = None  # the first try that failed of those that wait, or were given up
    last_error: str = ""
    accepted_at: datetime | None = None


def add_notices(connection: Connection, notices: Sequence[StoredNotice]) -> None:
    """Write notices that are to be sent."""
    if notices:
        connection.execute(insert(alarm_notice), [_values(one) for one in notices])


def add_way(connection: Connection, notice: StoredNotice, way: str, *, next_try: datetime) -> bool:
    """Let a notice go by one more way; False when it goes by that way already."""
    there = select(_N.number).where(_N.number == notice.number, _N.way == way)
    if connection.execute(there).first() is not None:
        return False
    values = {**_values(notice), "way": way, "tries": 0, "tried_at": None, "last_error": None, "next_try": next_try}
    connection.execute(insert(alarm_notice).values(values))
    return True


def find_due(
    connection: Connection, ways: Collection[str], *, now: datetime, longest_wait: timedelta
) -> Sequence[StoredNotice]:
    """Return the notices whose time has come, oldest first; of one alarm and way only the first that waits.

    One that was never tried waits while its alarm was not seen by the last look: it is over, perhaps. A time that is
    further away than `longest_wait` was written by a clock that was ahead: it has come.
    """
    has_come = or_(_N.next_try <= now, _N.next_try > now + longest_wait)
    is_seen = or_(alarm.c.gone_at.is_(None), alarm.c.ended_at.is_not(None), _N.tries > 0)
    first = (
        select(func.min(_N.at).label("first"), _N.alarm_id, _N.way)
        .where(_WAITS)
        .group_by(_N.alarm_id, _N.way)
        .subquery()
    )
    asked = (
        select(alarm_notice, alarm.c.name, alarm.c.subject, alarm.c.urgent)
        .join(alarm, alarm.c.id == _N.alarm_id)
        .join(first, (first.c.alarm_id == _N.alarm_id) & (first.c.way == _N.way) & (first.c.first == _N.at))
        .where(_WAITS, has_come, is_seen, _N.way.in_(ways))
        .order_by(_N.at, _N.number, _N.way)
    )
    return [_read(row) for row in connection.execute(asked)]


def claim(connection: Connection, one: StoredNotice, *, next_try: datetime) -> bool:
    """Begin a try; False when another process did, or the notice waits no more."""
    claimed = connection.execute(_this(one).values(tries=one.tries + 1, next_try=next_try))
    return claimed.rowcount == 1


def note_accepted(connection: Connection, one: StoredNotice, *, now: datetime) -> None:
    """Write that the server took a notice."""
    values = {"state": AlarmNoticeState.ACCEPTED, "tried_at": now, "last_error": None}
    connection.execute(update(alarm_notice).where(_N.number == one.number, _N.way == one.way).values(values))


def note_failed(connection: Connection, one: StoredNotice, *, error: str, next_try: datetime, now: datetime) -> None:
    """Write that a try failed, and when the next one is."""
    first = func.coalesce(_N.failed_at, literal(now, _N.failed_at.type))
    values = {"next_try": next_try, "failed_at": first, "tried_at": now, "last_error": error[:200]}
    connection.execute(update(alarm_notice).where(_N.number == one.number, _N.way == one.way, _WAITS).values(values))


def has_older(connection: Connection, *, before: datetime) -> bool:
    """Return whether a notice waits that was written by then."""
    return connection.execute(select(_N.number).where(_WAITS, _N.at <= before).limit(1)).first() is not None


def give_up_older(connection: Connection, *, before: datetime) -> int:
    """Give up the notices that wait and were written by then; return how many."""
    old = update(alarm_notice).where(_WAITS, _N.at <= before).values(state=AlarmNoticeState.GIVEN_UP)
    return connection.execute(old).rowcount


def waiting_ways(connection: Connection, alarm_id: int) -> Collection[str]:
    """Return the ways on which a notice of an alarm waits."""
    return set(connection.scalars(select(_N.way).where(_N.alarm_id == alarm_id, _WAITS)))


def drop_untried(connection: Connection, alarm_id: int) -> int:
    """Delete the notices of an alarm that wait and were never tried; return how many."""
    untried = delete(alarm_notice).where(_N.alarm_id == alarm_id, _WAITS, _N.tries == 0)
    return connection.execute(untried).rowcount


def told_ways(connection: Connection, alarm_id: int) -> Sequence[str]:
    """Return the ways that took a notice of an alarm, or may have: those that get the notice of its end."""
    asked = select(_N.way).where(
        _N.alarm_id == alarm_id,
        _N.state != AlarmNoticeState.GIVEN_UP,
        or_(_N.tries > 0, _N.state == AlarmNoticeState.ACCEPTED),
    )
    return list(connection.scalars(asked.distinct().order_by(_N.way)))


def accepted_ways(connection: Connection, alarm_ids: Collection[int]) -> Mapping[int, Accepted]:
    """Return by alarm the ways that took a notice of it, and when one did so last."""
    asked = select(_N.alarm_id, _N.way, func.max(_N.tried_at).label("last_at")).where(
        _N.alarm_id.in_(alarm_ids), _N.state == AlarmNoticeState.ACCEPTED
    )
    found: dict[int, Accepted] = {}
    for row in connection.execute(asked.group_by(_N.alarm_id, _N.way).order_by(_N.way)):
        known = found.get(row.alarm_id, Accepted(ways=(), last_at=row.last_at))
        found[row.alarm_id] = Accepted(ways=(*known.ways, row.way), last_at=max(known.last_at, row.last_at))
    return found


def way_states(connection: Connection, *, since: datetime, now: datetime) -> Mapping[str, WayState]:
    """Return how each way has done since then: it fails when a try failed and nothing was accepted after it.

    What a clock wrote that was ahead does not count: it would be the last word for as long.
    """
    found: dict[str, WayState] = {}
    asked = select(_N.way, _N.state, _N.failed_at, _N.tried_at, _N.last_error).where(_N.tried_at.between(since, now))
    for row in connection.execute(asked.order_by(_N.tried_at)):
        known = found.get(row.way, WayState())
        if row.state is AlarmNoticeState.ACCEPTED:
            found[row.way] = WayState(accepted_at=row.tried_at)
        else:
            times = [one for one in (known.failing_since, row.failed_at, row.tried_at) if one is not None]
            later = [one for one in times if known.accepted_at is None or one > known.accepted_at]
            found[row.way] = WayState(
                failing_since=min(later, default=row.tried_at),
                last_error=row.last_error or "",
                accepted_at=known.accepted_at,
            )
    return found


def _this(one: StoredNotice) -> Update:
    return update(alarm_notice).where(_N.number == one.number, _N.way == one.way, _N.tries == one.tries, _WAITS)


def _values(one: StoredNotice) -> dict[str, object]:
    return {
        "number": one.number,
        "way": one.way,
        "alarm_id": one.alarm_id,
        "kind": one.kind,
        "title": one.title,
        "fix": one.fix,
        "since": one.since,
        "at": one.at,
        "state": one.state,
        "next_try": one.next_try,
        "tries": one.tries,
        "tried_at": one.tried_at,
        "last_error": one.last_error,
    }


def _read(row: Row[*tuple[object, ...]]) -> StoredNotice:
    return StoredNotice(
        number=row.number,
        way=row.way,
        alarm_id=row.alarm_id,
        name=row.name,
        subject=row.subject,
        urgent=row.urgent,
        kind=row.kind,
        title=row.title,
        fix=row.fix,
        since=row.since,
        at=row.at,
        state=row.state,
        next_try=row.next_try,
        tries=row.tries,
        tried_at=row.tried_at,
        last_error=row.last_error,
    )
