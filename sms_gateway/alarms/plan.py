"""What is to be told: from the alarms that are stored and the conditions that hold now, without clock or database.

An alarm is told once when it has lasted, once when it has ended, and again each time that `repeat` has passed and
nobody acknowledged it. One that ends and begins again within `repeat` is the same alarm: nobody is told before that
time is over, unless it is urgent and lasts. One that was acknowledged and has ended is over: if it begins again, it is
a new alarm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo

from db.processes.alarms import AlarmWords, StoredAlarm
from sms_gateway.alarms.condition import Condition
from sms_gateway.alarms.notice import NoticeKind

GAPS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
"""Between two tries on one way; the last one is repeated. A try takes half a minute at most."""

FINAL_GAPS = timedelta(minutes=15), timedelta(minutes=60)
"""After a refusal that another try seldom changes. A server that is being restarted gives such ones, too."""

GIVEN_UP_AFTER = timedelta(days=1)
"""A notice that no server took for so long is old news."""

LONGEST_WAIT = timedelta(hours=25)
"""No notice waits longer for its next try: for the end of quiet hours, or an hour. One that does is of a clock that
was ahead."""

URGENT_AGAIN = timedelta(minutes=15)
"""An urgent alarm that begins again and lasts so long is told: the last that people heard is that it ended."""

KEPT = timedelta(days=365)
"""How long an alarm that ended stays on the page, with its notices."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmTerms:
    """When people on duty are told."""

    held: timedelta
    repeat: timedelta
    quiet: tuple[time, time] | None  # from and until, by the clock of `zone`
    zone: tzinfo


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What becomes of one alarm. `after` is None for one that is forgotten: it was never told."""

    before: StoredAlarm | None
    after: StoredAlarm | None
    tells: NoticeKind | None = None


Words = Callable[[Condition], Mapping[str, AlarmWords]]
"""Puts a condition into words, by language."""


def changes_of(  # noqa: PLR0917 - what is, what holds, and how both become rows
    stored: Iterable[StoredAlarm],
    conditions: Iterable[Condition],
    now: datetime,
    terms: AlarmTerms,
    words: Words,
    new_id: Callable[[], int],
) -> Sequence[Change]:
    """Return what changes. `stored` holds every open alarm, and those that ended within `terms.repeat`."""
    rows: dict[tuple[str, str], StoredAlarm] = {}
    for row in stored:  # an open one wins, else the one that ended last
        known = rows.get((row.name, row.subject))
        if known is None or known.ended_at is not None:
            rows[row.name, row.subject] = row
    holding: dict[tuple[str, str], Condition] = {}
    for one in conditions:
        holding.setdefault((one.name.value, one.subject), one)
    changes = [_holds(rows.get(key), one, now, terms, words, new_id) for key, one in holding.items()]
    changes += [_is_gone(row, now, terms) for key, row in rows.items() if key not in holding and row.ended_at is None]
    return [one for one in changes if one.before != one.after]


def _holds(  # noqa: PLR0917 - as above
    row: StoredAlarm | None,
    condition: Condition,
    now: datetime,
    terms: AlarmTerms,
    words: Words,
    new_id: Callable[[], int],
) -> Change:
    before = row
    if row is not None:
        row = _in_time(row, now, terms, condition.repeats_after)
    if row is None or _is_another(row, now):
        after = StoredAlarm(
            id=new_id(),
            name=condition.name.value,
            subject=condition.subject,
            urgent=condition.is_urgent,
            words=words(condition),
            began_at=now,
        )
        before = None
    elif row.ended_at is not None:  # it was told lately: the same alarm, quietly
        after = replace(row, ended_at=None, gone_at=None, began_at=now)
    else:
        after = replace(row, gone_at=None)
    lasts = now - after.began_at
    lasted = lasts >= terms.held
    is_time = after.repeat_at is None or after.repeat_at <= now
    if after.urgent and not after.announced:
        is_time = is_time or lasts >= URGENT_AGAIN
    if after.acknowledged_at is not None or not is_time or not (lasted or after.announced):
        return Change(before=before, after=after)
    tells = NoticeKind.GOES_ON if after.announced else NoticeKind.BEGINS
    repeat_at = _repeat_at(after, now, terms, condition.repeats_after)
    told = replace(after, words=words(condition), announced=True, told_at=now, repeat_at=repeat_at)
    return Change(before=before, after=told, tells=tells)


def _in_time(row: StoredAlarm, now: datetime, terms: AlarmTerms, repeats_after: timedelta) -> StoredAlarm:
    """Return an alarm without times that a clock wrote which was ahead: they would keep people waiting for as long."""
    latest = _repeat_at(row, now, terms, repeats_after)
    if row.began_at <= now and (row.gone_at is None or row.gone_at <= now) and (row.repeat_at or now) <= latest:
        return row
    return replace(
        row,
        began_at=min(row.began_at, now),
        gone_at=None if row.gone_at is None else min(row.gone_at, now),
        repeat_at=None if row.repeat_at is None else min(row.repeat_at, latest),
    )


def _repeat_at(row: StoredAlarm, now: datetime, terms: AlarmTerms, repeats_after: timedelta) -> datetime:
    """Return when an alarm that is told now is told again: counted from when its notice goes out."""
    return first_try(now, terms, is_urgent=row.urgent) + max(terms.repeat, repeats_after)


def _is_another(row: StoredAlarm, now: datetime) -> bool:
    """Return whether what holds now is a new alarm: the old one ended, and is long ago or was acknowledged."""
    if row.ended_at is None:
        return False
    return row.acknowledged_at is not None or row.repeat_at is None or row.repeat_at <= now


def _is_gone(row: StoredAlarm, now: datetime, terms: AlarmTerms) -> Change:
    before, row = row, _in_time(row, now, terms, timedelta(0))
    since = row.gone_at or now
    if now - since < terms.held:  # what comes and goes faster is one alarm, told or not
        return Change(before=before, after=replace(row, gone_at=since))
    if row.told_at is None:
        return Change(before=before, after=None)
    ended = replace(row, gone_at=since, ended_at=since, announced=False)
    return Change(before=before, after=ended, tells=NoticeKind.ENDS if row.announced else None)


def first_try(now: datetime, terms: AlarmTerms, *, is_urgent: bool) -> datetime:
    """Return when a notice may go out first: now, or when the quiet hours are over."""
    if is_urgent or terms.quiet is None:
        return now
    begins, ends = terms.quiet
    local = now.astimezone(terms.zone)
    clock = local.timetz().replace(tzinfo=None)
    is_quiet = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
    if not is_quiet:
        return now
    day = local.date() + timedelta(days=1 if clock >= ends else 0)
    return datetime.combine(day, ends, terms.zone)


def next_try(tries: int, now: datetime, *, is_final: bool = False) -> datetime:
    """Return when a notice is tried again that was tried so often, and was perhaps refused for good."""
    gaps = FINAL_GAPS if is_final else GAPS
    return now + gaps[min(max(tries, 1), len(gaps)) - 1]


def ways_for(ways: Sequence[str], *, is_urgent: bool, about: str = "") -> Sequence[str]:
    """Return the ways that a new notice takes: e-mail and webhook each time, SMS when it is urgent or the only way.

    A notice about a way that fails does not take that way.
    """
    able = [way for way in ways if way != about]
    return [way for way in able if way != "sms" or is_urgent] or able
