"""Dates of a registration that are no birth date in digits: of issue or expiry, in words, of the lunar calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.fields.birth_dates import DateFault
from parsers.fields.names.bounds import after_name_label, is_middle
from parsers.fields.number_cuts import Found
from parsers.misread import Hint
from parsers.text.excerpt import Excerpt
from parsers.text.labels import ISSUED

_LUNAR = re.compile(r"(?<![^\W_])AM\s*LICH(?![^\W_])")
"""The lunar calendar: its days cannot be converted without a check by a person."""

_ONLY_CAP = re.compile(r"CAP(?:[\s:.-]*[0-9]|\s*,)")
"""A label of one word, which after another is the given name Cap."""
_MONTH_NAME = re.compile(r"TH(?:AN)?G|M[UO]NG|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC")
_IN_WORDS = re.compile(
    r"(?<![^\W_])(?:MUNG|MONG)\s+[0-9]{1,2}(?:[\s/.-]+[0-9]{1,2})?(?:[\s/.-]+[0-9]{4})?"
    r"|(?<![^\W_])(?:[0-9]{1,2}\s*[,./-]?\s*)?(?:THANG|THG)\s+"
    r"(?:GIENG|CHAP|MUOI(?:\s+(?:MOT|HAI))?|MOT|HAI|BA|TU|BON|NAM|SAU|BAY|TAM|CHIN)(?![^\W_])"
    r"(?:[\s./-]*(?:NAM)?\s*(?:[0-9]{4}|[0-9]{2})(?![0-9]))?"
    r"|(?<![^\W_])[0-9]{1,2}[\s.-]*(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*[\s.,-]*[0-9]{2,4}"
    r"|(?<![^\W_])(?:JAN|FEB|MAR|APR|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*\s+[0-9]{1,2}[\s,]+[0-9]{4}"
)

_DAY = "NGAY"
_WORDS = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*(?= \Z)")
_LONGEST_NAME = 80


def wipe_other_dates(text: Excerpt) -> tuple[Excerpt, list[Found]]:
    """Remove dates of issue, and return dates in words or of the lunar calendar as faults."""
    folded = text.folded
    if "CAP" in folded or "HAN" in folded or "GIA TRI" in folded:
        for found in list(ISSUED.finditer(folded)):
            if _ONLY_CAP.match(found.group()) and folded[: found.start()].rstrip()[-1:].isalpha():
                continue
            start = found.start() + (len(_DAY) if _begins_with_name(text, found) else 0)
            text = Excerpt(*(f"{part[:start]}{',' * (found.end() - start)}{part[found.end() :]}" for part in text))
    faults = []
    for found in _in_words(text.folded):
        text = text.blank(found)
        faults.append(Found(DateFault(Hint.IN_WORDS), found.start(), found.end(), ""))
    return text, faults


def _begins_with_name(text: Excerpt, issued: re.Match[str]) -> bool:
    """Return whether the first word of `ngay cap ngay 1/2/2020` is the name, after a second word `Van` or `Thi`."""
    start = issued.start()
    if not issued.group().startswith(_DAY):
        return False
    before = _WORDS.search(text.shown[max(0, start - _LONGEST_NAME) : start])
    if before is None:
        return False
    name = text.cut(start - len(before.group()) - 1, start - 1)
    words = name.shown[after_name_label(name, 0, len(name.shown)) :].split()
    return len(words) == 2 and is_middle(words, 1)  # noqa: PLR2004 -- a family name and the word


def _in_words(folded: str) -> Iterator[re.Match[str]]:
    lunar = _LUNAR.search(folded) if "LICH" in folded else None
    if lunar is not None:
        yield lunar
    if _MONTH_NAME.search(folded) is not None:
        yield from (found for found in _IN_WORDS.finditer(folded) if any(map(str.isdecimal, found.group())))
