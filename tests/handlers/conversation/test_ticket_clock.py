"""The clock of a ticket: due times, pauses, warnings, reminders; by tables and by generated times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from db.schema import TimerKind
from handlers.conversation.business_time import OFFICE_HOURS, Calendar, open_time
from handlers.conversation.business_time.levels import DEFAULT_LEVELS, Level
from handlers.conversation.ticket_clock import (
    NO_REPLY_AFTER,
    closes_at,
    escalation_timers,
    goes_on,
    left_of,
    question_timers,
    rating_timers,
    started,
)
from sms_gateway.clock import LOCAL_ZONE

OFFICE = Calendar(zone=LOCAL_ZONE, hours=OFFICE_HOURS)
MONDAY = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)  # ten o'clock there
moments = st.timedeltas(timedelta(), timedelta(days=700)).map(lambda span: datetime(2026, 1, 1, tzinfo=UTC) + span)
levels = st.sampled_from(sorted(DEFAULT_LEVELS)).map(DEFAULT_LEVELS.__getitem__)


def test_a_report_of_monday_is_due_on_thursday_and_its_unit_is_warned_before() -> None:
    clock = started(MONDAY, DEFAULT_LEVELS["report"], OFFICE)
    thursday = MONDAY + timedelta(days=3)
    assert clock.final_due == thursday
    assert clock.timers[TimerKind.WARN_LEAD] == clock.timers[TimerKind.APOLOGY] == thursday
    assert clock.timers[TimerKind.WARN_UNIT] < thursday < clock.timers[TimerKind.WARN_PARENT]


@settings(deadline=None)  # a busy machine is no fault
@given(at=moments, level=levels)
def test_warnings_come_in_order_and_at_their_share_of_the_open_time(at: datetime, level: Level) -> None:
    clock = started(at, level, OFFICE)
    unit, lead, parent = (
        clock.timers[kind] for kind in (TimerKind.WARN_UNIT, TimerKind.WARN_LEAD, TimerKind.WARN_PARENT)
    )
    assert at <= unit <= lead <= parent
    whole = open_time(at, lead, OFFICE)
    assert abs(open_time(at, unit, OFFICE) - whole * 3 / 4) <= timedelta(minutes=1)
    assert abs(open_time(lead, parent, OFFICE) - whole / 2) <= timedelta(minutes=1)


@settings(deadline=None)  # a busy machine is no fault
@given(at=moments, level=levels, waits=st.timedeltas(timedelta(), timedelta(days=30)))
def test_a_pause_costs_no_open_time(at: datetime, level: Level, waits: timedelta) -> None:
    level_of = level
    clock = started(at, level_of, OFFICE)
    left = left_of(at, clock.final_due, OFFICE)
    later = goes_on(at + waits, left, level_of, OFFICE, first_due=clock.first_due)
    assert open_time(at + waits, later.final_due, OFFICE) == timedelta(minutes=left)
    assert later.first_due <= later.final_due


@settings(deadline=None)  # a busy machine is no fault
@given(at=moments, late=st.timedeltas(timedelta(), timedelta(days=20)))
def test_a_ticket_never_closes_before_a_week_or_two_working_days_after_the_reminder(
    at: datetime, late: timedelta
) -> None:
    reminder = question_timers(at, OFFICE)[TimerKind.REMINDER] + late
    closes = closes_at(at, reminder, OFFICE)
    assert closes >= at + NO_REPLY_AFTER
    assert open_time(reminder, closes, OFFICE) >= timedelta(minutes=2 * 480)


def test_an_answered_ticket_is_rated_within_a_week() -> None:
    assert rating_timers(MONDAY) == {TimerKind.RATING_END: MONDAY + timedelta(days=7)}


def test_of_one_phrase_one_person_is_called_after_ten_minutes() -> None:
    assert len(escalation_timers(MONDAY, is_called=True)) == 3
    assert escalation_timers(MONDAY, is_called=False) == {TimerKind.URGENT_10: MONDAY + timedelta(minutes=10)}
