"""Generated texts with known truth: how many are read right, asked back or silently wrong, and the seed to repeat it.

A generator writes texts from a truth that it drew first, without the parsers' help. It is a function of a `Random`.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

SEED_VARIABLE = "SMS_GATEWAY_TEST_SEED"
USUAL_SEED = 20261122
"""The seed of `make test`, so that it says the same every time; the long run draws another."""

LONG = os.environ.get("SMS_GATEWAY_TEST_LONG") == "1"


class Reading(StrEnum):
    """How a text was read, beside the truth; `WRONG` alone does harm."""

    RIGHT = "right"
    ASKED = "asked"
    WRONG = "silently wrong"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A text and how it was read; `shape` names what is special about it, `number` is its place in the run."""

    text: str
    shape: str
    reading: Reading
    read_as: str
    is_doubtful: bool = False


@dataclass(slots=True)
class Figures:
    """What a run counted; `asked` leaves out the texts that the policy says must be asked back."""

    seed: int
    counts: Counter[Reading] = field(default_factory=Counter)
    doubtful: Counter[Reading] = field(default_factory=Counter)
    wrong: list[Sample] = field(default_factory=list)
    asked: list[Sample] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.counts.values()) + sum(self.doubtful.values())

    def share(self, reading: Reading) -> float:
        """Return the share of all texts that were read so, doubtful ones among them."""
        return (self.counts[reading] + self.doubtful[reading]) / max(1, self.total)

    def __str__(self) -> str:
        parts = [f"{name.value} {self.counts[name] + self.doubtful[name]} ({self.share(name):.3%})" for name in Reading]
        doubtful = ", ".join(f"{name.value} {self.doubtful[name]}" for name in Reading)
        return f"{self.total} texts, seed {self.seed}: {', '.join(parts)}; of them doubtful: {doubtful}"


def seed_of_this_run() -> int:
    """Return the seed that the environment names, the usual one, or in the long run a new one."""
    given = os.environ.get(SEED_VARIABLE)
    if given:
        return int(given)
    return random.SystemRandom().randrange(2**31) if LONG else USUAL_SEED


def samples(make: Callable[[random.Random], Sample], *, count: int, seed: int) -> Iterator[Sample]:
    """Make and read texts; each has its own source of chance, so that one alone can be made again."""
    for number in range(count):
        yield make(random.Random(seed * 1_000_003 + number))


def measure(read_samples: Iterable[Sample], *, seed: int, keep: int = 200) -> Figures:
    """Count how texts were read; of what went wrong or was asked, the first `keep` are kept to be looked at."""
    figures = Figures(seed=seed)
    for sample in read_samples:
        counts = figures.doubtful if sample.is_doubtful else figures.counts
        counts[sample.reading] += 1
        if sample.reading is Reading.WRONG and len(figures.wrong) < keep:
            figures.wrong.append(sample)
        if sample.reading is Reading.ASKED and not sample.is_doubtful and len(figures.asked) < keep:
            figures.asked.append(sample)
    return figures


def told(figures: Figures, shown: int = 20) -> str:
    """Write the figures and the first texts that went wrong or were asked, for a failed test and for the command."""
    kept = [*figures.wrong[:shown], *figures.asked[:shown]]
    lines = [f"{one.reading.value} [{one.shape}] {one.text!r}\n    {one.read_as}" for one in kept]
    return "\n".join([str(figures), f"repeat with {SEED_VARIABLE}={figures.seed}", *lines])


def main(make: Callable[[random.Random], Sample], about: str) -> None:
    """Run a generator from the command line and print its figures."""
    options = argparse.ArgumentParser(description=about)
    options.add_argument("--count", type=int, default=20_000, help="how many texts")
    options.add_argument("--seed", type=int, default=seed_of_this_run(), help="which texts")
    options.add_argument("--show", type=int, default=20, help="how many wrong and asked texts to print of each")
    options.add_argument("--shapes", action="store_true", help="count wrong and asked texts by shape too")
    given = options.parse_args()
    figures = measure(samples(make, count=given.count, seed=given.seed), seed=given.seed, keep=100_000)
    sys.stdout.write(told(figures, given.show) + "\n")
    if given.shapes:
        for name, kept in (("wrong", figures.wrong), ("asked", figures.asked)):
            for shape, count in Counter(part for sample in kept for part in sample.shape.split()).most_common(40):
                sys.stdout.write(f"{name} {shape}: {count}\n")
