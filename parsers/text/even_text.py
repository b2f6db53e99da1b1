"""A registration's body made even: one mark for each separator, digits for each date, every position kept."""

from __future__ import annotations

import re

from parsers.text.excerpt import Excerpt

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
"""A number with hidden digits (`042066xxxxxx`, `0480****1234`)."""
_LABEL_COMMAS = re.compile(
    r"(?<![^\W_])(?:HO\s*,\s*CHU\s*DEM(?:\s*,)?\s*(?:VA\s*)?TEN|HO\s*,\s*TEN|NGAY\s*,\s*THANG(?:\s*,\s*NAM)?)(?![^\W_])"
)
"""Labels with commas of their own."""
_TIME_OF_DAY = re.compile(r"(?<=[0-9])[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9]|:[0-9]{1,2}(?![0-9]))")
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


def make_even(body: Excerpt) -> Excerpt:
    """Convert separators and dates in words to one form, keeping every position."""
    folded = _with_dates_in_digits(body.shown, _without_marks(body.folded))
    if _UNEVEN.search(folded) is None:
        return Excerpt(body.shown, folded)
    return Excerpt(body.shown.translate(_EVEN), folded.translate(_EVEN))


def _without_marks(folded: str) -> str:
    """Remove what only looks like a separator or a field: numbers of a list, times of day, commas in labels."""
    if "|" in folded:
        folded = _without_card_extras(folded)
    if "1" in folded and "2" in folded and "3" in folded:
        folded = _without_numbering(folded)
    if "X" in folded or "*" in folded:
        folded = _MASKED.sub(lambda found: re.sub("[X* ]", "X", found.group()), folded)
    if "," in folded and _LABEL_COMMAS.search(folded) is not None:
        folded = _LABEL_COMMAS.sub(lambda found: found.group().replace(",", " "), folded)
    if "//" in folded:
        folded = folded.replace("//", ",,")
    if ":" in folded:
        folded = _TIME_OF_DAY.sub(lambda found: " " * len(found.group()), folded)
    return folded


def _with_dates_in_digits(shown: str, folded: str) -> str:
    """Write dates in words, with letters or with unknown parts in digits."""
    if "/\n" in folded:
        folded = _LINE_END_IN_DATE.sub(" ", folded)
    if "/" in folded:
        folded = _UNKNOWN_PARTS.sub(lambda found: re.sub(r"[^\s/0-9]", "0", found.group()), folded)
    if "/" in folded or "." in folded:
        folded = _mend_letter_dates(shown, folded)
    if _DATE_IN_WORDS.search(folded) is not None:
        folded = _DATE_WORDS.sub(_date_in_digits, folded)
        folded = _MONTH_OF_YEAR.sub(_month_in_digits, folded)
        folded = _YEAR_WORD.sub(lambda found: "/".ljust(len(found.group())), folded)
    return folded


def _without_card_extras(folded: str) -> str:
    """Remove the old number and the date of issue in the text of an identity card's QR code, pasted whole."""
    card = _CARD.search(folded)
    if card is None:
        return folded
    for extra in ("old", "issued"):
        start, end = card.span(extra)
        folded = folded[:start] + "," * (end - start) + folded[end:]
    return folded


def _without_numbering(folded: str) -> str:
    """Remove the numbers of a numbered list (`1. Nguyen Van A 2. 201499999 3. 20/12/1990`)."""
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

    def fix(found: re.Match[str]) -> str:
        fixed = found.group().translate(_DIGITS)
        letters = sum(letter in "OIL" for letter in found.group())
        digits = sum(letter.isdecimal() for letter in fixed)
        plain = shown[found.start() : found.end()].isascii()
        return fixed if plain and letters * 3 <= digits else found.group()

    return _LETTERS_IN_DATE.sub(fix, folded)
