"""What is said for a text whose handling failed again and again and that an operator will look at."""

from __future__ import annotations

from handlers.answer import Answer, Outcome, cheapest
from handlers.context import ServiceFacts
from handlers.wording.phrases import Phrase


def apologise(service: ServiceFacts) -> Answer:
    """Return the apology for a parked text; it says nothing of the text or the fault."""
    values = {"short_code": service.short_code, "hotline": service.hotline}
    answer = Answer(text=service.wording.say(Phrase.APOLOGY, values), outcome=Outcome.APOLOGISED)
    return cheapest(answer, service.segments_of)
