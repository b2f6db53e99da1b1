"""Business time: tables of office hours, and the laws that hold for every calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.conversation.business_time import (
    ALL_DAY,
    OFFICE_HOURS,
    Calendar,
    CalendarError,
    Interval,
    day_minutes,
    due,
    due_in_days,
    intervals_of,
    is_open,
    minutes_left,
    next_opening,
    open_time,
    rounded,
)
from tests.handlers.conversation.calendars import ALWAYS, OFFICE, ZONE, calendars, local, moments

UNHURRIED = settings(deadline=None)  # a busy machine is no fault


MINUTE = timedelta(minutes=1)
AMOUNTS = st.integers(0, 3000)


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        ("30/11 07:30", 60, "30/11 08:30"),
        ("30/11 11:00", 60, "30/11 14:00"),  # over noon
        ("30/11 12:00", 1, "30/11 13:31"),  # at noon
        ("30/11 16:00", 120, "01/12 08:00"),  # over night
        ("30/11 15:30", 120, "30/11 17:30"),  # the end of the day, not the next opening
        ("28/11 09:00", 480, "30/11 17:30"),  # from Saturday
        ("27/11 17:29", 2, "30/11 07:31"),  # over the weekend
        ("28/11 09:00", 0, "28/11 09:00"),
    ],
)
def test_open_minutes_pass_in_office_hours(start: str, minutes: int, expected: str) -> None:
    assert due(local(start), minutes, OFFICE) == local(expected)


def test_seconds_count() -> None:
    assert due(local("30/11 11:29") + 30 * timedelta(seconds=1), 1, OFFICE) == local("30/11 13:30") + MINUTE / 2


def test_a_unit_that_is_always_open_has_working_days_of_24_hours() -> None:
    assert due_in_days(local("28/11 09:00"), 1, ALWAYS) == local("29/11 09:00")
    assert day_minutes(local("28/11 09:00"), ALWAYS) == 1440
    assert open_time(local("28/11 23:00"), local("29/11 01:00"), ALWAYS) == 120 * MINUTE


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("28/11 09:00", 1, "30/11 17:30"),
        ("28/11 09:00", 3, "02/12 17:30"),
        ("30/11 09:00", 1, "01/12 09:00"),
        ("27/11 16:00", 1, "30/11 16:00"),
        ("27/11 16:00", 5, "04/12 16:00"),
    ],
)
def test_working_days_pass(start: str, days: int, expected: str) -> None:
    assert due_in_days(local(start), days, OFFICE) == local(expected)


def test_a_working_day_is_as_long_as_the_day_on_which_it_begins() -> None:
    morning = (Interval(opens=450, closes=690),)
    calendar = Calendar(zone=ZONE, hours={**OFFICE_HOURS, 5: morning})
    assert day_minutes(local("27/11 18:00"), calendar) == 240
    assert due_in_days(local("28/11 07:30"), 1, calendar) == local("28/11 11:30")
    assert due_in_days(local("28/11 07:30"), 2, calendar) == local("30/11 17:30")


def test_a_day_that_is_shut_has_no_hours_and_one_that_is_open_has_those_of_its_weekday_or_the_longest() -> None:
    week = {0: (Interval(opens=480, closes=500),), 1: (Interval(opens=480, closes=600),)}
    days = {date(2026, 11, 30): True, date(2026, 11, 29): True, date(2026, 12, 1): False}
    calendar = Calendar(zone=ZONE, hours=week, days=days)
    assert intervals_of(calendar, date(2026, 11, 30)) == week[0]
    assert intervals_of(calendar, date(2026, 11, 29)) == week[1]
    assert intervals_of(calendar, date(2026, 12, 1)) == ()
    assert intervals_of(calendar, date(2026, 12, 7)) == week[0]


def test_holidays_are_passed_over() -> None:
    tet = {date(2027, 2, 5) + timedelta(days=days): False for days in range(7)}
    calendar = Calendar(zone=ZONE, hours=OFFICE_HOURS, days=tet)
    assert due_in_days(local("04/02/2027 16:00"), 1, calendar) == local("12/02/2027 16:00")
    assert next_opening(local("05/02/2027 09:00"), calendar) == local("12/02/2027 07:30")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("30/11 07:29", False),
        ("30/11 07:30", True),
        ("30/11 11:30", False),
        ("30/11 13:30", True),
        ("29/11 9:00", False),
    ],
)
def test_the_opening_is_open_and_the_closing_is_not(at: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert is_open(local(at), OFFICE) is expected


def test_hours_are_those_of_the_zone_of_the_service() -> None:
    berlin = Calendar(zone=ZoneInfo("Europe/Berlin"), hours=OFFICE_HOURS)
    assert next_opening(datetime(2026, 11, 30, 3, 0, tzinfo=UTC), berlin) == datetime(2026, 11, 30, 6, 30, tzinfo=UTC)


def test_a_day_on_which_the_clock_changes_has_the_hours_that_pass() -> None:
    berlin = Calendar(zone=ZoneInfo("Europe/Berlin"), hours=ALL_DAY)
    spring = datetime(2026, 3, 28, 23, 0, tzinfo=UTC), datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    assert open_time(*spring, berlin) == timedelta(hours=23)


@pytest.mark.parametrize(
    ("at", "expected"),
    [("30/11 16:00", "30/11 16:00"), ("30/11 16:01", "30/11 16:30"), ("30/11 23:45", "01/12 00:00")],
)
def test_citizens_are_told_the_next_half_hour(at: str, expected: str) -> None:
    assert rounded(local(at), ZONE) == local(expected)


@pytest.mark.parametrize(
    "hours",
    [
        {},
        {0: ()},
        {7: (Interval(opens=0, closes=10),)},
        {0: (Interval(opens=10, closes=10),)},
        {0: (Interval(opens=0, closes=1441),)},
        {0: (Interval(opens=0, closes=20), Interval(opens=19, closes=30))},
        {0: (Interval(opens=20, closes=30), Interval(opens=0, closes=10))},
    ],
)
def test_a_calendar_that_cannot_be_kept_is_refused(hours: dict[int, tuple[Interval, ...]]) -> None:
    with pytest.raises(CalendarError):
        Calendar(zone=ZONE, hours=hours)


def by_the_minute(start: datetime, minutes: int, calendar: Calendar) -> datetime:
    """Count open minutes one by one, from a whole minute: what `due` must come to."""
    at, left = start, minutes
    while left:
        wall = at.astimezone(ZONE)
        minute = wall.hour * 60 + wall.minute
        left -= any(one.opens <= minute < one.closes for one in intervals_of(calendar, wall.date()))
        at += MINUTE
    return at


@UNHURRIED
@given(calendars(), moments(), st.integers(0, 400))
def test_counting_minute_by_minute_comes_to_the_same(calendar: Calendar, start: datetime, minutes: int) -> None:
    start = start.replace(second=0)
    assert due(start, minutes, calendar) == by_the_minute(start, minutes, calendar)


@UNHURRIED
@given(calendars(), moments(), moments(), AMOUNTS)
def test_a_later_start_is_never_due_earlier(calendar: Calendar, one: datetime, other: datetime, minutes: int) -> None:
    earlier, later = sorted((one, other))
    assert due(earlier, minutes, calendar) <= due(later, minutes, calendar)


@UNHURRIED
@given(calendars(), moments(), AMOUNTS, AMOUNTS)
def test_minutes_add_up(calendar: Calendar, start: datetime, first: int, second: int) -> None:
    assert due(due(start, first, calendar), second, calendar) == due(start, first + second, calendar)


@UNHURRIED
@given(calendars(), moments(), AMOUNTS)
def test_between_start_and_due_time_are_just_the_minutes(calendar: Calendar, start: datetime, minutes: int) -> None:
    end = due(start, minutes, calendar)
    assert open_time(start, end, calendar) == minutes * MINUTE
    assert minutes_left(start, end, calendar) == minutes
    assert minutes == 0 or open_time(start, end - MINUTE / 60, calendar) < minutes * MINUTE


@UNHURRIED
@given(calendars(), moments(), moments(), moments())
def test_open_time_adds_up_and_is_none_backwards(calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
    first, middle, last = sorted((a, b, c))
    parts = open_time(first, middle, calendar) + open_time(middle, last, calendar)
    assert parts == open_time(first, last, calendar) <= last - first
    assert open_time(last, first, calendar) == timedelta()


@UNHURRIED
@given(calendars(), moments(), AMOUNTS, moments())
def test_a_pause_loses_no_minute(calendar: Calendar, start: datetime, minutes: int, resumed: datetime) -> None:
    end = due(start, minutes, calendar)
    paused = min(max(start, resumed), end)
    left = minutes_left(paused, end, calendar)
    assert left * MINUTE - MINUTE < open_time(paused, end, calendar) <= left * MINUTE
    assert due(paused, left, calendar) >= end or left == 0


@UNHURRIED
@given(calendars(), moments())
def test_nothing_opens_before_the_next_opening(calendar: Calendar, at: datetime) -> None:
    opening = next_opening(at, calendar)
    assert opening >= at
    assert is_open(opening, calendar)
    assert is_open(at, calendar) == (opening == at)
    assert open_time(at, opening, calendar) == timedelta()
