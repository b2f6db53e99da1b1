"""A range of whole days, months or years, and the ranges before and after it. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FIRST_YEAR, LAST_YEAR = 2000, 2999


class Step(StrEnum):
    """What one row is about."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


MOST_STEPS = {Step.DAY: 100, Step.MONTH: 60, Step.YEAR: 30}
"""Rows of a table; of a longer range the last ones are shown."""

_MONTHS_OF_A_YEAR = 12
_YEARS_SHOWN = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Whole steps, from the first day of the first to the last day of the last."""

    step: Step
    first: date
    last: date
    is_cut: bool = False

    def starts(self) -> Sequence[date]:
        """Return the first day of each step."""
        found = [self.first]
        while (following := _plus(found[-1], self.step, 1)) <= self.last:
            found.append(following)
        return found

    def before(self) -> Span:
        """Return the range before this one, as long as it."""
        return self._moved(-1)

    def after(self) -> Span:
        """Return the range after this one."""
        return self._moved(1)

    def _moved(self, ways: int) -> Span:
        follows = self.last + timedelta(days=1)
        if self.first.day == follows.day == 1:  # whole months, also where days are shown
            months = ways * (_month(follows) - _month(self.first))
            first, end = _plus(self.first, Step.MONTH, months), _plus(follows, Step.MONTH, months)
        else:
            days = ways * (follows - self.first)
            first, end = self.first + days, follows + days
        return Span(step=self.step, first=first, last=end - timedelta(days=1))


def span_of(step: Step, first: date, last: date) -> Span:
    """Return the range of whole steps that has both days; of a range that is too long, its end."""
    first, last = sorted((first, last))
    first, last = start_of(first, step), _plus(start_of(last, step), step, 1) - timedelta(days=1)
    earliest = _plus(start_of(last, step), step, 1 - MOST_STEPS[step])
    return Span(step=step, first=max(first, earliest), last=last, is_cut=first < earliest)


def usual_span(step: Step, today: date) -> Span:
    """Return the range that is shown first: this month by days, this year by months, the last years."""
    if step is Step.DAY:
        return Span(step=step, first=start_of(today, Step.MONTH), last=_end(today, Step.MONTH))
    if step is Step.MONTH:
        return Span(step=step, first=start_of(today, Step.YEAR), last=_end(today, Step.YEAR))
    return Span(step=step, first=date(today.year + 1 - _YEARS_SHOWN, 1, 1), last=_end(today, Step.YEAR))


def start_of(day: date, step: Step) -> date:
    """Return the first day of the step that a day is in."""
    if step is Step.DAY:
        return day
    return date(day.year, 1 if step is Step.YEAR else day.month, 1)


def _end(day: date, step: Step) -> date:
    return _plus(start_of(day, step), step, 1) - timedelta(days=1)


def _plus(day: date, step: Step, steps: int) -> date:
    """Return the day so many steps later; of months and years it is the first day of one."""
    if step is Step.DAY:
        return day + timedelta(days=steps)
    years, month = divmod(_month(day) + steps * (_MONTHS_OF_A_YEAR if step is Step.YEAR else 1), _MONTHS_OF_A_YEAR)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def _month(day: date) -> int:
    return day.year * _MONTHS_OF_A_YEAR + day.month - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Quarter:
    """A quarter of a year, 1 to 4."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Return its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """Return its last day."""
        return _plus(self.first, Step.MONTH, 3) - timedelta(days=1)

    def plus(self, quarters: int) -> Quarter:
        """Return the quarter so many later."""
        year, rest = divmod(self.year * 4 + self.number - 1 + quarters, 4)
        return Quarter(year=year, number=rest + 1)


def quarter_of(day: date) -> Quarter:
    """Return the quarter that a day is in.

    >>> quarter_of(date(2026, 11, 29)).plus(-1)
    Quarter(year=2026, number=3)
    """
    return Quarter(year=day.year, number=(day.month + 2) // 3)
