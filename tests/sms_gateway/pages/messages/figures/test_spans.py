"""Ranges of days, months and years: whole steps, and neighbours without a gap."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.pages.messages.figures.spans import (
    MOST_STEPS,
    Quarter,
    Step,
    quarter_of,
    span_of,
    start_of,
    usual_span,
)

DAYS = st.dates(date(2010, 1, 1), date(2200, 1, 1))


@given(step=st.sampled_from(Step), first=DAYS, last=DAYS)
def test_a_range_has_whole_steps_and_its_neighbours_begin_where_it_ends(step: Step, first: date, last: date) -> None:
    span = span_of(step, first, last)
    starts = span.starts()
    assert 1 <= len(starts) <= MOST_STEPS[step]
    assert starts == [start_of(each, step) for each in starts]
    assert span.first == starts[0]
    assert starts[-1] <= max(first, last) <= span.last
    assert span.is_cut or span.first <= min(first, last)
    after, before = span.after(), span.before()
    one_day = timedelta(days=1)
    assert after.first == span.last + one_day
    assert before.last == span.first - one_day
    if step is not Step.DAY:
        assert len(after.starts()) == len(before.starts()) == len(starts)
        assert (after.before().first, after.before().last) == (span.first, span.last)


def test_the_usual_ranges_hold_today_and_move_by_months_and_years() -> None:
    today = date(2026, 11, 29)
    for step, first, last, before in (
        (Step.DAY, date(2026, 11, 1), date(2026, 11, 30), (date(2026, 10, 1), date(2026, 10, 31))),
        (Step.MONTH, date(2026, 1, 1), date(2026, 12, 31), (date(2025, 1, 1), date(2025, 12, 31))),
        (Step.YEAR, date(2022, 1, 1), date(2026, 12, 31), (date(2017, 1, 1), date(2021, 12, 31))),
    ):
        span = usual_span(step, today)
        assert (span.first, span.last) == (first, last), step
        assert (span.before().first, span.before().last) == before, step


@given(day=DAYS, ago=st.integers(-40, 40))
def test_quarters_follow_each_other(day: date, ago: int) -> None:
    quarter = quarter_of(day)
    assert quarter.first <= day <= quarter.last
    assert quarter.plus(1).first == quarter.last + timedelta(days=1)
    assert quarter.plus(ago).plus(-ago) == quarter
    assert quarter.plus(-4) == Quarter(year=quarter.year - 1, number=quarter.number)
