"""The figures of a period, by unit and in all: made from the times of tickets. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from db.reports.ticket_numbers import TicketTimes
from db.schema import TicketState
from handlers.conversation.business_time import Calendar, open_time

HOUR_TARGET = 0.85
"""The share of matters that should be resolved within one working hour."""

DAY_TARGET = 0.95
"""The share that should be resolved within one working day."""

TEXTS_TARGET = 2.2
"""Texts of a citizen for one solved matter: citizens pay for each."""

SCORES = range(1, 6)
_HOUR = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """How the tickets of a unit went. A share is None where there is nothing to judge."""

    opened: int = 0
    answered: int = 0
    first_p50: int | None = None
    """Working minutes until the first human answer, of the faster half."""
    first_p95: int | None = None
    resolved: int = 0
    within_hour: float | None = None
    within_day: float | None = None
    promises: float | None = None
    """Of the times that citizens were told, those that were kept."""
    reopened: float | None = None
    texts: float | None = None
    """Texts of the citizen for each solved matter."""
    scores: Mapping[int, int] = field(default_factory=dict)
    """How many tickets have each rating."""

    @property
    def rated(self) -> int:
        """Return how many tickets were rated."""
        return sum(self.scores.values())

    @property
    def mean_score(self) -> float | None:
        """Return the mean rating."""
        return sum(score * count for score, count in self.scores.items()) / self.rated if self.rated else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """What the figures are made from."""

    texts: Mapping[int, int]
    """Texts of citizens, by ticket."""
    scores: Mapping[int, int]
    """Ratings, by ticket."""
    calendars: Mapping[int, Calendar]
    """The calendar of each unit."""
    now: datetime


def figures_of(tickets: Sequence[TicketTimes], material: Material) -> Figures:
    """Count the figures of some tickets."""
    first = sorted(
        int(open_time(one.created_at, one.first_answer_at, material.calendars[one.unit_id]).total_seconds() // 60)
        for one in tickets
        if one.first_answer_at is not None
    )
    resolved = [one for one in tickets if one.resolved_at is not None]
    timed = [(one, one.working_minutes) for one in resolved if one.working_minutes is not None]
    judged = [one for one in tickets if one.resolved_at is not None or _is_overdue(one, material.now)]
    kept = [one for one in judged if one.resolved_at is not None and one.resolved_at <= one.promised_at]
    scores = [material.scores[one.id] for one in tickets if one.id in material.scores]
    return Figures(
        opened=len(tickets),
        answered=len(first),
        first_p50=percentile(first, 50),
        first_p95=percentile(first, 95),
        resolved=len(resolved),
        within_hour=_share(sum(minutes <= _HOUR for _, minutes in timed), len(timed)),
        within_day=_share(
            sum(minutes <= longest_day(material.calendars[one.unit_id]) for one, minutes in timed), len(timed)
        ),
        promises=_share(len(kept), len(judged)),
        reopened=_share(sum(one.reopened > 0 for one in resolved), len(resolved)),
        texts=_share(sum(material.texts.get(one.id, 0) for one in resolved), len(resolved)),
        scores={score: scores.count(score) for score in SCORES},
    )


def figures_by_unit(tickets: Sequence[TicketTimes], material: Material) -> Mapping[int, Figures]:
    """Count the figures of each unit that has tickets."""
    by_unit: dict[int, list[TicketTimes]] = defaultdict(list)
    for one in tickets:
        by_unit[one.unit_id].append(one)
    return {unit_id: figures_of(some, material) for unit_id, some in by_unit.items()}


def percentile(ordered: Sequence[int], percent: int) -> int | None:
    """Return the value that so many per cent of the others do not exceed; None of nothing.

    >>> [percentile([1, 2, 3, 4], percent) for percent in (50, 95, 100)], percentile([], 50)
    ([2, 4, 4], None)
    """
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else None


def longest_day(calendar: Calendar) -> int:
    """Return the open minutes of a working day: those of the longest weekday."""
    return max(sum(interval.minutes for interval in intervals) for intervals in calendar.hours.values())


def _is_overdue(one: TicketTimes, now: datetime) -> bool:
    """Return whether a promise is broken by now. What was withdrawn, merged or spam promised nothing."""
    return one.promised_at <= now and one.state is not TicketState.CLOSED


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
