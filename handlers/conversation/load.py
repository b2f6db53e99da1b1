"""Load: whether a unit has too much to do, the place in its queue and the time expected, and who is on duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from statistics import median
from typing import Protocol, TypeVar

from handlers.conversation.business_time import DAY_MINUTES, Calendar, due, is_open, rounded

DEFAULT_CAPACITY = 20
"""Waiting tickets for each agent who is present, before the unit is overloaded."""

PRESENT_FOR = timedelta(minutes=5)
"""An agent is present while a page was open within this time."""

FEWEST_SAMPLES = 20
"""Times between taken tickets that are needed before they say how long the queue takes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitLoad:
    """What a unit has to do, and who is there to do it."""

    waiting: int
    """New tickets that nobody has taken, without the one that is filed now."""
    capacities: Sequence[int] = ()
    """Of each agent who is present."""
    gaps: Sequence[int] = ()
    """Open minutes between the last tickets taken, in any order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Expectation:
    """What a citizen is told of the queue; `at` is what was promised."""

    overloaded: bool
    ahead: int
    at: datetime


def is_overloaded(load: UnitLoad, calendar: Calendar, now: datetime) -> bool:
    """Return whether a unit that is open has no agent, or more tickets than its agents can take.

    A unit that is shut is not overloaded: citizens are told its hours.
    """
    return has_too_much(load) and is_open(now, calendar)


def has_too_much(load: UnitLoad) -> bool:
    """Return whether no agent is present, or more tickets wait than those who are can take."""
    return not load.capacities or load.waiting > sum(load.capacities)


def expect(load: UnitLoad, calendar: Calendar, now: datetime, final_due: datetime) -> Expectation:
    """Return the place of a new ticket in the queue, and when it is answered.

    That is the final due time while there are too few samples. Then it is the place times the median gap, in open time.
    """
    at = final_due
    if len(load.gaps) >= FEWEST_SAMPLES:
        at = due(now, round((load.waiting + 1) * median(load.gaps)), calendar)
    return Expectation(overloaded=is_overloaded(load, calendar, now), ahead=load.waiting, at=rounded(at, calendar.zone))


class DutyContact(Protocol):
    """Who is texted when it is urgent."""

    @property
    def position(self) -> int:
        """Return the place among the contacts of the unit."""

    @property
    def duty_from(self) -> int | None:
        """Return the minute of the day on which the duty begins; None for a contact without duty."""

    @property
    def duty_to(self) -> int | None:
        """Return the minute on which it ends: earlier than its beginning, over midnight; the same, all day."""


Contact = TypeVar("Contact", bound=DutyContact)


def duty_contacts(contacts: Sequence[Contact], at: datetime, zone: tzinfo) -> Sequence[Contact]:
    """Return the duty contacts in the order in which they are texted.

    Those on duty at this time come first, by position. The others follow by how soon their duty begins: an urgent
    ticket always reaches somebody, where there are duty contacts at all.
    """
    local = at.astimezone(zone)
    minute = local.hour * 60 + local.minute
    on_duty = [one for one in contacts if one.duty_from is not None and one.duty_to is not None]
    return sorted(on_duty, key=lambda one: (_until_duty(one, minute), one.position))


def _until_duty(contact: DutyContact, minute: int) -> int:
    """Return the minutes until the duty begins; 0 on duty."""
    begins, ends = contact.duty_from or 0, contact.duty_to or 0
    length = (ends - begins) % DAY_MINUTES or DAY_MINUTES
    return 0 if (minute - begins) % DAY_MINUTES < length else (begins - minute) % DAY_MINUTES
