"""The figures of tickets, beside what is counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from db.reports.ticket_numbers import TicketTimes
from db.schema import TicketState
from sms_gateway.pages.units.numbers.figures import Figures, Material, figures_by_unit, figures_of, percentile
from tests.handlers.conversation.calendars import OFFICE

MONDAY = datetime(2026, 11, 30, 1, tzinfo=UTC)  # 8:00 in Ho Chi Minh City; open 7:30-11:30 and 13:30-17:30


def ticket(
    ticket_id: int,
    *,
    unit_id: int = 1,
    first: int | None = None,
    resolved: int | None = None,
    promised: int = 480,
    reopened: int = 0,
) -> TicketTimes:
    """Make a ticket of Monday morning; the times are minutes of the clock after it was opened."""
    after = [None if minutes is None else MONDAY + timedelta(minutes=minutes) for minutes in (first, resolved)]
    return TicketTimes(
        id=ticket_id,
        unit_id=unit_id,
        state=TicketState.RESOLVED if resolved is not None else TicketState.OPEN,
        created_at=MONDAY,
        first_answer_at=after[0],
        resolved_at=after[1],
        promised_at=MONDAY + timedelta(minutes=promised),
        working_minutes=resolved,
        reopened=reopened,
    )


def material(now_minutes: int = 10_000) -> Material:
    return Material(
        texts={1: 1, 2: 3},
        scores={1: 5, 2: 2},
        calendars={1: OFFICE, 2: OFFICE},
        now=MONDAY + timedelta(minutes=now_minutes),
    )


def test_figures_are_those_counted_by_hand() -> None:
    tickets = [
        ticket(1, first=10, resolved=30),
        ticket(2, first=20, resolved=600, reopened=1),
        ticket(3, first=400),  # 14:40: two hours of noon do not count
        ticket(4),
    ]
    found = figures_of(tickets, material())
    assert (found.opened, found.answered, found.resolved, found.rated) == (4, 3, 2, 2)
    assert (found.first_p50, found.first_p95) == (20, 280)
    assert (found.within_hour, found.within_day, found.reopened) == (0.5, 0.5, 0.5)
    assert found.promises == 0.25  # two that nobody resolved broke their promise
    assert (found.texts, found.mean_score) == (2.0, 3.5)
    assert found.scores == {1: 0, 2: 1, 3: 0, 4: 0, 5: 1}


def test_a_promise_that_is_not_due_is_not_judged() -> None:
    assert figures_of([ticket(4)], material(now_minutes=60)).promises is None


def test_a_ticket_that_was_withdrawn_breaks_no_promise() -> None:
    assert figures_of([replace(ticket(4), state=TicketState.CLOSED)], material()).promises is None


def test_nothing_has_no_shares() -> None:
    found = figures_of([], material())
    assert found == Figures(scores=dict.fromkeys(range(1, 6), 0))
    assert found.mean_score is None


def test_figures_are_counted_by_unit() -> None:
    found = figures_by_unit([ticket(1), ticket(2, unit_id=2), ticket(3, unit_id=2)], material())
    assert {unit: figures.opened for unit, figures in found.items()} == {1: 1, 2: 2}


@given(values=st.lists(st.integers(0, 9999), min_size=1).map(sorted), percent=st.integers(1, 100))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(values: list[int], percent: int) -> None:
    found = percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    below = [value for value in values if value < found]
    assert len(below) * 100 < percent * len(values)
