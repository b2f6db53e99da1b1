"""Business time: when so many open minutes of a calendar are over, and how many are between two moments.

A calendar is a week of intervals and the days that are different. Only its open time counts. Everything here takes and
returns aware UTC; the hours of a calendar are those of the service's time zone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from types import MappingProxyType

DAY_MINUTES = 24 * 60
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_HALF_HOUR = timedelta(minutes=30)


class CalendarError(ValueError):
    """A calendar that never opens, or whose intervals overlap, are empty or leave the day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """Open time of a day, in minutes since its midnight; the last minute, 1440, is the next midnight."""

    opens: int
    closes: int

    @property
    def minutes(self) -> int:
        """Return how long it is."""
        return self.closes - self.opens


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """When a unit works. Raises CalendarError unless some weekday has hours, so every search for open time ends."""

    zone: tzinfo
    hours: Mapping[int, Sequence[Interval]]
    """The intervals of each weekday, from 0 for Monday; a weekday that is not here has none."""
    days: Mapping[date, bool] = field(default_factory=dict)
    """Days that are not as their weekday: open or shut. An open day without hours of its own has the longest ones."""

    def __post_init__(self) -> None:
        for weekday, intervals in self.hours.items():
            if weekday not in range(7) or not _are_in_order(intervals):
                raise CalendarError(f"weekday {weekday}: intervals overlap, are empty or leave the day")
        if not any(self.hours.values()):
            raise CalendarError("no weekday has hours")


OFFICE_HOURS: Mapping[int, Sequence[Interval]] = MappingProxyType(
    dict.fromkeys(range(5), (Interval(opens=450, closes=690), Interval(opens=810, closes=1050)))
)
"""Monday to Friday, 7:30 to 11:30 and 13:30 to 17:30: what most offices have."""

ALL_DAY: Mapping[int, Sequence[Interval]] = MappingProxyType(
    dict.fromkeys(range(7), (Interval(opens=0, closes=DAY_MINUTES),))
)
"""Open day and night."""


def intervals_of(calendar: Calendar, day: date) -> Sequence[Interval]:
    """Return the open intervals of a day, in order."""
    usual = calendar.hours.get(day.weekday(), ())
    is_open = calendar.days.get(day)
    if is_open is None:
        return usual
    return (usual or _longest(calendar)) if is_open else ()


def due(start: datetime, minutes: int, calendar: Calendar) -> datetime:
    """Return the first moment at which so many open minutes have passed since `start`.

    No minutes are `start` itself. Where the last minute ends an interval, the moment is the end of that interval, and
    not the next opening.
    """
    left = minutes * _MINUTE
    if left <= timedelta():
        return start
    for opens, closes in _stretches(start, calendar):
        begins = max(opens, start)
        if begins + left <= closes:
            return begins + left
        left -= max(closes - begins, timedelta())
    raise AssertionError("a calendar opens again and again")  # pragma: no cover - `_stretches` does not end


def open_time(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Return the open time between two moments; none where the end is not after the start."""
    total = timedelta()
    for opens, closes in _stretches(start, calendar):
        if opens >= end:
            break
        total += max(min(closes, end) - max(opens, start), timedelta())
    return total


def minutes_left(now: datetime, until: datetime, calendar: Calendar) -> int:
    """Return the open minutes before a due time, as a pause stores them; a begun minute counts as a whole one."""
    return -(open_time(now, until, calendar) // -_MINUTE)


def is_open(at: datetime, calendar: Calendar) -> bool:
    """Return whether a moment is open time; the moment of closing is not."""
    opens, _ = next(_stretches(at, calendar))
    return opens <= at


def next_opening(at: datetime, calendar: Calendar) -> datetime:
    """Return the moment itself if it is open time, else when the next interval begins."""
    opens, _ = next(_stretches(at, calendar))
    return max(opens, at)


def day_minutes(at: datetime, calendar: Calendar) -> int:
    """Return the length of one working day: the open minutes of the day on which the clock runs next."""
    day = next_opening(at, calendar).astimezone(calendar.zone).date()
    return sum(interval.minutes for interval in intervals_of(calendar, day))


def due_in_days(start: datetime, days: int, calendar: Calendar) -> datetime:
    """Return when so many working days have passed, each as long as the day on which it begins."""
    end = start
    for _ in range(days):
        end = due(end, day_minutes(end, calendar), calendar)
    return end


def rounded(moment: datetime, zone: tzinfo) -> datetime:
    """Return the time as citizens are told it: the next half hour, so that no promise is earlier than the due time."""
    local = moment.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return moment + (-(local - midnight) % _HALF_HOUR)


def _stretches(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Give the open stretches that end after `start`, in order, without end; each within one local day."""
    day = start.astimezone(calendar.zone).date() - _DAY  # the day before may go on after a change of the clock
    while True:
        for interval in intervals_of(calendar, day):
            closes = _moment(day, interval.closes, calendar.zone)
            if closes > start:
                yield _moment(day, interval.opens, calendar.zone), closes
        day += _DAY


def _moment(day: date, minutes: int, zone: tzinfo) -> datetime:
    if minutes == DAY_MINUTES:
        day, minutes = day + _DAY, 0
    hour, minute = divmod(minutes, 60)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)


def _are_in_order(intervals: Sequence[Interval]) -> bool:
    within = all(0 <= one.opens < one.closes <= DAY_MINUTES for one in intervals)
    return within and all(one.closes <= other.opens for one, other in pairwise(intervals))


def _longest(calendar: Calendar) -> Sequence[Interval]:
    return max(calendar.hours.values(), key=lambda intervals: sum(one.minutes for one in intervals))
