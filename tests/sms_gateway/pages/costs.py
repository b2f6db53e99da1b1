"""What work costs by the processor, as a ratio to the work of an ordinary text in the same run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tests.sms_gateway.pages.evil_texts import (
    ONE_SEGMENT,
    ORDINARY,
    PATTERNS,
    evil_texts,
    random_texts,
)

Work = Callable[[], object]

MOST_TIMES = 50
_PAIRS = 3
"""How often a text above the bound is compared again."""
TODAY = date(2026, 11, 28)
LONG = os.environ.get("SMS_GATEWAY_TEST_LONG") == "1"
SEED = int(os.environ.get("SMS_GATEWAY_TEST_SEED", "20261128"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Ratio:
    """What the dearest of some texts costs on a page or in a reader, beside an ordinary one."""

    place: str
    times: float
    ordinary_ms: float
    text: str

    def __str__(self) -> str:
        return f"{self.place:42} {self.times:7.1f} times {self.ordinary_ms:8.3f} ms: {self.text[:24]!r}"


def cost(work: Work, *, tries: int = 3) -> float:
    """Return the least seconds of the processor that some tries took."""
    spent = []
    for _ in range(tries):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def worst(place: str, work: Callable[[str], object], evil: Sequence[str], *, ordinary: str = ORDINARY) -> Ratio:
    """Return the worst ratio.

    A text within the bound at its first try is not tried again. One above it is compared with the ordinary text again,
    each right after the other, because another process may have taken the processor's caches since.
    """
    repeats = 1 + int(0.002 / max(cost(lambda: work(ordinary)), 1e-6))  # so that the clock's step is small beside it

    def ordinary_cost() -> float:
        return cost(lambda: [work(ordinary) for _ in range(repeats)]) / repeats

    least = ordinary_cost()
    found = Ratio(place=place, times=0, ordinary_ms=least * 1000, text="")
    for text in evil:
        spent = cost(lambda text=text: work(text), tries=1)  # type: ignore[misc] # the default is the text's own
        times = spent / least
        for _ in range(_PAIRS if times > MOST_TIMES else 0):
            times = min(times, cost(lambda text=text: work(text)) / ordinary_cost())  # type: ignore[misc] # as above
        if times > found.times:
            found = replace(found, times=times, text=text)
    print(found)  # noqa: T201 - for `pytest -s`
    return found


MADE_DEAR = ("a\r", "a  ", "1\n", "201499999,", "201 499 999\n", "𝟏", "\ud800")
"""What cost most before there were bounds."""


def patterns(every: int) -> Sequence[str]:
    """Return the patterns that are tried: all in the long run, else each so-manieth and those that cost most."""
    return PATTERNS if LONG else [one for number, one in enumerate(PATTERNS) if one in MADE_DEAR or number % every == 0]


def evil(length: int, *, more: int) -> list[str]:
    """Return the review's texts so long, and generated ones."""
    count = more * (20 if LONG else 1)
    texts = [*evil_texts(length), *random_texts(SEED, count, length)]
    if length > ONE_SEGMENT:  # a run of numbers that is searched is at most as long as a short text
        texts += [*evil_texts(ONE_SEGMENT), *random_texts(SEED + 1, count, ONE_SEGMENT)]
    print(f"seed {SEED}, {len(texts)} texts")  # noqa: T201 - so that a failure can be repeated
    return texts
