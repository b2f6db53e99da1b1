"""The hours of a weekday as people write them: `7:30-11:30, 13:30-17:30`; and a time of the day: `7h30`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from db.units.calendars import Hours
from handlers.conversation.business_time import DAY_MINUTES
from sms_gateway.web.filled import Filled
from sms_gateway.web.language import say

WEEKDAYS = range(7)
MOST_LETTERS = 80
_TIME = re.compile(r"(\d{1,2})(?:[:.hHg](\d{2})?)?")
_SPAN = re.compile(rf"\s*({_TIME.pattern})\s*[-\u2013\u2014]\s*({_TIME.pattern})\s*")


def minutes_of(written: str) -> int | None:
    """Return the minute of the day; None for what is no time.

    >>> [minutes_of(written) for written in ("7:30", "7h30", "07.30", "8h", "24:00", "24:01", "7:60", "x")]
    [450, 450, 450, 480, 1440, None, None, None]
    """
    found = _TIME.fullmatch(written.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    minutes = 60 * hour + minute
    return minutes if minute < 60 and minutes <= DAY_MINUTES else None  # noqa: PLR2004 - minutes of an hour


def spans_of(written: str) -> Sequence[tuple[int, int]] | None:
    """Return the intervals of a day, in order; None for what is none, for empty ones and for those that overlap.

    >>> spans_of("7h30-11h30, 13:30 - 17:30"), spans_of(""), spans_of("8-8"), spans_of("8-12, 11-13")
    ([(450, 690), (810, 1050)], [], None, None)
    """
    spans: list[tuple[int, int]] = []
    for part in re.split(r"[,;]", written) if written.strip() else ():
        found = _SPAN.fullmatch(part)
        opens, closes = (None, None) if found is None else (minutes_of(found[1]), minutes_of(found[4]))
        if opens is None or closes is None or opens >= closes:
            return None
        spans.append((opens, closes))
    return spans if all(one[1] <= other[0] for one, other in pairwise(spans)) else None


def write_time(minutes: int | None) -> str:
    """Write a minute of the day.

    >>> write_time(450), write_time(1440), write_time(None)
    ('7:30', '24:00', '')
    """
    return "" if minutes is None else f"{minutes // 60}:{minutes % 60:02d}"


def write_hours(hours: Sequence[Hours]) -> Sequence[str]:
    """Write the hours of each weekday, from Monday; a weekday without hours is empty."""
    return [
        ", ".join(f"{write_time(one.opens)}-{write_time(one.closes)}" for one in hours if one.weekday == weekday)
        for weekday in WEEKDAYS
    ]


def read_hours(form: Filled) -> Sequence[Hours]:
    """Read the hours of the seven fields `hours-0` to `hours-6`; a calendar that never opens is refused."""
    hours: list[Hours] = []
    for weekday in WEEKDAYS:
        name = f"hours-{weekday}"
        spans = spans_of(form.text(name, most=MOST_LETTERS))
        if spans is None:
            form.refuse(name, say("calendars.hours_fault"))
        hours += [Hours(weekday=weekday, opens=opens, closes=closes) for opens, closes in spans or ()]
    if form.is_sound and not hours:
        form.refuse("hours-0", say("calendars.never_open"))
    return hours


def read_time(form: Filled, name: str) -> int | None:
    """Read a time of the day; None when nothing was typed or it is none."""
    typed = form.text(name, most=MOST_LETTERS)
    minutes = minutes_of(typed) if typed else None
    if typed and (minutes is None or minutes == DAY_MINUTES):
        form.refuse(name, say("contacts.time_fault"))
    return None if minutes == DAY_MINUTES else minutes
