"""One run: the crowd texts, troubles happen, everything settles, and all is counted."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bench.chaos.rig import Rig
from bench.chaos.tally import count_unsettled
from bench.chaos.troubles import Record, do, programme

SETTLE_SECONDS = 240.0
"""How long all may take to be answered after the last trouble: a clock set back delays a retry by three minutes."""


class People(Protocol):
    """Citizens who text."""

    @property
    def done(self) -> bool:
        """Tell whether everybody has texted."""

    def start(self) -> None:
        """Begin to text."""

    def end_after(self, texts: int) -> None:
        """Text until there are so many."""

    def waiting(self) -> int:
        """Count the citizens who wait for an answer."""


class Counted(Protocol):
    """What was counted."""

    @property
    def good(self) -> bool:
        """Tell whether nothing was lost and nothing done twice."""

    def lines(self) -> list[str]:
        """Write it as a table."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a run came to."""

    tally: Counted
    record: Record
    seconds: float
    settled_after: float  # seconds from the last trouble or text until everybody was answered
    stopped: list[int | None]  # exit codes of the last, clean stop


def run(rig: Rig, people: People, count: Callable[[], Counted], *, texts: int, kills: int, seed: int) -> Outcome:
    """Let everything happen to the texts of these people, and count."""
    chance, record, started = random.Random(seed), Record(), time.monotonic()  # noqa: S311 - the same run again from the same seed
    for process in rig.processes:
        process.start()
    rig.await_bind()
    people.start()
    for name in programme(kills, chance):
        do(name, rig, record, chance)
        revive(rig)
        time.sleep(chance.uniform(0, 1))
    rig.skew(0)
    people.end_after(texts)
    while not people.done:
        revive(rig)
        time.sleep(0.2)
    settled_after = settle(rig, people)
    stopped = [process.stop() for process in rig.processes]
    return Outcome(
        tally=count(), record=record, seconds=time.monotonic() - started, settled_after=settled_after, stopped=stopped
    )


def revive(rig: Rig) -> None:
    """Start again what ended by itself, as systemd would."""
    for process in rig.processes:
        if not process.alive():
            process.start()


def settle(rig: Rig, people: People) -> float:
    """Wait until everybody is answered and nothing is on its way, or too long; return for how long."""
    began = time.monotonic()
    while (people.waiting() or count_unsettled(rig.database)) and time.monotonic() - began < SETTLE_SECONDS:
        revive(rig)
        time.sleep(0.5)
    return time.monotonic() - began
