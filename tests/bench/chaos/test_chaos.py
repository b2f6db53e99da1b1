"""The short form of `make chaos`: real processes, killed under load; every text is counted."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from bench.chaos.crowd import Crowd
from bench.chaos.launcher import KILLED, POINTS
from bench.chaos.rig import Rig, SqliteHome
from bench.chaos.run import settle
from bench.chaos.tally import take_tally
from bench.chaos.troubles import TROUBLES
from sms_gateway.demo.simulator import Faults

FAULTS = Faults(response_delay=0.02, receipt_delay=0.05, retry_delay=0.2, window=50)
RATE = 80.0

Rigs = Callable[[], AbstractContextManager[Rig]]


@pytest.fixture
def rigs(tmp_path: Path) -> Rigs:
    @contextmanager
    def make() -> Iterator[Rig]:
        rig = Rig(tmp_path, SqliteHome(tmp_path, size_mib=64), faults=FAULTS)
        try:
            yield rig
        finally:
            rig.close()

    return make


def finish(rig: Rig, crowd: Crowd) -> None:
    crowd.end_after(0)
    settle(rig, crowd)
    assert [process.stop() for process in rig.processes] == [0]
    tally = take_tally(crowd, rig.database)
    assert tally.good, "\n".join(tally.lines())


LONG = pytest.mark.long
SHORT = ("t3-responded",)
"""The test with the clock set back also dies at t1-committed, and so does that of a carrier by HTTP."""


@pytest.mark.parametrize(
    "points",
    [
        pytest.param(SHORT, id="some"),
        pytest.param(tuple(point for point in POINTS if point not in SHORT), id="others", marks=LONG),
    ],
)
def test_dies_at_the_boundaries_of_steps_and_nothing_is_lost_or_done_twice(rigs: Rigs, points: tuple[str, ...]) -> None:
    with rigs() as rig:
        (process,) = rig.processes
        crowd = Crowd(rig.carrier, rate=RATE)
        crowd.start()
        for point in points:
            process.start(die=f"{point}:2")
            assert process.await_death(15) == KILLED, f"did not come to {point}"
        process.start()
        rig.await_bind()
        finish(rig, crowd)


@pytest.mark.parametrize(
    "trouble",
    [
        "database gone or disk full",
        *(
            pytest.param(each, marks=LONG)  # the test below sets the clock too
            for each in ("clock set", "connection dropped", "database locked", "process asleep")
        ),
    ],
)
def test_outlives_it_without_a_restart(rigs: Rigs, trouble: str) -> None:
    with rigs() as rig:
        (process,) = rig.processes
        process.start()
        rig.await_bind()
        crowd = Crowd(rig.carrier, rate=RATE)
        crowd.start()
        time.sleep(0.5)
        TROUBLES[trouble](rig, random.Random(1))
        time.sleep(0.5)
        rig.skew(0)
        finish(rig, crowd)
        assert process.starts == 1


def test_a_death_and_a_start_with_the_clock_an_hour_back_act_on_nothing_twice(rigs: Rigs) -> None:
    with rigs() as rig:
        (process,) = rig.processes
        crowd = Crowd(rig.carrier, rate=RATE)
        crowd.start()
        for start, point in enumerate(("t1-committed", "t3-responded")):
            process.start(die=f"{point}:2")
            assert process.await_death(40) == KILLED, f"did not come to {point}"
            rig.skew(-3600 * (start + 1))
        process.start()
        rig.await_bind()
        finish(rig, crowd)
