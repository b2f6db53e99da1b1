"""The chart of a day by quarters of an hour, drawn by the server without a script, in the service's time zone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from db.reports.rollups import STEP_MINUTES, MinuteCount

STEPS = 24 * 60 // STEP_MINUTES
WIDTH, HEIGHT = STEPS * 10, 200
"""Of the drawing, in units of its own: the page stretches it."""

_LEAST_TOP = 5
_ROUND = (1, 2, 5, 10)
_BAR = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A quarter of an hour: today's counts, and the texts of the same time a day and a week ago (None: not kept)."""

    clock: str  # `07:15`
    texts: int
    answers: int
    failed: int
    not_found: int
    yesterday: int | None
    week_ago: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DayChart:
    """The steps up to now, and the paths of their SVG drawing; a path without points is empty."""

    steps: Sequence[Step]
    top: int  # the count at the upper edge
    texts: str
    answers: str
    failed: str
    yesterday: str
    week_ago: str


def draw_day(
    today: Iterable[MinuteCount],
    yesterday: Iterable[MinuteCount],
    week_ago: Iterable[MinuteCount],
    *,
    midnight: int,
    now: int,
) -> DayChart:
    """Draw a day that begins at the minute `midnight`, up to the minute `now`."""
    day = 24 * 60
    counts = _by_step(today, midnight)
    before = {days: _by_step(minutes, midnight - days * day) for days, minutes in ((1, yesterday), (7, week_ago))}
    reached = min(STEPS, (now - midnight) // STEP_MINUTES + 1)
    steps = [_step(place, counts.get(place, ()), before[1], before[7]) for place in range(reached)]
    older = {days: [_sum(found.get(place, ()), _texts) for place in range(STEPS)] for days, found in before.items()}
    top = _round_up(max(*(max(one.texts, one.answers) for one in steps), *older[1], *older[7]))
    return DayChart(
        steps=steps,
        top=top,
        texts=_bars([one.texts for one in steps], top),
        answers=_line([one.answers for one in steps], top),
        failed=_bars([one.failed for one in steps], top),
        yesterday=_line(older[1], top) if before[1] else "",
        week_ago=_line(older[7], top) if before[7] else "",
    )


Steps = Mapping[int, Sequence[MinuteCount]]


def _by_step(minutes: Iterable[MinuteCount], midnight: int) -> Steps:
    found: dict[int, list[MinuteCount]] = {}
    for one in minutes:
        if one.minute >= midnight:
            found.setdefault((one.minute - midnight) // STEP_MINUTES, []).append(one)
    return found


def _step(place: int, counts: Sequence[MinuteCount], yesterday: Steps, week_ago: Steps) -> Step:
    return Step(
        clock="{:02}:{:02}".format(*divmod(place * STEP_MINUTES, 60)),
        texts=_sum(counts, _texts),
        answers=_sum(counts, lambda one: one.sent + one.delivered),
        failed=_sum(counts, lambda one: one.failed + one.expired),
        not_found=_sum(counts, lambda one: one.not_found),
        yesterday=_sum(yesterday.get(place, ()), _texts) if yesterday else None,
        week_ago=_sum(week_ago.get(place, ()), _texts) if week_ago else None,
    )


def _texts(one: MinuteCount) -> int:
    return one.texts


def _sum(counts: Iterable[MinuteCount], of: Callable[[MinuteCount], int]) -> int:
    return sum(map(of, counts))


def _round_up(most: int) -> int:
    """Return the least of 5, 10, 20, 50, 100 … that is not below the largest count."""
    top, scale = _LEAST_TOP, 1
    while top < most:
        top = next((first * scale for first in _ROUND if first * scale >= most), 0) or top
        scale *= 10
    return top


def _bars(values: Iterable[int], top: int) -> str:
    each = (
        f"M{place * 10 + 1} {HEIGHT}V{_height(value, top)}h{_BAR}V{HEIGHT}z"
        for place, value in enumerate(values)
        if value
    )
    return "".join(each)


def _line(values: Sequence[int], top: int) -> str:
    points = (f"{place * 10 + 5} {_height(value, top)}" for place, value in enumerate(values))
    return f"M{'L'.join(points)}" if values else ""


def _height(value: int, top: int) -> int:
    return HEIGHT - round(value * HEIGHT / top)
