"""What is said once to a number that has used up its hour or its day, or that rests."""

from __future__ import annotations

from handlers.answer import Answer, Outcome, cheapest
from handlers.context import ServiceFacts
from handlers.wording.phrases import Phrase

_PHRASES = {Outcome.DAY_LIMIT_TOLD: Phrase.DAY_LIMIT, Outcome.REST_TOLD: Phrase.REST}


def tell_limit(outcome: Outcome, service: ServiceFacts) -> Answer:
    """Return the notice for HOUR_LIMIT_TOLD, DAY_LIMIT_TOLD or REST_TOLD; it says nothing of the text."""
    phrase = _PHRASES.get(outcome, Phrase.HOUR_LIMIT)
    values = {"short_code": service.short_code, "hotline": service.hotline}
    return cheapest(Answer(text=service.wording.say(phrase, values), outcome=outcome), service.segments_of)
