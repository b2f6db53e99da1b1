"""The loop experiment: `python -m bench.loops` lets machines and people write, and counts the answers they get."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count, islice
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
PAUSES = (1, 5, 10, 15, 30, 45, 60)
JITTERS = (0.0, 0.1)
TEXTS = 50  # a machine that was found out gets no more within them, since its rest is longer
PEOPLE = 200
_AREA = "000.00.12.H17-230815"
_MISTAKES = (  # as a person writes who tries to open an account
    "TK Nguyen Van A 20149999 20/12/1990",
    "TK, Nguyen Van A, 201499999",
    "TK, Nguyen Van A, 201499999, 35/12/1990",
    "dang ky tai khoan",
    "HD TK",
    "TK 201499999 Nguyen",
    "xin chao",
    "TK, A, 201499999, 20/12/1990",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A kind of person: the words of each text, and the seconds before it."""

    body: Callable[[Random, int], str]
    pause: Callable[[Random], float]
    tries: int = 10


def _mistake(random: Random, _: int) -> str:
    return random.choice(_MISTAKES)


def _greeting(_: Random, turn: int) -> str:
    return f"xin chao {turn}"


PERSONS: Mapping[str, Person] = {
    "tries ten times in ten minutes": Person(body=_mistake, pause=lambda random: random.uniform(40, 80)),
    "the same, each text misread alike": Person(body=_greeting, pause=lambda random: random.uniform(40, 80)),
    "the same, each minute by the clock": Person(body=_greeting, pause=lambda _: 60.0),
    "reads and answers in 20 to 60 s": Person(body=_mistake, pause=lambda random: random.uniform(20, 60)),
    "the same, each text misread alike, fast": Person(body=_greeting, pause=lambda random: random.uniform(20, 60)),
    "clerk, 20 dossiers, 20 to 60 s each": Person(
        body=lambda _, turn: f"DVC {_AREA}-{turn:04d}", pause=lambda random: random.uniform(20, 60), tries=20
    ),
}


def answers_to_machine(rig: Rig, number: str, body: Callable[[int], str], pause: Callable[[], float]) -> int:
    """Answer every answer after a pause; return how many answers came."""
    answers = 0
    for turn in range(TEXTS):
        rig.pass_(seconds=pause())
        answers += rig.texts([(number, body(turn))])[0].answer is not None
    return answers


def people_cut_off(rig: Rig, random: Random, person: Person, numbers: Iterator[str]) -> int:
    """Let many people of a kind write; return how many were cut off before their last text."""
    cut_off = 0
    for number in islice(numbers, PEOPLE):
        for turn in range(person.tries):
            rig.pass_(seconds=person.pause(random))
            if rig.texts([(number, person.body(random, turn))])[0].answer is None:
                cut_off += 1
                break
    return cut_off


@click.command()
def main() -> None:
    """Print answers by kind of machine, delay and jitter, then how many people of each kind were cut off."""
    logging.disable(logging.ERROR)
    random = Random(1)  # noqa: S311 - the experiment must be the same each time
    numbers = (f"849053{number:05d}" for number in count())
    with tempfile.TemporaryDirectory() as directory, opened_rig(Path(directory)) as rig:
        for jitter in JITTERS:
            click.echo(f"answers to {TEXTS} texts of a machine that writes N seconds after our answer, +-{jitter:.0%}")
            click.echo(f"{'machine':<20}" + "".join(f"{pause:>6} s" for pause in PAUSES))
            for name, body in BOTS.items():
                delays = [partial(_delay, random, pause, jitter) for pause in PAUSES]
                counts = [answers_to_machine(rig, next(numbers), body, delay) for delay in delays]
                click.echo(f"{name:<20}" + "".join(f"{answers:>8}" for answers in counts))
        rig.dossiers(f"{_AREA}-{number:04d}" for number in range(20))
        for name, person in PERSONS.items():
            cut_off = people_cut_off(rig, random, person, numbers)
            click.echo(f"{name:<42} {cut_off:>4} of {PEOPLE} people cut off within {person.tries} texts")


def _delay(random: Random, pause: float, jitter: float) -> float:
    return pause * random.uniform(1 - jitter, 1 + jitter)


if __name__ == "__main__":
    main()
