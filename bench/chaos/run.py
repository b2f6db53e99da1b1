"""One run: the crowd texts, troubles happen, everything settles, and all is counted."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from bench.chaos.crowd import Crowd
from bench.chaos.rig import Rig
from bench.chaos.tally import Tally, count_unsettled, take_tally
from bench.chaos.troubles import Record, do, programme

SETTLE_SECONDS = 240.0
"""How long all may take to be answered after the last trouble: a clock set back delays a retry by three minutes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a run came to."""

    tally: Tally
    record: Record
    seconds: float
    settled_after: float  # seconds from the last trouble or text until everybody was answered
    stopped: list[int | None]  # exit codes of the last, clean stop


def run(rig: Rig, *, texts: int, rate: float, kills: int, seed: int) -> Outcome:
    """Let everything happen and count."""
    chance, record, started = random.Random(seed), Record(), time.monotonic()  # noqa: S311 - the same run again from the same seed
    crowd = Crowd(rig.carrier, rate=rate)
    for process in rig.processes:
        process.start()
    rig.await_bind()
    crowd.start()
    for name in programme(kills, chance):
        do(name, rig, record, chance)
        revive(rig)
        time.sleep(chance.uniform(0, 1))
    rig.skew(0)
    crowd.end_after(texts)
    while not crowd.done:
        revive(rig)
        time.sleep(0.2)
    settled_after = settle(rig, crowd)
    stopped = [process.stop() for process in rig.processes]
    tally = take_tally(crowd, rig.database)
    return Outcome(
        tally=tally, record=record, seconds=time.monotonic() - started, settled_after=settled_after, stopped=stopped
    )


def revive(rig: Rig) -> None:
    """Start again what ended by itself, as systemd would."""
    for process in rig.processes:
        if not process.alive():
            process.start()


def settle(rig: Rig, crowd: Crowd) -> float:
    """Wait until everybody is answered and nothing is on its way, or too long; return for how long."""
    began = time.monotonic()
    while (crowd.waiting() or count_unsettled(rig.database)) and time.monotonic() - began < SETTLE_SECONDS:
        revive(rig)
        time.sleep(0.5)
    return time.monotonic() - began
