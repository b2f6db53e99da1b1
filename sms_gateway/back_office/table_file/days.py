"""Days as people, spreadsheets and programs write them."""

from __future__ import annotations

import re
from datetime import date, datetime

from sms_gateway.clock import LOCAL_ZONE

DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T,].*)?")
"""A day as people here write it, with or without a time behind it."""
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?")


def read_day(text: str) -> date | None:
    """Read a day as people and programs write it, the day before the month; None for anything else.

    >>> read_day("20/12/2026") == read_day("2026-12-20") == read_day("20.12.2026") == date(2026, 12, 20)
    True
    """
    try:
        if match := DAY_FIRST.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        if match := _PACKED.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo is None else moment.astimezone(LOCAL_ZONE)).date()
