"""Levels: how soon a kind of ticket gets its first human answer, and its final one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from db.schema import LevelClock
from handlers.conversation.business_time import Calendar, due, due_in_days

URGENT = "urgent"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """An amount of time, and what counts it."""

    amount: int
    clock: LevelClock


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """How soon tickets of this level are answered."""

    code: str
    first: Span
    final: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class DueTimes:
    """When a ticket needs its first human answer and its final one."""

    first: datetime
    final: datetime


def _level(code: str, first: tuple[int, LevelClock], final_days: int) -> Level:
    amount, clock = first
    return Level(
        code=code,
        first=Span(amount=amount, clock=clock),
        final=Span(amount=final_days, clock=LevelClock.WORKING_DAYS),
    )


DEFAULT_LEVELS: Mapping[str, Level] = MappingProxyType(
    {
        one.code: one
        for one in (
            _level(URGENT, (15, LevelClock.WALL_MINUTES), 1),
            _level("question", (60, LevelClock.WORKING_MINUTES), 1),
            _level("report", (4 * 60, LevelClock.WORKING_MINUTES), 3),
            _level("proposal", (1, LevelClock.WORKING_DAYS), 5),
        )
    }
)
"""Used where the table `level` has no row of this code."""


def due_times(start: datetime, level: Level, calendar: Calendar) -> DueTimes:
    """Return the due times of a ticket that is opened, or reopened, at `start`. The first is never after the final."""
    final = end_of(start, level.final, calendar)
    return DueTimes(first=min(end_of(start, level.first, calendar), final), final=final)


def end_of(start: datetime, span: Span, calendar: Calendar) -> datetime:
    """Return when a span that begins at `start` is over."""
    match span.clock:
        case LevelClock.WALL_MINUTES:
            return start + timedelta(minutes=span.amount)
        case LevelClock.WORKING_MINUTES:
            return due(start, span.amount, calendar)
        case LevelClock.WORKING_DAYS:
            return due_in_days(start, span.amount, calendar)
