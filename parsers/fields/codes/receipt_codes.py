"""Receipt codes of dossiers: the national form and every other form that is in use."""

from __future__ import annotations

import re

from parsers.commands import CanonicalCode, ReceiptCode
from parsers.fields.codes.national_form import printed_form
from parsers.text.excerpt import Excerpt
from parsers.text.normal_form import fold

FEWEST_CHARACTERS = 4
MOST_CHARACTERS = 40
FEWEST_DIGITS = 3

_ENOUGH_DIGITS = re.compile(rf"(?:[^0-9]*[0-9]){{{FEWEST_DIGITS}}}")
_JOINTS = re.compile(r"\s+")
_SHAPE = re.compile(r"[^\W_](?:[^\W_]|[./_\s-])*")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_SHORTEST_PRINTED = 13
"""Letters and digits of the shortest code of the forms that are known: H17-230815-0007."""
INSURANCE_APART = re.compile(r"([0-9]{5})[\s.]+(?:([A-Z])[\s/]+)?(20[0-9]{2})[\s/]+([0-9]{4,6})(?![^\W_])")
"""A code of social insurance (`01792.G/2025/03253`) with blanks for its marks."""


def read_receipt_code(text: Excerpt) -> ReceiptCode | None:
    """Read one receipt code, or nothing; blanks inside are removed, letters are upper case.

    A code of a known form that was written with blanks, or without any mark, is written as receipts print it.

    >>> read_receipt_code(Excerpt.of("000.00.12.h17 - 230815-0007"))
    ReceiptCode(written='000.00.12.H17-230815-0007', canonical='0000012H172308150007')
    >>> read_receipt_code(Excerpt.of("h17 230815 0007")).written, read_receipt_code(Excerpt.of("AB 123 456")).written
    ('H17-230815-0007', 'AB123456')
    >>> read_receipt_code(Excerpt.of("H17")), read_receipt_code(Excerpt.of("cua toi"))
    (None, None)
    """
    if _SHAPE.fullmatch(text.folded) is None:
        return None
    canonical = canonical_form(text.folded)
    if not (FEWEST_CHARACTERS <= len(canonical) <= MOST_CHARACTERS and canonical.isascii()):
        return None
    if _ENOUGH_DIGITS.match(canonical) is None:
        return None
    written = _as_printed(text.folded, canonical) or _JOINTS.sub("", text.shown).upper().rstrip("./_-")
    return ReceiptCode(written=written, canonical=canonical)


def _as_printed(folded: str, canonical: str) -> str | None:
    if len(canonical) < _SHORTEST_PRINTED or (" " not in folded and len(canonical) != len(folded)):
        return None
    insurance = INSURANCE_APART.fullmatch(folded)
    if insurance is not None:
        office, series, year, number = insurance.groups()
        return f"{office}{'.' + series if series else ''}/{year}/{number}"
    return None if canonical.isdecimal() else printed_form(folded)


def canonical_form(code: str) -> CanonicalCode:
    """Convert a code into the form in which codes are compared.

    >>> canonical_form("h17.12-230815-0007")
    'H17122308150007'
    """
    return CanonicalCode(_NOT_ALPHANUMERIC.sub("", fold(code)))
