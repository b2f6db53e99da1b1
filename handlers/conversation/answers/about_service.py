"""Answers about the service itself: help, what is stored, languages, units, and what is switched off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.context import ServiceFacts
from handlers.conversation.answers.moments import OpenSpan, hours_in_words, moment_in_words
from handlers.conversation.answers.quotes import quote_citizen, short
from handlers.conversation.answers.sentence import UNIT_LETTERS, every_form, known, one_segment, word
from handlers.wording.phrases import Phrase
from handlers.wording.plain import plain

ADDRESS_LETTERS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactFacts:
    """What citizens are told of a unit."""

    name: str
    """Its `sms_name`."""
    phone: str | None = None
    address: str | None = None
    week: Sequence[Sequence[OpenSpan]] = ()
    """Its opening hours, Monday first; empty where they are not known."""
    is_open_now: bool | None = None
    opens: datetime | None = None
    """When it opens next, aware; while it is shut."""


def short_help(service: ServiceFacts) -> str:
    """Return what can be texted, to somebody whose text asks for nothing."""
    return one_segment(Phrase.SHORT_HELP, service)


def conversation_off(service: ServiceFacts) -> str:
    """Return that questions are not taken now."""
    return one_segment(Phrase.CONVERSATION_OFF, service)


def stopped(service: ServiceFacts, *, had_notices: bool) -> str:
    """Return that notices have ended, or that there were none."""
    return one_segment(Phrase.STOPPED if had_notices else Phrase.NOTHING_TO_STOP, service)


def privacy(service: ServiceFacts, *, accounts: bool, tickets: bool) -> str:
    """Return what is stored, by the services that are on, and the rights of the citizen."""
    parts = [word(Phrase.STORED_TEXTS, service)]
    parts += [word(Phrase.STORED_TICKETS, service)] if tickets else []
    forms = every_form(Phrase.STORED_ACCOUNTS, service) if accounts else [""]
    return one_segment(Phrase.PRIVACY, service, *({"stored": _and([*parts, form], service)} for form in forms))


def _and(parts: Sequence[str], service: ServiceFacts) -> str:
    said = [part for part in parts if part]
    if len(said) == 1:
        return said[0]
    return f"{', '.join(said[:-1])} {word(Phrase.AND, service)} {said[-1]}"


def language_chosen(other_keyword: str | None, service: ServiceFacts) -> str:
    """Return, in the language that was chosen, which one it is; and the keyword that changes it back."""
    return one_segment(Phrase.LANGUAGE_CHOSEN, service, known(other_language=other_keyword))


def contact(unit: ContactFacts, service: ServiceFacts) -> str:
    """Return telephone number, place and hours of a unit, and whether it is open now."""
    values = known(
        unit=short(plain(unit.name), UNIT_LETTERS),
        phone=plain(unit.phone or ""),
        address=short(plain(unit.address or ""), ADDRESS_LETTERS),
        hours=hours_in_words(unit.week, service),
    )
    return one_segment(Phrase.CONTACT, service, *({**values, **now} for now in _now(unit, service)))


def _now(unit: ContactFacts, service: ServiceFacts) -> Iterator[dict[str, str]]:
    if unit.is_open_now is None:
        yield {}
    elif unit.is_open_now:
        yield {"now": word(Phrase.OPEN_NOW, service)}
    else:
        opens = [] if unit.opens is None else moment_in_words(unit.opens, service)
        yield from ({"now": word(Phrase.SHUT_NOW, service, opens=moment)} for moment in opens)
        yield {"now": every_form(Phrase.SHUT_NOW, service)[-1]}


def contact_unknown(asked: str, service: ServiceFacts) -> str:
    """Return that no unit has this name, which is repeated where it can be nothing else."""
    return one_segment(Phrase.CONTACT_UNKNOWN, service, known(asked=quote_citizen(asked, UNIT_LETTERS)))
