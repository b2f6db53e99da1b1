"""A registration's body, cut into words and runs of digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from parsers.fields.number_cuts import Digits
from parsers.text.excerpt import Excerpt

_DIGITS = str.maketrans("OoIlLi", "001111")
_LOOK_ALIKES = frozenset("OoIlLi")
_TOKEN = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*(?![\w'\u0300-\u036f])|[^\W_](?:[^\W_]|[\u0300-\u036f]|'(?=[^\W_]))*")
_LETTERS_THEN_DIGITS = re.compile(r"(?P<letters>[^\W\d_]+)(?P<digits>[0-9]+)")
_DIGITS_THEN_LETTERS = re.compile(r"(?P<digits>[0-9]{4,})(?P<letters>[^\W\d_]{2}[^\W_']*)")
_HIDDEN_DIGITS = re.compile(r"[0-9]{2,}X{3,}[0-9]*")
_PASSPORT = re.compile(r"[A-Z][0-9]{7,8}")
_FEWEST_OF_A_NUMBER = 6
_FIRST_OF_A_FIELD = 4
"""Digits that follow letters without a blank and are still a field of their own; fewer are keystrokes (`Va8n`)."""


_DATE_GOES_ON = re.compile(r"[/.-][0-9]{1,2}[/.-][0-9]")


class Odd(Enum):
    """What a mixture of letters and digits is."""

    NONE = "none"  # a word
    PASSPORT = "passport"  # a letter and 7 or 8 digits
    NUMBER = "number"  # a number with a letter in it that no digit looks like


class Word(NamedTuple):
    """A word, or letters and digits that no rule takes apart."""

    start: int
    end: int
    gap: str
    odd: Odd = Odd.NONE


def tokens(text: Excerpt) -> Iterator[Word | Digits]:
    """Yield words and runs of digits in order; `gap` is what is before each."""
    before = 0
    folded = text.folded
    for found in _TOKEN.finditer(folded):
        start, end = found.span()
        token = found.group()
        gap = folded[before:start]
        before = end
        if token.isdecimal():
            yield Digits(token, start, end, gap)
        elif token.replace(" ", "").isalpha():
            yield Word(start, end, gap)
        else:
            yield from _mixed(text, start, end, gap)


def _mixed(text: Excerpt, start: int, end: int, gap: str) -> Iterator[Word | Digits]:
    token = text.folded[start:end]
    shown = text.shown[start:end]
    letters = [letter for letter in shown if not letter.isdecimal()]
    is_mostly_digits = len(letters) * 2 <= len(shown) or len(shown) >= _FEWEST_OF_A_NUMBER
    if (
        is_mostly_digits
        and len(letters) < len(shown)
        and all(letter in _LOOK_ALIKES for letter in letters)
        and shown[0] not in "Li"
    ):
        yield Digits(shown.translate(_DIGITS), start, end, gap, len(letters))
        return
    if _PASSPORT.fullmatch(token) is not None:
        yield Word(start, end, gap, Odd.PASSPORT)
        return
    glued = _LETTERS_THEN_DIGITS.fullmatch(token)
    if glued is not None and (len(glued["digits"]) >= _FIRST_OF_A_FIELD or _goes_on_as_date(text.folded, end)):
        middle = start + len(glued["letters"])
        yield Word(start, middle, gap)
        yield Digits(glued["digits"], middle, end, "")
        return
    glued = _DIGITS_THEN_LETTERS.fullmatch(token) if _HIDDEN_DIGITS.fullmatch(token) is None else None
    if glued is not None:
        middle = start + len(glued["digits"])
        yield Digits(glued["digits"], start, middle, gap)
        yield Word(middle, end, "")
        return
    yield Word(
        start,
        end,
        gap,
        Odd.NUMBER if _is_number_with_letters(token, len(letters)) else Odd.NONE,
    )


def _is_number_with_letters(token: str, letters: int) -> bool:
    if len(token) < _FEWEST_OF_A_NUMBER:
        return False
    return letters * 4 <= len(token) or _HIDDEN_DIGITS.fullmatch(token) is not None


def _goes_on_as_date(folded: str, end: int) -> bool:
    return _DATE_GOES_ON.match(folded, end) is not None
