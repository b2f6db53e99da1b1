"""The clock of a ticket: when its answers are due, how that goes on after a pause, and what fires in between. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.schema import TimerKind
from handlers.conversation.business_time import Calendar, due, due_in_days, is_open, minutes_left, open_time, rounded
from handlers.conversation.business_time.levels import Level, due_times, end_of

REMINDED_AFTER = 3
"""Working days after a question of ours, until the citizen is reminded."""

NO_REPLY_AFTER = timedelta(days=7)
"""From the question until the ticket closes, if that is not too soon after the reminder."""

NO_REPLY_AFTER_REMINDER = 2
"""Working days between the reminder and the closing, at least."""

RATED_WITHIN = timedelta(days=7)
"""From the answer until the ticket closes and cannot be rated any more."""

ESCALATED_AFTER: Mapping[TimerKind, timedelta] = {
    TimerKind.URGENT_5: timedelta(minutes=5),
    TimerKind.URGENT_10: timedelta(minutes=10),
    TimerKind.URGENT_15: timedelta(minutes=15),
}
"""An urgent ticket that nobody took: when the next person on duty is texted."""

ONE_PHRASE_CALLED_AFTER: Mapping[TimerKind, timedelta] = {TimerKind.URGENT_10: timedelta(minutes=10)}
"""The same for a ticket of one urgent phrase: the first contact, once."""

_WARNED_AT = 3, 4
"""The unit is warned when so much of the time is over."""

_NEW_DATE_DAYS = 1
"""Working days from a missed due time to the new date."""

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketClock:
    """The due times of a ticket that runs, and its timers."""

    first_due: datetime
    final_due: datetime
    timers: Mapping[TimerKind, datetime]
    promised: datetime
    """The final due time as citizens are told it."""
    is_open: bool
    """Whether the unit was open when the clock began."""


def started(at: datetime, level: Level, calendar: Calendar) -> TicketClock:
    """Return the clock of a ticket that is opened, or opened again, at this time."""
    times = due_times(at, level, calendar)
    return TicketClock(
        first_due=times.first,
        final_due=times.final,
        timers=_warnings(at, times.final, calendar, total=None),
        promised=rounded(times.final, calendar.zone),
        is_open=is_open(at, calendar),
    )


def goes_on(at: datetime, left: int, level: Level, calendar: Calendar, *, first_due: datetime) -> TicketClock:
    """Return the clock of a ticket that goes on after a pause, with so many open minutes left."""
    final = due(at, left, calendar)
    total = open_time(at, end_of(at, level.final, calendar), calendar)
    return TicketClock(
        first_due=min(first_due, final),
        final_due=final,
        timers=_warnings(at, final, calendar, total=total),
        promised=rounded(final, calendar.zone),
        is_open=is_open(at, calendar),
    )


def new_date(at: datetime, calendar: Calendar) -> datetime:
    """Return what a citizen is promised now whose first due time was missed."""
    return rounded(due_in_days(at, _NEW_DATE_DAYS, calendar), calendar.zone)


def left_of(at: datetime, final_due: datetime, calendar: Calendar) -> int:
    """Return the open minutes that a pause stores."""
    return minutes_left(at, final_due, calendar)


def question_timers(at: datetime, calendar: Calendar) -> Mapping[TimerKind, datetime]:
    """Return when the citizen is reminded of a question sent now, and when the ticket closes without a reply."""
    reminder = due_in_days(at, REMINDED_AFTER, calendar)
    return {TimerKind.REMINDER: reminder, TimerKind.NO_REPLY: closes_at(at, reminder, calendar)}


def closes_at(asked_at: datetime, reminded_at: datetime, calendar: Calendar) -> datetime:
    """Return when a ticket closes whose question was not answered; a reminder that went out late moves it."""
    return max(asked_at + NO_REPLY_AFTER, due_in_days(reminded_at, NO_REPLY_AFTER_REMINDER, calendar))


def rating_timers(at: datetime) -> Mapping[TimerKind, datetime]:
    """Return when a ticket closes that is resolved now."""
    return {TimerKind.RATING_END: at + RATED_WITHIN}


def escalation_timers(at: datetime, *, is_called: bool) -> Mapping[TimerKind, datetime]:
    """Return when the next people on duty are texted about an urgent ticket; `is_called`: the first was texted."""
    spans = ESCALATED_AFTER if is_called else ONE_PHRASE_CALLED_AFTER
    return {kind: at + span for kind, span in spans.items()}


def _warnings(
    start: datetime, final: datetime, calendar: Calendar, *, total: timedelta | None
) -> Mapping[TimerKind, datetime]:
    """Return when the unit, its lead and its parent are warned, and when the citizen gets an apology.

    `total` is the whole time of a ticket whose clock stood still; None: it begins now.
    """
    left = open_time(start, final, calendar)
    whole = left if total is None else max(total, left)
    numerator, denominator = _WARNED_AT
    warned_in = max(left - whole * (denominator - numerator) / denominator, timedelta())
    return {
        TimerKind.WARN_UNIT: due(start, warned_in // _MINUTE, calendar),
        TimerKind.WARN_LEAD: final,
        TimerKind.APOLOGY: final,
        TimerKind.WARN_PARENT: due(final, (whole / 2) // _MINUTE, calendar),
    }
