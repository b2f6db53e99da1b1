"""What is told of an alarm, over any course of its condition: no clock, no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import count, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from db.processes.alarms import AlarmWords, StoredAlarm
from sms_gateway.alarms.condition import AlarmName, Condition, condition
from sms_gateway.alarms.notice import NoticeKind
from sms_gateway.alarms.plan import AlarmTerms, changes_of, first_try, next_try, ways_for
from sms_gateway.clock import LOCAL_ZONE

NOW = datetime(2026, 11, 29, 5, tzinfo=UTC)  # 12:00 in Ho Chi Minh City
STEP = timedelta(seconds=20)
TERMS = AlarmTerms(held=timedelta(seconds=60), repeat=timedelta(minutes=10), quiet=(time(22), time(6)), zone=LOCAL_ZONE)
WRONG = condition(AlarmName.NO_FOCAL_UNIT, "admin.units")
BEGINS, GOES_ON, ENDS = NoticeKind.BEGINS, NoticeKind.GOES_ON, NoticeKind.ENDS


def worded(one: Condition) -> dict[str, AlarmWords]:
    return {"en": AlarmWords(title=str(one.title), fix=str(one.fix))}


def told(
    course: Sequence[bool],
    *,
    known_at: int | None = None,
    wrong: Condition = WRONG,
    terms: AlarmTerms = TERMS,
    ahead: range = range(0),
) -> list[tuple[int, NoticeKind]]:
    """Play a course, a step for each value; return at which step what was told.

    It is acknowledged at the step `known_at`. In the steps `ahead` the clock is ten years ahead.
    """
    stored, found, new_id = list[StoredAlarm](), list[tuple[int, NoticeKind]](), count(1).__next__
    for step, is_wrong in enumerate(course):
        now = NOW + step * STEP + (timedelta(days=3650) if step in ahead else timedelta())
        if step == known_at:
            stored = [replace(one, acknowledged_at=now) if one.ended_at is None else one for one in stored]
        current = [one for one in stored if one.ended_at is None or one.ended_at >= now - terms.repeat]
        for change in changes_of(current, [wrong] if is_wrong else [], now, terms, worded, new_id):
            stored = [one for one in stored if change.before is None or one.id != change.before.id]
            stored += [change.after] if change.after is not None else []
            if change.tells is not None:
                found.append((step, change.tells))
        open_ones = [one for one in stored if one.ended_at is None]
        assert len(open_ones) <= 1, "one row of a name and subject is open"
    return found


def test_an_alarm_is_told_when_it_has_lasted_and_when_it_has_ended() -> None:
    on, off = [True], [False]
    table = [
        ("shorter than a minute", on * 3 + off * 9, []),
        ("shorter than a minute, twice", (on * 2 + off * 5) * 2, []),
        ("again and again, faster than a minute", (on * 2 + off * 2) * 9 + off * 9, [(4, BEGINS), (37, ENDS)]),
        ("once", on * 6 + off * 9, [(3, BEGINS), (9, ENDS)]),
        ("an end that does not last is none", on * 6 + off * 2 + on * 6, [(3, BEGINS)]),
        ("a repeat after ten minutes", on * 40, [(3, BEGINS), (33, GOES_ON)]),
        ("it begins again within the time", on * 6 + off * 9 + on * 8 + off * 9, [(3, BEGINS), (9, ENDS)]),
        (
            "it begins again and lasts beyond the time",
            on * 6 + off * 9 + on * 20 + off * 9,
            [(3, BEGINS), (9, ENDS), (33, BEGINS), (38, ENDS)],
        ),
        ("it begins again later", on * 6 + off * 40 + on * 6, [(3, BEGINS), (9, ENDS), (49, BEGINS)]),
    ]
    for label, course, expected in table:
        assert told(course) == expected, label


def test_who_acknowledges_it_hears_of_its_end_only() -> None:
    assert told([True] * 80 + [False] * 5, known_at=5) == [(3, BEGINS), (83, ENDS)]
    assert told([True] * 80 + [False] * 5, known_at=2) == [], "before anybody was told: nobody need be told"
    again = told([True] * 6 + [False] * 6 + [True] * 40, known_at=5)
    assert again == [(3, BEGINS), (9, ENDS), (15, BEGINS), (45, GOES_ON)], "acknowledged was the one that ended"


def test_an_urgent_alarm_that_begins_again_is_told_when_it_has_lasted_a_quarter_of_an_hour() -> None:
    on, off, hours = [True], [False], replace(TERMS, repeat=timedelta(hours=4))
    urgent = condition(AlarmName.LINK_DOWN, "admin.links", subject="viettel")
    course = on * 6 + off * 9 + on * 60 + off * 9
    assert told(course, wrong=urgent, terms=hours) == [(3, BEGINS), (9, ENDS), (60, BEGINS), (78, ENDS)]
    assert told(course, terms=hours) == [(3, BEGINS), (9, ENDS)], "others wait"
    slowly = on * 6 + off * 9 + (on * 30 + off * 6) * 30
    assert told(slowly, wrong=urgent, terms=hours)[2] == (723, BEGINS), "one that never lasts so long: after four hours"


def test_a_clock_that_was_ahead_silences_nothing_for_longer_than_a_repeat() -> None:
    on, off = [True], [False]
    for label, course, ahead, expected in (
        ("it was told", on * 6 + off * 6 + on * 40, range(2, 7), [(2, BEGINS), (10, ENDS), (37, BEGINS)]),
        ("it goes on", on * 50, range(2, 7), [(2, BEGINS), (37, GOES_ON)]),
        ("it was seen", on * 12, range(4), [(3, BEGINS)]),
        ("it was seen last", on * 12, range(2), [(5, BEGINS)]),
        ("its end was seen", on * 6 + off * 12, range(6, 8), [(3, BEGINS), (11, ENDS)]),
    ):
        assert told(course, ahead=ahead) == expected, label


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 45)), max_size=8))
def test_begin_and_end_take_turns_and_nobody_is_told_too_often(spans: list[tuple[bool, int]]) -> None:
    course = [is_wrong for is_wrong, steps in spans for _ in range(steps)]
    found = told(course)
    kinds = [kind for _, kind in found]
    for before, kind in zip([None, *kinds], kinds, strict=False):
        assert kind in ({BEGINS} if before in {None, ENDS} else {GOES_ON, ENDS}), kinds
    holding = [step for step, kind in found if kind is not ENDS]
    gaps = [(later - earlier) * STEP for earlier, later in pairwise(holding)]
    assert all(gap >= TERMS.repeat for gap in gaps), found


def test_what_is_not_urgent_waits_for_the_morning() -> None:
    def at(hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 11, 29, hour, minute, tzinfo=LOCAL_ZONE)

    morning = datetime(2026, 11, 30, 6, tzinfo=LOCAL_ZONE)
    for hour, expected in ((12, at(12)), (22, morning), (23, morning), (3, at(6)), (6, at(6))):
        assert first_try(at(hour), TERMS, is_urgent=False) == expected, hour
        assert first_try(at(hour), TERMS, is_urgent=True) == at(hour), hour
    noon = replace(TERMS, quiet=(time(11), time(13)))
    assert first_try(at(12), noon, is_urgent=False) == at(13)
    assert first_try(at(23), replace(TERMS, quiet=None), is_urgent=False) == at(23)


def test_tries_become_rarer_and_each_notice_has_its_ways() -> None:
    gaps = [next_try(tries, NOW) - NOW for tries in range(1, 9)]
    assert gaps == sorted(gaps)
    assert gaps[0] == timedelta(minutes=1)
    assert gaps[-1] == timedelta(hours=1)
    finals = [next_try(tries, NOW, is_final=True) - NOW for tries in (1, 2, 3)]
    assert finals == [timedelta(minutes=15), timedelta(hours=1), timedelta(hours=1)]
    every = ["email", "webhook", "sms"]
    assert ways_for(every, is_urgent=True) == every
    assert ways_for(every, is_urgent=False) == ["email", "webhook"]
    assert ways_for(["sms"], is_urgent=False) == ["sms"]
    assert ways_for(every, is_urgent=False, about="email") == ["webhook"]
    assert ways_for(["email", "sms"], is_urgent=False, about="email") == ["sms"]
