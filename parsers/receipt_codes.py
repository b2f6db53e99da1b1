"""Receipt codes of dossiers: the national form and every other form seen in real life."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from parsers.commands import CanonicalCode, ReceiptCode
from parsers.excerpt import Excerpt
from parsers.normal import fold

FEWEST_CHARACTERS = 4
MOST_CHARACTERS = 40
FEWEST_DIGITS = 3

_DAYS_REMEMBERED = 1024

_JOINTS = re.compile(r"\s+")
_SHAPE = re.compile(r"[^\W_](?:[^\W_]|[./_\s-])*")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_NATIONAL = re.compile(
    r"(?:[0-9]{2,3}[.\s-]*){0,3}[A-Z][0-9]{2}(?:[.\s-]*[0-9]{2}){0,3}[.\s]*[\s-]\s*(?P<date>[0-9]{6}|[0-9]{8})\s*[\s-]\s*[0-9]{4,7}"
)
_NATIONAL_GLUED = re.compile(r"[0-9]{7}[A-Z][0-9]{2}(?P<date>[0-9]{6}|[0-9]{8})[0-9]{4,7}")


def read_receipt_code(text: Excerpt) -> ReceiptCode | None:
    """Read one receipt code, or nothing; blanks inside are dropped, letters are upper case.

    >>> read_receipt_code(Excerpt.of("000.00.12.h17 - 230815-0007"))
    ReceiptCode(written='000.00.12.H17-230815-0007', canonical='0000012H172308150007')
    >>> read_receipt_code(Excerpt.of("H17")), read_receipt_code(Excerpt.of("cua toi"))
    (None, None)
    """
    if _SHAPE.fullmatch(text.folded) is None:
        return None
    canonical = canonical_form(text.folded)
    digits = sum(letter.isdecimal() for letter in canonical)
    if not (FEWEST_CHARACTERS <= len(canonical) <= MOST_CHARACTERS and digits >= FEWEST_DIGITS and canonical.isascii()):
        return None
    return ReceiptCode(written=_JOINTS.sub("", text.shown).upper().rstrip("./_-"), canonical=canonical)


def canonical_form(code: str) -> CanonicalCode:
    """Bring a code into the form in which codes are compared.

    >>> canonical_form("h17.12-230815-0007")
    'H17122308150007'
    """
    return CanonicalCode(_NOT_ALPHANUMERIC.sub("", fold(code)))


def is_national_form(folded: str) -> bool:
    """Tell whether a text is an agency code, a date and a running number, and nothing else.

    >>> is_national_form("000.00.12.H17-230815-0007"), is_national_form("G09.20-20260609-0092637")
    (True, True)
    >>> [is_national_form(code) for code in ("H17.12-231515-0007", "13557009")]
    [False, False]
    """
    found = _NATIONAL.fullmatch(folded) or _NATIONAL_GLUED.fullmatch(folded)
    return found is not None and _is_dated(found)


def national_end(folded: str) -> int:
    """Return where a code of the national form ends that stands at the beginning of a text; 0 when there is none.

    >>> national_end("000.00.12.H17-230815-0007 1234"), national_end("H17.12-230815-00071234 5")
    (25, 0)
    """
    for form in (_NATIONAL, _NATIONAL_GLUED):
        found = form.match(folded)
        if found is not None and not folded[found.end() : found.end() + 1].isalnum() and _is_dated(found):
            return found.end()
    return 0


def _is_dated(found: re.Match[str]) -> bool:
    return _is_date(found["date"])


@lru_cache(_DAYS_REMEMBERED)
def _is_date(received: str) -> bool:
    year = int(received[:-4]) + (2000 if len(received) == 6 else 0)  # noqa: PLR2004 -- YYMMDD
    try:
        date(year, int(received[-4:-2]), int(received[-2:]))
    except ValueError:
        return False
    return True
