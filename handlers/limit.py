"""What is said once to a number that has used up its hour or its day."""

from __future__ import annotations

from handlers.answer import Answer, Outcome, cheapest
from handlers.context import ServiceFacts
from handlers.wording.phrases import Phrase


def tell_limit(outcome: Outcome, service: ServiceFacts) -> Answer:
    """Return the notice for HOUR_LIMIT_TOLD or DAY_LIMIT_TOLD; it says nothing of the text."""
    phrase = Phrase.DAY_LIMIT if outcome is Outcome.DAY_LIMIT_TOLD else Phrase.HOUR_LIMIT
    values = {"short_code": service.short_code, "hotline": service.hotline}
    return cheapest(Answer(text=service.wording.say(phrase, values), outcome=outcome), service.segments_of)
