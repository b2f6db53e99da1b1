from __future__ import annotations

from collections.abc import Sequence
from random import Random

from bench.carrier import Report
from bench.soak.__main__ import Plan, faults_of
from bench.soak.growth import judge, window_of

SLICES = 36
"""Six hours, a slice every ten minutes."""


def series(rise: float, *, at: int | None = None, noise: float = 0.0) -> Sequence[float]:
    """Make 150 MB that rise by a share over the run, evenly or at once, with noise of a share."""
    chance = Random(7)
    shares = [rise * number / SLICES if at is None else rise * (number >= at) for number in range(SLICES)]
    return [150 * (1 + share + chance.uniform(-noise, noise)) for share in shares]


def test_a_leak_and_a_step_are_found_and_noise_is_not() -> None:
    cases = {
        "flat": (series(0), False, False),
        "noise of a tenth": (series(0, noise=0.1), False, False),
        "a leak of a tenth": (series(0.1), True, True),
        "a leak under noise": (series(0.3, noise=0.05), True, True),
        "a step of a tenth": (series(0.1, at=20), True, False),
        "a step within the first hour": (series(0.1, at=2), False, False),
        "a step of four hundredths": (series(0.04, at=20), False, False),
        "it shrinks": (series(-0.2), False, False),
    }
    for name, (values, grew, rises) in cases.items():
        (verdict,) = judge({"RSS MB": values}, 600)
        assert verdict.grew is grew, f"{name}: {verdict.line()}"
        assert not grew or verdict.is_rising is rises, f"{name}: {verdict.line()}"


def test_small_numbers_may_differ_and_rows_may_grow() -> None:
    many = {
        "descriptors": (30.0, 32.0),
        "threads": (41.0, 42.0),
        "p99 ms": (8.0, 11.0),
        "texts": (1.0, 9.0),
        "kB a text": (1.2, 1.9),
        "WAL MB": (34.0, 48.0),
    }
    assert not [
        one.line()
        for one in judge({name: [first] * 5 + [last] * 5 for name, (first, last) in many.items()}, 60)
        if one.grew
    ]
    more = {
        "descriptors": (30.0, 33.0),
        "threads": (41.0, 44.0),
        "p99 ms": (8.0, 11.1),
        "kB a text": (2.0, 2.2),
        "WAL MB": (60.0, 65.0),
        "RSS MB": (150.0, 158.0),
    }
    found = judge({name: [first] * 5 + [last] * 5 for name, (first, last) in more.items()}, 60)
    assert [one.measure for one in found if one.grew] == list(more)


def test_the_first_and_the_last_window_meet_the_same_imports_backups_and_cuts() -> None:
    for hours in (0.05, 1 / 6, 1, 2, 12):
        plan = Plan(seconds=3600 * hours, rate=150)
        slices = round(plan.seconds / plan.slice_seconds)
        periods = (slices - window_of(slices, plan.slice_seconds)) * plan.slice_seconds / plan.period
        assert abs(periods - round(periods)) < 1e-9, hours
        assert slices >= 10, hours
        assert plan.lead_slices * plan.slice_seconds >= 240, hours
        assert plan.cut_seconds <= 300, hours


def test_lost_texts_and_unmarked_doubles_are_faults() -> None:
    fine: Report = {"texts": 10, "acked": 10, "lost": 0, "doubled": 1, "wrong": 0, "strays": 0}
    assert faults_of(fine, 1, [], []) == []
    assert faults_of(fine, 0, [], ["an error"]) == ["doubled: 1, of which at most 0 are marked unsure", "an error"]
    assert faults_of({**fine, "acked": 9, "lost": 2, "strays": 1}, 1, [], []) == [
        "lost: 3",
        "wrong answers: 0, answers to nobody: 1",
    ]
