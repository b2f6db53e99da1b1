"""Bars of a table, drawn by the server without a script. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 960, 200
"""Of the drawing, in units of its own: the page stretches it."""

_LEAST_TOP = 5
_ROUND = (1, 2, 3, 4, 5, 6, 8, 10)
_GAP = 0.2
"""Of the width of a bar."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One row of bars: its name for the legend, its class in the style sheet, and its path."""

    label: str
    style: str
    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Bars:
    """The bars, the count at the upper edge, and the labels of the first, the middle and the last place."""

    top: int
    series: Sequence[Series]
    marks: Sequence[str]


def draw_bars(places: Sequence[str], series: Sequence[tuple[str, str, Sequence[float]]]) -> Bars:
    """Draw rows of bars over the same places; each is its label, its style and its values, and covers those before."""
    top = round_up(max((value for _, _, values in series for value in values), default=0))
    return Bars(
        top=top,
        series=[Series(label=label, style=style, path=_path(values, top)) for label, style, values in series],
        marks=[places[place] for place in sorted({0, len(places) // 2, len(places) - 1})] if places else (),
    )


def bar_of(value: float, most: float) -> str:
    """Return the path of one bar that lies on its side, 100 wide where the value is the largest."""
    return f"M0 0h{100 * value / most:.1f}v10H0z" if most and value else ""


def round_up(most: float) -> int:
    """Return the least round number of 5 or more that is not below the largest value.

    >>> [round_up(most) for most in (0, 5, 7, 21, 98.1, 101, 24_970)]
    [5, 5, 8, 30, 100, 200, 30000]
    """
    scale = 1
    while True:
        for first in _ROUND:
            if _LEAST_TOP <= first * scale >= most:
                return first * scale
        scale *= 10


def _path(values: Sequence[float], top: int) -> str:
    width = WIDTH / max(1, len(values))
    return "".join(
        f"M{(place + _GAP / 2) * width:.1f} {HEIGHT}V{HEIGHT - value * HEIGHT / top:.1f}"
        f"h{(1 - _GAP) * width:.1f}V{HEIGHT}z"
        for place, value in enumerate(values)
        if value
    )
