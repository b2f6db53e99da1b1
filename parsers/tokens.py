"""A registration's body, made even and cut into words and runs of digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from parsers.excerpt import Excerpt
from parsers.number_runs import Digits

_EVEN = str.maketrans('_+[](){}<>"*#=!~^\\', "  ,,,,,,,,,,,:,,,/")
"""Marks that are put between fields, one for one: an underscore is a blank seen in print, the others separate."""

_UNEVEN = re.compile(r"[_+\[\](){}<>\"*#=!~^\\]")
_UNKNOWN_PARTS = re.compile(
    r"(?<![^\W_])(?:(?:[-_X?.*]{1,2}|0{1,2})\s*/\s*[-_X?.*]{1,2}|[-_X?.*]{1,2}\s*/\s*[0-9]{1,2})(?=\s*/\s*[0-9]{4}(?![0-9]))"
)
_LINE_END_IN_DATE = re.compile(r"(?<=[0-9]/)\n(?=[0-9])")
_CARD = re.compile(
    r"(?<![0-9])[0-9]{12}\|(?P<old>[0-9]{9})?\|[^|0-9]+\|[0-9]{8}\|(?:NAM|NU)\|[^|]*\|(?P<issued>[0-9]{8})(?![0-9])"
)
_NUMBERING = re.compile(r"(?:\A|(?<=[\s,;|]))(?P<number>[1-9])[.)/:](?=\s|[^\W\d_]|[0-9]{9}|[0-9]{1,2}/)")
_MASKED = re.compile(r"(?<![^\W_])[0-9]{2,11}(?:[X*]{3,}|(?:[X*]+ ?){3,})[0-9]{0,4}(?![^\W_])")
"""A number whose owner keeps digits to himself (`042066xxxxxx`, `0480****1234`)."""
_LABEL_COMMAS = re.compile(
    r"(?<![^\W_])(?:HO(?=\s*,\s*(?:CHU|TEN))|DEM(?=\s*,\s*(?:VA|TEN))|NGAY(?=\s*,\s*THANG)|THANG(?=\s*,\s*NAM))\s*(?P<comma>,)"
)
_TIME_OF_DAY = re.compile(r"(?<=[0-9])[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9:])")
_DATE_IN_WORDS = re.compile(r"[0-9][OIL]?[\s,./-]*[TN]|TH(?:AN)?G\s*[0-9]")
_DATE_WORDS = re.compile(
    r"(?P<day>(?:(?<![^\W_])|(?<=NGAY))(?:[OIL]?[0-9][OIL]?|[0-9]{2}))"
    r"(?P<to_month>\s*[,./-]?\s*(?:THANG|THG|TH|T)\.?\s*)(?P<month>[OIL]?[0-9][OIL]?|[0-9]{2})(?![^\W_])"
    r"(?P<to_year>\s*[,./-]?\s*(?:NAM|N)\.?\s*|[\s,./-]+)(?=[0-9]{2})"
)
_YEAR_WORD = re.compile(r"(?<=[0-9])\s*[,./-]?\s*NAM\s*(?=[0-9]{4}(?![0-9]))")
_MONTH_OF_YEAR = re.compile(
    r"(?<![^\W_])(?P<word>THANG|THG)(?P<to_month>\s*)(?P<month>[0-9]{1,2})(?P<to_year>\s*[,./-]?\s*(?:NAM)?\s*)(?=[0-9]{4}(?![0-9]))"
)
_LETTERS_IN_DATE = re.compile(r"(?<![^\W_])[0-9OIL]{1,2}\s*[/.]\s*[0-9OIL]{1,2}\s*[/.]\s*[0-9OIL]{2,4}(?![^\W_])")
_LETTER_DATE = re.compile(r"(?<![^\W_])[OIL]{1,2}\s*[/.]\s*[0-9OIL]|[0-9OIL]\s*[/.]\s*[OIL]{1,2}\s*[/.]")
_DIGITS = str.maketrans("OoIlLi", "001111")
_LOOK_ALIKES = frozenset("OoIlLi")
_TOKEN = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*(?![\w'\u0300-\u036f])|[^\W_](?:[^\W_]|[\u0300-\u036f]|'(?=[^\W_]))*")
_LETTERS_THEN_DIGITS = re.compile(r"(?P<letters>[^\W\d_]+)(?P<digits>[0-9]+)")
_DIGITS_THEN_LETTERS = re.compile(r"(?P<digits>[0-9]{4,})(?P<letters>[^\W\d_]{2}[^\W_']*)")
_HIDDEN_DIGITS = re.compile(r"[0-9]{2,}X{3,}[0-9]*")
_PASSPORT = re.compile(r"[A-Z][0-9]{7,8}")
_FEWEST_OF_A_NUMBER = 6
_FIRST_OF_A_FIELD = 4
"""Digits that follow letters without a blank and are yet a field of their own; fewer are keystrokes (`Va8n`)."""


_DATE_GOES_ON = re.compile(r"\s*[/.-]\s*[0-9]{1,2}\s*[/.-]\s*[0-9]")


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


def make_even(body: Excerpt) -> Excerpt:
    """Bring separators and dates in words to one form, keeping every position."""
    folded = body.folded
    if "|" in folded:
        folded = _without_card_extras(folded)
    if "1" in folded and "2" in folded and "3" in folded:
        folded = _without_numbering(folded)
    if "X" in folded or "*" in folded:
        folded = _MASKED.sub(lambda found: re.sub("[X* ]", "X", found.group()), folded)
    if "," in folded and _LABEL_COMMAS.search(folded) is not None:
        folded = _LABEL_COMMAS.sub(lambda found: found.group()[:-1] + " ", folded)
    if "//" in folded:
        folded = folded.replace("//", ",,")
    if "/\n" in folded:
        folded = _LINE_END_IN_DATE.sub(" ", folded)
    if ":" in folded:
        folded = _TIME_OF_DAY.sub(lambda found: " " * len(found.group()), folded)
    if "/" in folded:
        folded = _UNKNOWN_PARTS.sub(lambda found: re.sub(r"[^\s/0-9]", "0", found.group()), folded)
    if "/" in folded or "." in folded:
        folded = _mend_letter_dates(body.shown, folded)
    if _DATE_IN_WORDS.search(folded) is not None:
        folded = _DATE_WORDS.sub(_date_in_digits, folded)
        folded = _MONTH_OF_YEAR.sub(_month_in_digits, folded)
        folded = _YEAR_WORD.sub(lambda found: "/".ljust(len(found.group())), folded)
    if _UNEVEN.search(folded) is None:
        return Excerpt(body.shown, folded)
    return Excerpt(body.shown.translate(_EVEN), folded.translate(_EVEN))


def _without_card_extras(folded: str) -> str:
    """Wipe out the old number and the date of issue in the text of an identity card's QR code, pasted whole."""
    card = _CARD.search(folded)
    if card is None:
        return folded
    for extra in ("old", "issued"):
        start, end = card.span(extra)
        folded = folded[:start] + "," * (end - start) + folded[end:]
    return folded


def _without_numbering(folded: str) -> str:
    """Wipe out the numbers of a numbered list (`1. Nguyen Van A 2. 201499999 3. 20/12/1990`)."""
    marks = list(_NUMBERING.finditer(folded))
    if [mark["number"] for mark in marks] not in (["1", "2", "3"], ["1", "2", "3", "4"]):
        return folded
    for mark in marks:
        folded = folded[: mark.start()] + "," * len(mark.group()) + folded[mark.end() :]
    return folded


def _date_in_digits(found: re.Match[str]) -> str:
    to_month, to_year = len(found["to_month"]), len(found["to_year"])
    return f"{found['day']}{'/'.ljust(to_month)}{found['month']}{'/'.ljust(to_year)}"


def _month_in_digits(found: re.Match[str]) -> str:
    before = found.string[: found.start()].rstrip()
    is_after_words = before[-1:].isalpha() and not before.endswith(("SINH", "NS", "SN", "VAO", "NGAY"))
    is_name = is_after_words and ("NAM" not in found["to_year"] or before.endswith((" VAN", " THI")))
    if not found["to_year"] or is_name:
        return found.group()  # the word may be the name Thang
    return f"{' ' * len(found['word'] + found['to_month'])}{found['month']}{'/'.ljust(len(found['to_year']))}"


def _mend_letter_dates(shown: str, folded: str) -> str:
    if _LETTER_DATE.search(folded) is None:
        return folded

    def mend(found: re.Match[str]) -> str:
        mended = found.group().translate(_DIGITS)
        letters = sum(letter in "OIL" for letter in found.group())
        digits = sum(letter.isdecimal() for letter in mended)
        plain = shown[found.start() : found.end()].isascii()
        return mended if plain and letters * 3 <= digits else found.group()

    return _LETTERS_IN_DATE.sub(mend, folded)


def tokens(text: Excerpt) -> Iterator[Word | Digits]:
    """Yield words and runs of digits in order; `gap` is what stands before each."""
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
