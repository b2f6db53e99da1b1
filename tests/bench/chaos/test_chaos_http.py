"""The short form of `make chaos` with a carrier by HTTP: killed under load; every text is counted."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from bench.chaos.carriers import HttpCarrier
from bench.chaos.crowd import Crowd
from bench.chaos.launcher import KILLED, POINTS
from bench.chaos.rig import Rig, SqliteHome
from bench.chaos.run import settle
from bench.chaos.tally import take_tally
from bench.chaos.troubles import TROUBLES
from sms_gateway.demo.provider import ProviderFaults

FAULTS = ProviderFaults(response_delay=0.02, receipt_delay=0.05, retry_delay=0.2)
RATE = 80.0
LONG = pytest.mark.long
SHORT = ("t1-committed",)
REST = tuple(point for point in POINTS if point not in SHORT)


@pytest.mark.parametrize(
    ("network", "points", "troubles"),
    [
        pytest.param("plain", SHORT, (), id="plain"),
        pytest.param("esms", ("t3-submitted", "t3-responded"), ("connection dropped",), id="key", marks=LONG),
        pytest.param("plain", REST, ("carrier away", "connection dropped", "connection frozen"), id="more", marks=LONG),
    ],
)
def test_dies_at_the_boundaries_of_steps_and_nothing_is_lost_or_done_twice(
    tmp_path: Path, network: str, points: tuple[str, ...], troubles: tuple[str, ...]
) -> None:
    carrier = HttpCarrier(network, FAULTS)
    rig = Rig(tmp_path, SqliteHome(tmp_path, size_mib=64), carrier=carrier)
    try:
        (process,) = rig.processes
        crowd = Crowd(rig.carrier, rate=RATE)
        crowd.start()
        for point in points:
            process.start(die=f"{point}:2")
            assert process.await_death(15) == KILLED, f"did not come to {point}"
        process.start()
        rig.await_bind()
        for trouble in troubles:
            TROUBLES[trouble](rig, random.Random(1))
            time.sleep(0.5)
        crowd.end_after(0)
        settle(rig, crowd)
        assert process.stop() == 0
        tally = take_tally(crowd, rig.database, has_key=carrier.has_key)
        assert tally.good, "\n".join(tally.lines())
    finally:
        rig.close()
