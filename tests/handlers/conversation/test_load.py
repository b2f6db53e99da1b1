"""Load: overload, the place in the queue, the time expected, and who is on duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.conversation.load import (
    UnitLoad,
    duty_contacts,
    expect,
    is_overloaded,
)
from tests.handlers.conversation.calendars import ALWAYS, OFFICE, ZONE, local

UNHURRIED = settings(deadline=None)  # a busy machine is no fault


MONDAY = local("30/11 10:00")
FINAL = local("01/12 10:00")


@pytest.mark.parametrize(
    ("waiting", "capacities", "at", "expected"),
    [
        (0, (), "30/11 10:00", True),  # nobody is there
        (0, (20,), "30/11 10:00", False),
        (20, (20,), "30/11 10:00", False),
        (21, (20,), "30/11 10:00", True),
        (21, (20, 20), "30/11 10:00", False),
        (41, (20, 20), "30/11 10:00", True),
        (500, (), "28/11 10:00", False),  # Saturday: citizens are told the hours
        (500, (20,), "30/11 12:00", False),
    ],
)
def test_a_unit_is_overloaded_by_its_agents_and_only_when_open(
    waiting: int,
    capacities: tuple[int, ...],
    at: str,
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    assert is_overloaded(UnitLoad(waiting=waiting, capacities=capacities), OFFICE, local(at)) is expected


def test_the_due_time_is_told_until_there_are_enough_samples() -> None:
    few = expect(UnitLoad(waiting=13, gaps=(10,) * 19), OFFICE, MONDAY, FINAL)
    assert (few.overloaded, few.ahead, few.at) == (True, 13, FINAL)
    enough = expect(UnitLoad(waiting=13, gaps=(10,) * 20), OFFICE, MONDAY, FINAL)
    assert enough.at == local("30/11 14:30")  # 14 times 10 minutes, over noon, and the next half hour


def test_one_long_gap_does_not_change_what_is_told() -> None:
    gaps = (*(10,) * 20, 5000)
    assert expect(UnitLoad(waiting=2, gaps=gaps), OFFICE, MONDAY, FINAL).at == local("30/11 10:30")


@UNHURRIED
@given(st.integers(0, 300), st.lists(st.integers(0, 60), min_size=20, max_size=40))
def test_a_later_place_is_never_promised_earlier(waiting: int, gaps: list[int]) -> None:
    times = [expect(UnitLoad(waiting=waiting + more, gaps=gaps), ALWAYS, MONDAY, FINAL).at for more in (0, 1)]
    assert MONDAY <= times[0] <= times[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Somebody:
    name: str
    position: int
    duty_from: int | None
    duty_to: int | None


DAY = Somebody(name="day", position=3, duty_from=7 * 60, duty_to=19 * 60)
NIGHT = Somebody(name="night", position=2, duty_from=19 * 60, duty_to=7 * 60)
ALWAYS_THERE = Somebody(name="always", position=4, duty_from=0, duty_to=0)
OFFICE_ONLY = Somebody(name="no duty", position=1, duty_from=None, duty_to=None)
EVERYBODY = (DAY, NIGHT, ALWAYS_THERE, OFFICE_ONLY)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("28/11 07:00", ["day", "always", "night"]),
        ("28/11 18:59", ["day", "always", "night"]),
        ("28/11 19:00", ["night", "always", "day"]),
        ("29/11 06:59", ["night", "always", "day"]),
    ],
)
def test_who_is_on_duty_is_texted_first_and_the_next_ones_after(at: str, expected: list[str]) -> None:
    assert [one.name for one in duty_contacts(EVERYBODY, local(at), ZONE)] == expected


@UNHURRIED
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 1439), st.integers(0, 1439))), st.integers(0, 1439))
def test_every_duty_contact_is_texted_at_any_hour(times: list[tuple[int, int, int]], minute: int) -> None:
    contacts = [
        Somebody(name=str(number), position=position, duty_from=begins, duty_to=ends)
        for number, (position, begins, ends) in enumerate(times)
    ]
    found = duty_contacts([*contacts, OFFICE_ONLY], local("28/11 00:00") + timedelta(minutes=minute), ZONE)
    assert {one.name for one in found} == {one.name for one in contacts}
