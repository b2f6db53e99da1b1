"""The loop experiment: `python -m bench.loops` lets machines and people write, and counts the answers they get."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import click

from bench.guarded import Rig, opened_rig

BOTS: Mapping[str, Callable[[int], str]] = {
    "same text": lambda _: "Thank you for your message",
    "counter": lambda number: f"Thank you, your message no {number} was received",
    "clock": lambda number: f"{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d} da nhan tin",
    "help": lambda _: "HD",
    "new code each time": lambda number: f"DVC 000.00.12.H17-230815-{number:04d}",
}
PAUSES = (1, 5, 10, 15, 30, 60)
TEXTS = 200
PEOPLE = 500
TRIES = 10


def answers_to_machine(rig: Rig, number: str, body: Callable[[int], str], pause: int) -> int:
    """Answer every answer after so many seconds; return how many answers came."""
    answers = 0
    for turn in range(TEXTS):
        rig.pass_(seconds=pause)
        answers += rig.texts([(number, body(turn))])[0].answer is not None
    return answers


def people_cut_off(rig: Rig, random: Random) -> int:
    """Let people try ten times in about ten minutes, with pauses of 40 to 80 seconds; return how many were cut off."""
    cut_off = 0
    for person in range(PEOPLE):
        for turn in range(TRIES):
            rig.pass_(seconds=random.uniform(40, 80))
            if rig.texts([(f"849052{person:05d}", f"xin chao {turn}")])[0].answer is None:
                cut_off += 1
                break
    return cut_off


@click.command()
def main() -> None:
    """Print answers by kind of machine and pause, then how many patient people were cut off."""
    logging.disable(logging.ERROR)
    with tempfile.TemporaryDirectory() as directory, opened_rig(Path(directory)) as rig:
        click.echo(f"answers to {TEXTS} texts of a machine that writes every N seconds")
        click.echo(f"{'machine':<20}" + "".join(f"{pause:>6} s" for pause in PAUSES))
        number = 0
        for name, body in BOTS.items():
            counts = []
            for pause in PAUSES:
                number += 1
                counts.append(answers_to_machine(rig, f"849053{number:05d}", body, pause))
            click.echo(f"{name:<20}" + "".join(f"{count:>8}" for count in counts))
        random = Random(1)  # noqa: S311 - the experiment must be the same each time
        click.echo(f"people cut off: {people_cut_off(rig, random)} of {PEOPLE} who tried {TRIES} times")


if __name__ == "__main__":
    main()
