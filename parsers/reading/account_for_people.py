"""Texts for people (HOI, PA …) that hold a name, an identity number and a birth date: they are asked back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from parsers.commands import RegisterAccount
from parsers.grammar import AnyGrammar, Service, Vocabulary
from parsers.misread import FieldName, Misread, MisreadKind
from parsers.reading import read_framed
from parsers.text.excerpt import Excerpt

_IDENTITY = re.compile(r"[0-9](?:[\s.-]?[0-9]){8}")
"""Digits that an identity number has at least."""
_DIGIT = re.compile(r"[0-9]")
_WORD_START = re.compile(r"(?<![^\s,.;:])[^\W\d_]")
_MOST_WORDS_OF_PERSON = 9
"""Words before the first digits in which a name is looked for: a long name, and `so can cuoc` behind it."""
_AGE_OF_CARDS = 14


def account_for_people(body: Excerpt, today: date, service: Service) -> Misread | None:
    """Return a text for people as one to ask back, where it holds all that an account needs; else None.

    So no identity number enters a queue unasked.
    """
    grammar = service.vocabulary.named(RegisterAccount.name)
    if grammar is None or _IDENTITY.search(body.folded) is None:
        return None
    reading = read_framed(body, today=today, service=service)
    fits = grammar.fits(body, today, service) if grammar.fits is not None else None
    for content in (reading, fits):
        if isinstance(content, RegisterAccount):
            return _suggested(grammar, content, service.vocabulary)
    if not isinstance(reading, Misread):
        return None
    if reading.suggestion == service.vocabulary.taught[RegisterAccount.name]:
        return replace(reading, is_for_people=True)
    is_begun = reading.command == RegisterAccount.name and FieldName.ID_NUMBER in dict(reading.good)
    is_beside_a_code = reading.kind is MisreadKind.TWO_COMMANDS
    return reading if is_begun or is_beside_a_code else _account_behind_words(grammar, body, today, service)


def _account_behind_words(grammar: AnyGrammar, body: Excerpt, today: date, service: Service) -> Misread | None:
    """Ask back a sentence with a person in it: `toi Nguyen Van A 201499999 20/12/1990 khong duoc giai quyet`.

    The words before the first digits may end in a name. The date must be that of a person who has a card: reports
    name days of this year.
    """
    digit = _DIGIT.search(body.folded)
    if digit is None or grammar.read is None:
        return None
    starts = [word.start() for word in _WORD_START.finditer(body.folded, 0, digit.start())]
    for start in starts[-_MOST_WORDS_OF_PERSON:]:
        content = grammar.read(body.cut(start), today, service)
        if isinstance(content, RegisterAccount):
            is_old_enough = content.birth_date.year + _AGE_OF_CARDS <= today.year
            return _suggested(grammar, content, service.vocabulary) if is_old_enough else None
    return None


def _suggested(grammar: AnyGrammar, content: RegisterAccount, vocabulary: Vocabulary) -> Misread:
    word = vocabulary.taught[RegisterAccount.name]
    return Misread(
        kind=MisreadKind.UNKNOWN_KEYWORD,
        suggestion=vocabulary.taught[grammar.name],
        meant=vocabulary.of(content).official_form(content, word, vocabulary),
        is_for_people=True,
    )
