"""Automatic responders: whether a number answers our answers as a machine does, by times and outcomes alone.

A reaction is the time from our answer to the next text of its number. People's reactions vary. A machine's are short,
or even. Successful texts (an account, a state) never count against a number that is no faster than people are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from db.limits.sender_limits import Answered
from handlers.commands import HANDLERS
from handlers.handler import Handlers

HOUR = timedelta(hours=1)

QUICK = timedelta(minutes=1)
"""Nobody reads five answers and types five texts in this time; a machine does."""

BRISK = timedelta(seconds=100)
"""Five texts in this time without success: a person who tries again needs more than twenty seconds for each."""

EVEN = 1.25
"""The longest reaction divided by the shortest: a machine's delay varies by ten in a hundred in each direction."""

EXACT = timedelta(seconds=2)
"""The longest reaction less the shortest, of a machine with a constant delay; the carriers add this difference."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Steadiness:
    """Reactions that show a machine: a run of so many answers (settings), none longer, and so similar."""

    runs: int
    longest: timedelta
    ratio: float = 0.0
    spread: timedelta = timedelta(0)


STEADY = (
    Steadiness(runs=1, longest=timedelta(seconds=35), ratio=EVEN),
    Steadiness(runs=1, longest=timedelta(seconds=50), spread=EXACT),
    # People slower than that are as even for a while, so ten tries in ten minutes never count as a machine's.
    Steadiness(runs=2, longest=timedelta(seconds=70), ratio=EVEN),
)


BETWEEN_PEOPLE = (
    Steadiness(runs=2, longest=timedelta(seconds=35), ratio=EVEN),
    Steadiness(runs=2, longest=timedelta(seconds=50), spread=EXACT),
)
"""The same where an agent takes part. People answer an agent fast, so speed says nothing there, and two runs count."""


class ReplyPace(Enum):
    """How a number writes."""

    HUMAN = "human"
    PILED = "piled"  # too many at once, but not replies to our answers: a carrier delivered stored texts
    MACHINE = "machine"  # each text follows our answer, as when two machines talk


def pace_of(before: Sequence[Answered], at: datetime, in_a_row: int, handlers: Handlers = HANDLERS) -> ReplyPace:
    """Return how a number writes whose text came at `at` after these answered ones, oldest first. Pure."""
    if len(before) < in_a_row:
        return ReplyPace.HUMAN
    quick = [one for one in before if one.received_at > at - QUICK]
    brisk = [one for one in before if one.received_at > at - BRISK and one.outcome not in handlers.fruitful]
    for run in (quick, brisk):
        if len(run) >= in_a_row:
            answering = sum(reaction > timedelta(0) for reaction in _reactions(run, at))
            return ReplyPace.MACHINE if answering >= in_a_row - 1 else ReplyPace.PILED
    is_machine = any(_is_steady(before, at, in_a_row, kind, handlers) for kind in STEADY)
    return ReplyPace.MACHINE if is_machine else ReplyPace.HUMAN


def pace_with_agent(
    before: Sequence[Answered], at: datetime, in_a_row: int, handlers: Handlers = HANDLERS
) -> ReplyPace:
    """Return how a number writes in a conversation that an agent takes part in: evenly for long, or as people. Pure."""
    for kind in BETWEEN_PEOPLE:
        run = before[-in_a_row * kind.runs :]
        outcomes = {one.outcome for one in run}
        is_with_agent = bool(outcomes & handlers.between_people) and outcomes.isdisjoint(
            handlers.fruitful - handlers.between_people
        )
        if is_with_agent and len(run) == in_a_row * kind.runs and _is_even(run, at, kind):
            return ReplyPace.MACHINE
    return ReplyPace.HUMAN


def _is_steady(before: Sequence[Answered], at: datetime, in_a_row: int, kind: Steadiness, handlers: Handlers) -> bool:
    run = before[-in_a_row * kind.runs :]
    if len(run) < in_a_row * kind.runs or not _comes_to_nothing(run, before, handlers):
        return False
    return _is_even(run, at, kind)


def _is_even(run: Sequence[Answered], at: datetime, kind: Steadiness) -> bool:
    reactions = _reactions(run, at)
    shortest, longest = min(reactions), max(reactions)
    if shortest <= timedelta(0) or longest > kind.longest:
        return False
    return longest <= shortest * kind.ratio or longest - shortest <= kind.spread


def _comes_to_nothing(run: Sequence[Answered], before: Sequence[Answered], handlers: Handlers) -> bool:
    """Return whether all texts of the run had the same outcome, and none succeeded."""
    outcomes = {one.outcome for one in run}
    if outcomes <= handlers.unfound:
        return not any(one.outcome in handlers.fruitful for one in before)  # a clerk with many codes is no machine
    return len(outcomes) == 1 and not outcomes & handlers.fruitful


def _reactions(run: Sequence[Answered], at: datetime) -> list[timedelta]:
    times = [*(one.received_at for one in run[1:]), at]
    return [later - earlier.handled_at for earlier, later in zip(run, times, strict=True)]
