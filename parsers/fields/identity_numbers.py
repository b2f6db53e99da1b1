"""Identity numbers: CMND of 9 digits, CCCD of 12; and what is in their place by mistake."""

from __future__ import annotations

import re
from typing import NamedTuple

from parsers.commands import BirthDate, IdNumber
from parsers.misread import Hint

CMND_DIGITS = 9
CCCD_DIGITS = 12
_FIRST_OF_CMND = "0123"

_MOBILE = re.compile(r"(?:0|84|840|0084|00840)(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-9])[0-9]{7}")
_OLD_MOBILE = re.compile(r"(?:0|84)(?:12[0-9]|16[2-9]|18[68]|199)[0-9]{7}")
_LEADING_ZERO_LOST = frozenset({CMND_DIGITS - 1, CCCD_DIGITS - 1})
_CENTURY = {
    "0": 1900,
    "1": 1900,
    "2": 2000,
    "3": 2000,
    "4": 2100,
    "5": 2100,
    "6": 2200,
    "7": 2200,
    "8": 2300,
    "9": 2300,
}


class IdFault(NamedTuple):
    """Digits that are no identity number; `proposal` is the number that was probably meant."""

    digits: str
    hint: Hint | None
    proposal: IdNumber | None = None


def read_id_number(digits: str) -> IdNumber | IdFault:
    """Judge a run of digits, blanks and points already dropped.

    >>> read_id_number("201499999"), read_id_number("048090123456")
    ('201499999', '048090123456')
    >>> read_id_number("48090123456")
    IdFault(digits='48090123456', hint=<Hint.LOST_ZERO: 'lost_zero'>, proposal='048090123456')
    >>> read_id_number("0905123456").hint, read_id_number("905123456").hint, read_id_number("84905123456").hint
    (<Hint.PHONE_NUMBER: 'phone_number'>, <Hint.PHONE_NUMBER: 'phone_number'>, <Hint.PHONE_NUMBER: 'phone_number'>)
    >>> read_id_number("12345")
    IdFault(digits='12345', hint=None, proposal=None)
    """
    count = len(digits)
    if count > 1 and digits == digits[0] * count:
        return IdFault(digits, None)  # a filler: nobody has the number 000000000
    if count == CMND_DIGITS:
        return IdNumber(digits) if digits[0] in _FIRST_OF_CMND else IdFault(digits, Hint.PHONE_NUMBER)
    if is_phone_number(digits):
        return IdFault(digits, Hint.PHONE_NUMBER)
    if count == CCCD_DIGITS:
        return IdNumber(digits)
    if count in _LEADING_ZERO_LOST:
        return IdFault(digits, Hint.LOST_ZERO, IdNumber("0" + digits))
    return IdFault(digits, None)


def is_phone_number(digits: str) -> bool:
    """Return whether digits are a Vietnamese mobile number: 0…, 84…, 0084…, old eleven-digit ones too."""
    return _MOBILE.fullmatch(digits) is not None or _OLD_MOBILE.fullmatch(digits) is not None


def is_mobile_number(digits: str) -> bool:
    """Return whether digits are a mobile number of today, with its zero, or without where no identity number starts so.

    >>> [is_mobile_number(digits) for digits in ("0905123456", "84905123456", "905123456", "359123456", "01201234567")]
    [True, True, True, False, False]
    """
    return _MOBILE.fullmatch(digits) is not None or (
        len(digits) == CMND_DIGITS and digits[0] not in _FIRST_OF_CMND and _MOBILE.fullmatch("0" + digits) is not None
    )


def birth_year_of(number: str | None) -> int | None:
    """Return the birth year that a 12-digit number holds: digit 4 is century and sex, digits 5 and 6 the year.

    >>> birth_year_of("048090123456"), birth_year_of("048305123456"), birth_year_of("201499999")
    (1990, 2005, None)
    """
    if number is None or len(number) != CCCD_DIGITS:
        return None
    return _CENTURY[number[3]] + int(number[4:6])


def agree(number: str, born: BirthDate) -> bool:
    """Return whether number and birth date can belong to one person."""
    year = birth_year_of(number)
    return year is None or year == born.year
