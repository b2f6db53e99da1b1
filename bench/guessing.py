"""The guessing experiment: `python -m bench.guessing` scans receipt codes from 100 numbers and counts what was told."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random

import click

from bench.guarded import Rig, opened_rig

AREA = "000.00.12.H17-230815"
AT_ONCE = 10
FAST = 1.0
SLOW = 30.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a scan was told."""

    there: int
    disclosed: int
    answered: int
    silenced: int
    alarms: int

    def __str__(self) -> str:
        return (
            f"{self.there:>6} of 10000 codes exist: {self.disclosed:>4} disclosed, "
            f"{self.answered:>5} guesses answered, {self.silenced:>5} silenced, {self.alarms} alarm(s)"
        )


def scan(rig: Rig, *, there: int, guesses: int, numbers: int, pause: float, seed: int = 1) -> Outcome:
    """Guess codes of one office and day in random order, ten every so many seconds, from each number in turn."""
    random = Random(seed)  # noqa: S311 - the experiment must be the same each time
    rig.dossiers(f"{AREA}-{number:04d}" for number in random.sample(range(10_000), there))
    codes = [f"{AREA}-{number:04d}" for number in random.sample(range(10_000), guesses)]
    told, answered, silenced = set[str](), 0, 0
    for start in range(0, guesses, AT_ONCE):
        rig.pass_(seconds=pause)
        batch = [
            (f"849051{(start + place) % numbers:05d}", f"DVC {code}")
            for place, code in enumerate(codes[start : start + AT_ONCE])
        ]
        for (_, body), fate in zip(batch, rig.texts(batch), strict=True):
            answered += fate.answer is not None
            silenced += fate.state == "silenced"
            if fate.answer is not None and "dang xu ly" in fate.answer:
                told.add(body)
    return Outcome(
        there=there, disclosed=len(told), answered=answered, silenced=silenced, alarms=rig.count_events("scanning")
    )


@click.command()
@click.option("--guesses", default=10_000, show_default=True)
@click.option("--numbers", default=100, show_default=True)
def main(guesses: int, numbers: int) -> None:
    """Scan with 1 %, 50 % and all codes in use: as fast as machines do, and so slowly that no machine is seen."""
    logging.disable(logging.ERROR)
    for pause in (FAST, SLOW):
        click.echo(f"each number guesses every {pause * numbers / AT_ONCE:.0f} s")
        for there in (100, 5_000, 10_000):
            with tempfile.TemporaryDirectory() as directory, opened_rig(Path(directory)) as rig:
                click.echo(str(scan(rig, there=there, guesses=guesses, numbers=numbers, pause=pause)))


if __name__ == "__main__":
    main()
