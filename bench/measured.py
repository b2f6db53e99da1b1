"""What a measurement is given and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.carrier import Generator, Report
from bench.gateway import Installation


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What issue 7 asks of a row."""

    name: str
    value: float
    bound: float
    at_least: bool = False  # else at most

    @property
    def met(self) -> bool:
        """Tell whether it is reached."""
        return self.value >= self.bound if self.at_least else self.value <= self.bound


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What one measurement came to: the report of the median run, and what else it told."""

    name: str
    title: str
    report: Report
    rates: Sequence[float] = ()  # answers a second of every run
    extra: Mapping[str, float] = field(default_factory=dict)
    reference: str = ""  # name of the plain script's row under the same load
    same_work: str = ""  # name of its row in which it takes receipts too, where there is one
    targets: Sequence[Target] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """How long everything takes."""

    texts: int = 20_000  # at full speed
    repeats: int = 3
    seconds: float = 15  # at a fixed rate
    passwords: int = 400
    pressed_seconds: float = 30
    limit_seconds: float = 2  # for each of the machine's limits


QUICK = Sizes(texts=2_000, repeats=1, seconds=2, passwords=40, pressed_seconds=4, limit_seconds=0.2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bench:
    """Where and how to measure."""

    directory: Path
    generator: Generator
    sqlite: Installation
    sizes: Sizes
