"""One sentence of the conversation: the fullest form that fits into one segment, and what many of them say alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from handlers.context import ServiceFacts
from handlers.wording.catalogue import Wording, placeholders
from handlers.wording.catalogues import CATALOGUES, DEFAULT_LANGUAGE
from handlers.wording.fit import cheaper, first_fit
from handlers.wording.phrases import Phrase

UNIT_LETTERS = 30
"""Longest name of a unit in a sentence: the column `sms_name` holds no longer one."""


def one_segment(phrase: Phrase, service: ServiceFacts, *variants: Mapping[str, str]) -> str:
    """Write a phrase in the fullest form that one segment holds.

    `variants` are the values, the fullest first. All variants of a form are tried before the next form. Where none
    fits, the shortest goes out. Raises LookupError when even the delivered sentences lack a value: our mistake.
    """
    text = first_fit(_forms(phrase, service, variants))  # the usual form comes first: the others are not written
    if text is None:
        text = min(every_form(phrase, service, *variants), key=len)
    return cheaper(text, service.segments_of)


def every_form(phrase: Phrase, service: ServiceFacts, *variants: Mapping[str, str]) -> Sequence[str]:
    """Return each form with each of the variants, the fullest first; raises LookupError as `one_segment` does."""
    return list(_forms(phrase, service, variants))


def _forms(phrase: Phrase, service: ServiceFacts, variants: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Give each form with each of the variants, as it is asked for; raises LookupError where there is none."""
    of_service = service.values
    values = [{**of_service, **one} for one in variants] if variants else [of_service]
    delivered = CATALOGUES.get(service.wording.language, CATALOGUES[DEFAULT_LANGUAGE])
    for wording in (service.wording, delivered):  # an edited sentence may name the keyword of a service that is off
        texts = _filled(wording, phrase, values)
        if (first := next(texts, None)) is not None:
            yield first
            yield from texts
            return
    raise LookupError(f"{phrase} has no form with nothing but {sorted(values[-1])}")


def _filled(wording: Wording, phrase: Phrase, variants: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for form in wording.sentences[phrase]:
        names = placeholders(form)
        for values in variants:
            if names <= values.keys():
                yield form.format_map(values)


def word(phrase: Phrase, service: ServiceFacts, **values: str) -> str:
    """Return the words of a phrase that is a part of sentences, in its fullest form."""
    values = {**service.values, **values}
    for form in service.wording.sentences[phrase]:
        if placeholders(form) <= values.keys():
            return form.format_map(values)
    return next(_forms(phrase, service, (values,)))


def how_to_reply(number: str, service: ServiceFacts) -> str:
    """Return what the citizen does to answer: reply, text TL and the number, or call."""
    if service.bare_replies:
        return word(Phrase.HOW_TO_REPLY, service)
    if "reply" in service.keywords:
        return word(Phrase.HOW_TO_REPLY_KEYED, service, number=number)
    return word(Phrase.HOW_TO_CALL, service)


def how_to_rate(service: ServiceFacts) -> Sequence[str]:
    """Return what the citizen does to rate, the fullest first; nothing where ratings are off."""
    if "rating" not in service.keywords:
        return ()
    return every_form(Phrase.HOW_TO_RATE if service.bare_replies else Phrase.HOW_TO_RATE_KEYED, service)


def known(**values: str | None) -> dict[str, str]:
    """Return the values that are known: a form that needs another one is not used."""
    return {name: value for name, value in values.items() if value}
