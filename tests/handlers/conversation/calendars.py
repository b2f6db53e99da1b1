"""Calendars for tests: those of offices, and any that hypothesis makes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from handlers.conversation.business_time import ALL_DAY, OFFICE_HOURS, Calendar, Interval

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OFFICE = Calendar(zone=ZONE, hours=OFFICE_HOURS)
ALWAYS = Calendar(zone=ZONE, hours=ALL_DAY)
FIRST = date(2026, 11, 1)


def local(written: str) -> datetime:
    """Read `30/11 07:30` of 2026, or `04/01/2027 07:30`, in Viet Nam."""
    form = "%d/%m/%Y %H:%M" if written.count("/") > 1 else "%d/%m %H:%M"
    found = datetime.strptime(written, form).replace(tzinfo=ZONE)
    return (found if found.year > 1900 else found.replace(year=2026)).astimezone(UTC)


def intervals() -> st.SearchStrategy[tuple[Interval, ...]]:
    """Make up to three intervals of a day, in order."""
    cuts = st.lists(st.integers(0, 1440), max_size=6, unique=True).map(sorted)
    return cuts.map(
        lambda found: tuple(
            Interval(opens=a, closes=b) for place, (a, b) in enumerate(pairwise(found)) if not place % 2
        )
    )


def calendars() -> st.SearchStrategy[Calendar]:
    """Make calendars that open at least once a week, with days that are different."""
    weeks = st.dictionaries(st.integers(0, 6), intervals(), max_size=7).filter(lambda week: any(week.values()))
    days = st.dictionaries(
        st.integers(0, 40).map(lambda days: FIRST + timedelta(days=days)), st.booleans(), max_size=12
    )
    return st.builds(lambda hours, days: Calendar(zone=ZONE, hours=hours, days=days), weeks, days)


def moments() -> st.SearchStrategy[datetime]:
    """Make moments of the weeks in which those days are."""
    start = datetime(2026, 11, 1, tzinfo=UTC)
    return st.integers(0, 40 * 24 * 3600).map(lambda seconds: start + timedelta(seconds=seconds))
