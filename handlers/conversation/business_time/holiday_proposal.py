"""The proposal of a year's holidays in Viet Nam; a person confirms it, because swaps are decreed late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType


def propose_days(year: int) -> Mapping[date, tuple[bool, str]]:
    """Return the days of a year that are not as their weekday: whether each is open, and its Vietnamese name.

    The library knows Tet and the Hung Kings by the lunar calendar, 24 November from 2026 on, and the decreed swaps of
    the years that it was released for. For a later year it proposes no swap.
    """
    import holidays  # noqa: PLC0415 - takes longer than the rest of the start, for a job of once a year

    found = holidays.country_holidays("VN", years=year, language="vi", observed=True)
    shut = {day: (False, name) for day, name in found.items() if day.year == year}
    swapped = {day: (True, "Ngày làm bù") for day in getattr(found, "weekend_workdays", ()) if day.year == year}
    return MappingProxyType({**shut, **swapped})
