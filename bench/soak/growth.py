"""Whether a measure grew: the median of the last hour beside that of the first; in a short run, the thirds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

SHARE = 0.05
"""What the last window may have more than the first."""

HOUR = 3600.0

NOISE: Mapping[str, float] = {
    "descriptors": 2,  # connections that happen to be open
    "threads": 1,
    "p50 ms": 0.3,
    "p99 ms": 3,  # one wait for the disk more
    "pages ms": 5,
}
"""What a measure may differ although nothing grew; `SHARE` of a small number is less than this."""

BOUNDS: Mapping[str, float] = {
    "WAL MB": 64.0,  # from 32 MB on commits shorten it, but not while a backup reads: then as much again may come
    "kB a text": 2.0,  # docs/scaling.md; the texts that were filled in are smaller, and live ones take their place
}
"""Up to here a measure may grow."""

GROWS: Mapping[str, str] = {
    "texts": "retention deletes as many as come, with a delay when the machine is busy",
    "database MB": "with the texts; judged as kB a text",
}
"""Measures that may grow, and why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What became of one measure."""

    measure: str
    first: float
    last: float
    allowed: float
    is_rising: bool  # still at the end
    may_grow: str = ""

    @property
    def grew(self) -> bool:
        """Return whether it is above what is allowed."""
        return not self.may_grow and self.last > self.allowed

    def line(self) -> str:
        """Say it in one line."""
        share = f"{self.last / self.first - 1:+.1%}" if self.first else f"{self.last:+.4g}"
        said = f"{self.measure}: {self.first:.4g}, then {self.last:.4g} ({share})"
        if self.may_grow:
            return f"{said}; may grow: {self.may_grow}"
        if not self.grew:
            return f"{said}; at most {self.allowed:.4g}: fine"
        shape = "still rising at the end: a leak?" if self.is_rising else "flat at the end: a step"
        return f"{said}; at most {self.allowed:.4g}: GREW, {shape}"


def window_of(slices: int, slice_seconds: float) -> int:
    """Return how many slices the first and the last window have.

    >>> window_of(12, 600), window_of(36, 600), window_of(10, 60), window_of(2, 60)
    (6, 6, 3, 1)
    """
    an_hour = round(HOUR / slice_seconds)
    return an_hour if 2 * an_hour <= slices else max(1, slices // 3)


def judge(series: Mapping[str, Sequence[float]], slice_seconds: float) -> list[Verdict]:
    """Compare the last window of each measure with its first."""
    return [_judge(name, values, window_of(len(values), slice_seconds)) for name, values in series.items()]


def _judge(name: str, values: Sequence[float], window: int) -> Verdict:
    first, last = median(values[:window]), median(values[-window:])
    late = max(1, min(window, len(values) // 4))
    rises = median(values[-late:]) - median(values[-2 * late :][:late])
    return Verdict(
        measure=name,
        first=first,
        last=last,
        allowed=max(first + max(SHARE * first, NOISE.get(name, 0)), BOUNDS.get(name, 0)),
        is_rising=rises > SHARE * (last - first),
        may_grow=GROWS.get(name, ""),
    )
