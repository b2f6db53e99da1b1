"""Levels: the due times of the design, and those of other levels."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.schema import LevelClock
from handlers.conversation.business_time import Calendar
from handlers.conversation.business_time.levels import DEFAULT_LEVELS, Level, Span, due_times, end_of
from tests.handlers.conversation.calendars import ALWAYS, OFFICE, calendars, local, moments

UNHURRIED = settings(deadline=None)  # a busy machine is no fault


@pytest.mark.parametrize(
    ("code", "start", "first", "final"),
    [
        ("urgent", "28/11 09:00", "28/11 09:15", "30/11 17:30"),
        ("question", "28/11 09:00", "30/11 08:30", "30/11 17:30"),
        ("question", "30/11 10:00", "30/11 11:00", "01/12 10:00"),
        ("report", "28/11 09:00", "30/11 11:30", "02/12 17:30"),
        ("report", "30/11 15:00", "01/12 09:00", "03/12 15:00"),
        ("proposal", "28/11 09:00", "30/11 17:30", "04/12 17:30"),
    ],
)
def test_the_default_levels_end_when_the_design_says(code: str, start: str, first: str, final: str) -> None:
    found = due_times(local(start), DEFAULT_LEVELS[code], OFFICE)
    assert (found.first, found.final) == (local(first), local(final))


def test_a_unit_that_is_always_open_answers_at_the_weekend() -> None:
    found = due_times(local("28/11 09:00"), DEFAULT_LEVELS["question"], ALWAYS)
    assert (found.first, found.final) == (local("28/11 10:00"), local("29/11 09:00"))


def test_the_first_answer_is_never_due_after_the_final_one() -> None:
    level = Level(
        code="odd",
        first=Span(amount=3, clock=LevelClock.WORKING_DAYS),
        final=Span(amount=60, clock=LevelClock.WALL_MINUTES),
    )
    found = due_times(local("30/11 09:00"), level, OFFICE)
    assert found.first == found.final == local("30/11 10:00")


@UNHURRIED
@given(calendars(), moments(), st.sampled_from(LevelClock), st.integers(1, 8))
def test_more_of_a_span_ends_later(calendar: Calendar, start: datetime, clock: LevelClock, amount: int) -> None:
    ends = [end_of(start, Span(amount=amount + more, clock=clock), calendar) for more in (0, 1)]
    assert start < ends[0] < ends[1]
