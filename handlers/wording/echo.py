"""Repeating a stranger's words: only in a form that phones show neither as a link nor as a telephone number.

Senders can be forged: the writer of a text chooses who gets its answer, and the answer comes from our number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.wording.contacts import find_contacts
from handlers.wording.plain import plain
from parsers.fields.codes.national_form import is_national_form
from parsers.fields.codes.receipt_codes import MOST_CHARACTERS
from parsers.misread import FieldName, Hint, Misread, MisreadKind

_PRINTED = re.compile(
    r"(?:[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.)?[A-Z](?!0|84)[0-9]{2}(?:\.(?!0|84)[0-9]{2}){0,3}"
    r"-(?:20)?[1-3][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])-[0-9]{4,7}"
)
"""A code as most receipts print it: surely neither, since no telephone number has such groups of digits."""
_MARKS = re.compile(r"[./_\s-]+")
_MOST_LETTERS = 8
_LONGEST_WORD = 4
"""Letters of a code that is not of the national form, in all and side by side: a series has fewer, words have more."""
_DIALLED = re.compile(r"(?:(?:00)?84)?0?[35789][0-9]{8}|(?:(?:00)?840?|0)2[0-9]{9}|0?1[89]00[0-9]{4,6}")
"""Mobiles, also without the zero before them, fixed lines, and service numbers."""
_ABROAD = re.compile(r"00[1-9][0-9]{8,12}")
_NAME = re.compile(r"[A-Za-z' -]+(?:\.(?![A-Za-z]{2})[A-Za-z' -]*)*")
"""Letters; a full stop only after an initial, since two letters after one may be a domain."""
_ID_NUMBER = re.compile(r"[A-Z]?[0-9OIL][0-9OIL .-]{0,17}", re.IGNORECASE)
_DATE = re.compile(r"(?=(?:[^0-9]*[0-9]){1,8}[^0-9]*\Z)[0-9A-Za-z /.-]{1,40}")
_LETTERS_BEHIND_A_STOP = re.compile(r"\.\s*[A-Za-z]{2}")
_CARD_NUMBER = re.compile(r"0[0-9]{2}[0-3][0-9]{8}")
"""Province, century and sex, year of birth, and six digits: in a number that begins so, 001 is no country."""


def echo_code(code: str) -> str | None:
    """Return a code as it may be repeated; None where it could be more than a code.

    A code of the national form stays as it is. In another code the marks become dashes, since a letter after a full
    stop or a slash can be a link.

    >>> echo_code("000.00.12.H17-230815-0007"), echo_code("HS777/2023")
    ('000.00.12.H17-230815-0007', 'HS777-2023')
    >>> [echo_code(code) for code in ("VNEID.TOP/0007", "GOI-0987654321-NHAN-QUA", "H17-090512-3456")]
    [None, None, None]
    """
    if _PRINTED.fullmatch(code):
        return code
    written = plain(code).upper()
    if len(written) > MOST_CHARACTERS or " " in written or spells_a_number(written):
        return None
    if is_national_form(written):
        return written
    dashed = _MARKS.sub("-", written).strip("-")
    words = re.findall(r"[A-Z]+", dashed)
    fine = (
        dashed.replace("-", "").isalnum() and not dashed.isalpha() and max(map(len, words), default=0) <= _LONGEST_WORD
    )
    fine = fine and sum(map(len, words)) <= _MOST_LETTERS
    return dashed if fine and not find_contacts(dashed.replace("-", " ")) else None


def echo_field(name: FieldName, written: str) -> str | None:
    """Return a field of a registration, or a code, as it may be repeated; None where it could be more than that.

    >>> [echo_field(FieldName.FULL_NAME, name) for name in ("Trần V. Út", "vneid.top Nguyen")]
    ['Tran V. Ut', None]
    >>> [echo_field(FieldName.BIRTH_DATE, born) for born in ("31/02/1990", "0905.123.456")]
    ['31/02/1990', None]
    """
    said = plain(written)
    match name:
        case FieldName.FULL_NAME:
            fine = _NAME.fullmatch(said) is not None
        case FieldName.ID_NUMBER:
            fine = _ID_NUMBER.fullmatch(said) is not None and not _hides_a_number(said)
        case FieldName.BIRTH_DATE:
            fine = _DATE.fullmatch(said) is not None and not spells_a_number(said)
            fine = fine and _LETTERS_BEHIND_A_STOP.search(said) is None
        case FieldName.RECEIPT_CODE:
            return echo_code(written)
    return said if fine and not find_contacts(said) else None


def echo_wrong(misread: Misread) -> str | None:
    """Return the wrong field as it may be repeated. A refused name never is: it could be any words."""
    if misread.wrong is None or misread.hint is Hint.PHONE_NUMBER:
        return None
    match misread.kind:
        case MisreadKind.ID_NUMBER:
            return echo_field(FieldName.ID_NUMBER, misread.wrong)
        case MisreadKind.BIRTH_DATE:
            return echo_field(FieldName.BIRTH_DATE, misread.wrong)
        case MisreadKind.RECEIPT_CODE:
            return echo_code(misread.wrong)
        case _:
            return None


def spells_a_number(text: str) -> bool:
    """Return whether digits of a text, with nothing but marks between them, are a telephone number.

    >>> [spells_a_number(text) for text in ("GOI-09.87.65.43.21", "H17-090512-3456", "H17-230815-0007")]
    [True, True, False]
    """
    return any(_DIALLED.fullmatch(digits) or _ABROAD.fullmatch(digits) for digits in _runs(text))


def _hides_a_number(id_number: str) -> bool:
    """Return the same for an identity number; the number of a card is no telephone number as a whole."""
    digits = "".join(filter(str.isdecimal, id_number))
    if _CARD_NUMBER.fullmatch(digits):
        return any(map(_DIALLED.fullmatch, _runs(id_number)))
    return spells_a_number(id_number)


def _runs(text: str) -> Iterator[str]:
    """Return the digits of neighbouring groups, joined, for every run of them."""
    for stretch in re.split(r"[A-Za-z]+", text):
        groups = re.findall(r"[0-9]+", stretch)
        for first in range(len(groups)):
            for last in range(first, len(groups)):
                yield "".join(groups[first : last + 1])
