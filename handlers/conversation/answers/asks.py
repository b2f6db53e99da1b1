"""Answers that ask: which ticket a text is for, whether to send it, what is meant, how it was."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.context import ServiceFacts
from handlers.conversation.answers.sentence import every_form, how_to_rate, how_to_reply, one_segment, word
from handlers.conversation.answers.ticket_facts import TicketFacts
from handlers.wording.fit import cheaper, first_fit
from handlers.wording.phrases import Phrase

COPY_SEGMENTS = 2
"""Most segments of an answer with a text to copy, which is never cut."""
MOST_OF_A_LOW_SCORE = 2
"""A score up to this is asked why."""


def which(choices: Sequence[TicketFacts | None], service: ServiceFacts, *, are_all: bool = True) -> str:
    """Ask which ticket a text is for; it is kept. None among the choices stands for a new one.

    The choices are numbered from 1. `are_all` is False when the sender has more tickets than are offered.
    """
    tickets = [ticket for ticket in choices if ticket is not None]
    if not service.bare_replies:
        numbers = _one_of([ticket.number for ticket in tickets], service)
        return one_segment(Phrase.WHICH_KEYED, service, {"numbers": numbers})
    phrase = Phrase.WHICH if are_all else Phrase.WHICH_MORE
    digits = _one_of([str(digit) for digit, _ in enumerate(choices, 1)], service)
    variants = [{"choices": written, "digits": digits} for written in list_choices(choices, service)]
    return one_segment(phrase, service, *variants)


def list_choices(choices: Sequence[TicketFacts | None], service: ServiceFacts) -> Sequence[str]:
    """Write the choices with the words of their subjects, then without."""
    lines = [_choice(digit, ticket, service) for digit, ticket in enumerate(choices, 1)]
    return [". ".join(line[place].rstrip(".") for line in lines) for place in (0, -1)]


def _choice(digit: int, ticket: TicketFacts | None, service: ServiceFacts) -> Sequence[str]:
    if ticket is None:
        return every_form(Phrase.CHOICE_NEW, service, {"digit": str(digit)})
    values = {"digit": str(digit), "number": ticket.number}
    subject = ticket.said_subject
    return every_form(Phrase.CHOICE_TICKET, service, {**values, "subject": subject} if subject else values)


def _one_of(items: Sequence[str], service: ServiceFacts) -> str:
    if len(items) == 1:
        return items[0]
    return f"{', '.join(items[:-1])} {word(Phrase.OR, service)} {items[-1]}"


def send_kept(service: ServiceFacts) -> str:
    """Ask whether a kept text is to be sent to an agent."""
    return one_segment(Phrase.SEND_KEPT if service.bare_replies else Phrase.SEND_KEPT_KEYED, service)


def dropped(service: ServiceFacts) -> str:
    """Return that a kept text was deleted, as the citizen chose."""
    return one_segment(Phrase.DROPPED, service)


def unclear(number: str, service: ServiceFacts) -> str:
    """Ask what a reaction means that reads two ways."""
    phrase = Phrase.UNCLEAR if service.bare_replies else Phrase.UNCLEAR_KEYED
    return one_segment(phrase, service, {"number": number})


def score_wanted(number: str, service: ServiceFacts) -> str:
    """Ask for a score from 1 to 5."""
    rates = [{"number": number, "how_to_rate": rate} for rate in how_to_rate(service)]
    return one_segment(Phrase.SCORE_WANTED, service, *(rates or [{"number": number}]))


def rated(number: str, score: int, service: ServiceFacts) -> str:
    """Thank for a rating; a low one is asked why."""
    is_low = score <= MOST_OF_A_LOW_SCORE
    values = {"number": number, "score": str(score), "how_to_reply": how_to_reply(number, service)}
    return one_segment(Phrase.LOW_RATING if is_low else Phrase.RATED, service, values)


def nothing_to_rate(service: ServiceFacts) -> str:
    """Return that no ticket can be rated now."""
    return one_segment(Phrase.NOTHING_TO_RATE, service)


def account_in_question(copies: Sequence[str], service: ServiceFacts) -> str:
    """Return a question that holds all that opens an account, with the text that opens it; nothing was filed.

    `copies` are texts to copy, the fullest first. They are never cut: the answer may have two segments.
    """
    texts = every_form(Phrase.ACCOUNT_IN_QUESTION, service, *({"copy": copy} for copy in copies))
    told = first_fit(texts) or first_fit(texts, segments=min(COPY_SEGMENTS, service.most_segments))
    return cheaper(told or texts[-1], service.segments_of)


def with_question_hint(text: str, service: ServiceFacts) -> str:
    """Add to an answer how to ask a person, where that is on and fits into one segment."""
    if "question" not in service.keywords:
        return text
    hinted = [f"{text.rstrip('.')}. {hint}" for hint in every_form(Phrase.QUESTION_HINT, service)]
    return cheaper(first_fit(hinted) or text, service.segments_of)
