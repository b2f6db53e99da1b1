"""What agents and timers send to citizens, and what people on duty get."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, time

from handlers.context import ServiceFacts
from handlers.conversation.answers.moments import day_in_words, time_in_words
from handlers.conversation.answers.quotes import (
    DUTY_LETTERS,
    QUESTION_LETTERS,
    ended,
    joined,
    quote_citizen,
    quote_ours,
    quote_question,
    short,
)
from handlers.conversation.answers.sentence import (
    UNIT_LETTERS,
    every_form,
    how_to_rate,
    how_to_reply,
    known,
    one_segment,
)
from handlers.conversation.answers.status import pending
from handlers.conversation.answers.ticket_facts import TicketFacts
from handlers.wording.fit import cheaper
from handlers.wording.phrases import Phrase
from handlers.wording.plain import plain


def agent_answer(number: str, words: str, service: ServiceFacts, *, resolves: bool) -> str:
    """Return an agent's words as they are sent, with the number; as many segments as they take.

    After an answer that resolves the ticket comes how to go on and how to rate it. A shorter form of that is used
    where the full one would take more segments than an agent's text may have. What the score means is said where it
    costs no segment.
    """
    if not resolves:
        return _written(number, words, [""], service)
    rates = [{"how_to_rate": rate} for rate in how_to_rate(service)]
    usual = _written(number, words, _tails(Phrase.RESOLVED_TAIL, number, rates[-1:], service), service)
    fuller = _written(number, words, _tails(Phrase.RESOLVED_TAIL, number, rates[:1], service)[:1], service)
    return fuller if service.segments_of(fuller) <= min(service.segments_of(usual), service.most_written) else usual


def ask_details(ticket: TicketFacts, words: str, service: ServiceFacts) -> str:
    """Return an agent's question: one sentence with it, or the whole question and how to answer behind it."""
    if len(plain(words)) <= QUESTION_LETTERS:
        return pending(ticket, service)
    day = [] if ticket.reply_by is None else [{"day": day_in_words(ticket.reply_by, service)}]
    return _written(ticket.number, words, _tails(Phrase.PENDING_TAIL, ticket.number, day, service), service)


def _tails(phrase: Phrase, number: str, variants: Sequence[Mapping[str, str]], service: ServiceFacts) -> Sequence[str]:
    reply = {"how_to_reply": how_to_reply(number, service)}
    return every_form(phrase, service, *({**reply, **one} for one in variants or ({},)))


def _written(number: str, words: str, tails: Sequence[str], service: ServiceFacts) -> str:
    typed = _typed(words)
    texts = []
    for tail in tails:
        said = every_form(Phrase.AGENT_ANSWER, service, {"number": number, "words": ended(typed) if tail else typed})
        texts.append(cheaper(f"{said[0]} {tail}".rstrip(), service.segments_of))
    return next((text for text in texts if service.segments_of(text) <= service.most_written), texts[-1])


def _typed(words: str) -> str:
    """Keep letters as they were typed, and write signs as every phone shows them; blanks are single."""
    composed = unicodedata.normalize("NFC", words)
    return " ".join("".join(sign if sign.isalnum() else plain(sign) or sign for sign in composed).split())


def reminder(ticket: TicketFacts, reply_by: date, service: ServiceFacts) -> str:
    """Remind the citizen of the agent's question, with the day on which the ticket is closed."""
    day = day_in_words(reply_by, service)
    asked = quote_question(ticket.asked or "")
    values = known(number=ticket.number, asked=asked, day=day, how_to_reply=how_to_reply(ticket.number, service))
    return joined(one_segment(Phrase.REMINDER, service, values))


def late(ticket: TicketFacts, new_day: date, service: ServiceFacts) -> str:
    """Apologise for a ticket that is not done in time, with the new day."""
    values = known(number=ticket.number, unit=ticket.said_unit, day=day_in_words(new_day, service))
    return one_segment(Phrase.LATE, service, values)


def no_reply(number: str, service: ServiceFacts) -> str:
    """Return that a ticket was closed because the citizen did not answer."""
    return one_segment(Phrase.NO_REPLY, service, {"number": number})


def not_ours(ticket: TicketFacts, where: str, service: ServiceFacts) -> str:
    """Return that another body is in charge; `where` names it in an agent's words."""
    values = known(number=ticket.number, unit=ticket.said_unit, where=quote_ours(where, DUTY_LETTERS))
    return one_segment(Phrase.NOT_OURS, service, values)


def duty_call(number: str, words: str, ward: str | None, service: ServiceFacts, *, minutes: int | None = None) -> str:
    """Return the text to a person on duty: 60 letters of the citizen's words, and no telephone number.

    `minutes` have passed since the people before were texted; None: it is the first one.
    """
    values = known(
        number=number,
        words=quote_citizen(words, DUTY_LETTERS),
        ward=short(plain(ward or ""), UNIT_LETTERS),
        minutes=None if minutes is None else str(minutes),
    )
    return one_segment(Phrase.DUTY_CALL if minutes is None else Phrase.DUTY_NEXT, service, values)


def duty_acknowledged(number: str, until: time, service: ServiceFacts) -> str:
    """Return that a person on duty has taken notice; `until` is local."""
    return one_segment(Phrase.DUTY_ACKNOWLEDGED, service, {"number": number, "time": time_in_words(until, service)})


def note_filed(number: str, service: ServiceFacts) -> str:
    """Return that the text of a person on duty is an internal note now."""
    return one_segment(Phrase.NOTE_FILED, service, {"number": number})
