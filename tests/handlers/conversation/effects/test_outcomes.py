"""The outcomes of filed texts."""

from __future__ import annotations

from handlers.answer import Outcome
from handlers.conversation.effects.outcomes import FRUITFUL, UNANSWERED, WITH_AGENT, FilingOutcome


def test_no_outcome_has_two_meanings() -> None:
    assert not {outcome.value for outcome in FilingOutcome} & {outcome.value for outcome in Outcome}


def test_what_is_not_answered_is_neither_fruitful_nor_between_people() -> None:
    assert UNANSWERED.isdisjoint(FRUITFUL | WITH_AGENT)
