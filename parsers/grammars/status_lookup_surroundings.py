"""Numbers beside a receipt code that are no code: telephone numbers, identity numbers, days."""

from __future__ import annotations

import re

from parsers.commands import ReceiptCode
from parsers.fields.codes.national_form import find_national_form
from parsers.fields.identity_numbers import CCCD_DIGITS, CMND_DIGITS, is_phone_number
from parsers.misread import Hint
from parsers.text.excerpt import Excerpt

_START = r"(?<![\w./-])"
_END = r"(?![^\W_]|[./-][0-9])"
_PHONE = r"(?:\+?84|0)[35789][0-9]{8}|(?:\+?84 ?|0)[35789][0-9](?:[ .-]?[0-9]){1,2}(?:[ .-][0-9]{2,4}){2,3}(?! [0-9])"
_LANDLINE = r"0?2[0-9]{1,2}[ .]?[0-9]{3,4}[ .]?[0-9]{3,4}"
_CALLED = (
    r"(?:SO\s*)?(?:SDT|DTDD|DT|DIEN\s*THOAI|ZALO|LIEN\s*HE|LH|TEL|PHONE|GOI)"
    r"(?:\s*(?:SO|LA|QUA|CUA|TOI|EM|BAN|LIEN\s*HE))*[\s:.]*"
)
_CARD = r"(?:CCCD|CMND|CMTND|CMT|CAN\s*CUOC(?:\s*CONG\s*DAN)?|CHUNG\s*MINH(?:\s*NHAN\s*DAN)?|DINH\s*DANH)"
_OTHER = (
    r"(?:MST|MA\s*SO\s*THUE|STK|(?:SO\s*)?TAI\s*KHOAN|(?:SO\s*)?(?:BHXH|BHYT)|SO\s*(?:THE|DO)|HO\s*CHIEU"
    r"|BIEN\s*SO(?:\s*XE)?)"
)
_LONG_NUMBER = r"[\s:.]*(?:(?:SO|LA|CUA|TOI)[\s:.]*)*[0-9](?:[ .-]?[0-9]){4,15}"
_DAY = r"[0-3]?[0-9] ?[/.-] ?[01]?[0-9](?: ?[/.-] ?(?:19|20)[0-9]{2})?"
_WHOLE_DAY = r"[0-3]?[0-9][/.-][01]?[0-9][/.-](?:19|20)[0-9]{2}"
_ON = r"(?:NGAY|SINH|NOP|HEN|TRA|LUC)\s*(?:NGAY|SINH|HEN|TRA|NOP|LA)?[\s:]*"
_YEAR = r"(?:NAM(?:\s*SINH)?|SN|NS|SINH)[\s:]*(?:19|20)[0-9]{2}"
_MONEY = r"[0-9]{1,3}(?:[.,]?[0-9]{3}){1,3} ?(?:D|DONG|VND|VN ?DONG)"
_ASIDE = re.compile(
    rf"{_START}(?:(?P<phone>(?:{_CALLED})?(?:{_PHONE})|{_CALLED}{_LANDLINE})"
    rf"|(?P<card>(?:SO\s*)?{_CARD}{_LONG_NUMBER}|0[0-9]{{2}}[0-3][0-9]{{8}})"
    rf"|{_ON}{_DAY}|{_WHOLE_DAY}|{_YEAR}|{_OTHER}{_LONG_NUMBER}|{_MONEY}){_END}"
)
_MAY_BE_ASIDE = re.compile(r"(?:SN|NS|DT|LH)[0-9]+\Z|[0-9]{9,}\Z")
_HINTS = {"phone": Hint.PHONE_NUMBER, "card": Hint.IDENTITY_NUMBER}
_CARD_NUMBER = re.compile(r"0(?!00)[0-9]{2}[0-3][0-9]{8}")
"""Twelve digits with a province (001 to 096) and a century as in identity numbers."""
_LAST_PROVINCE = 96
_SHORTEST = 10
"""Digits of a telephone number."""
_OLD_CARD_NUMBER = re.compile(r"[0-3][0-9]{8}")
_SENTENCE = re.compile(r"\W*(?:[^\W\d_]{2,}\s|[0-9]{1,2}\s+[^\W\d_]+(?:\s|\W*\Z))")
_COULD_BE_CODE = re.compile(r"[0-9](?:[\s./-]?[0-9]){4,}|[^\W\d_][./_-]?[0-9]{3}")
_GROUPS = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def without_asides(body: Excerpt) -> tuple[Excerpt, Hint | None] | None:
    """Remove what is no code by its shape or by its label; return which kind it was, None for a day.

    >>> rest, hint = without_asides(Excerpt.of("13557009, sdt 0905 123 456"))
    >>> rest.shown.rstrip(", "), hint.value
    ('13557009', 'phone_number')
    >>> without_asides(Excerpt.of("13557009")) is None
    True
    """
    codes = list(find_national_form(body.folded))
    hint, at, is_wiped = None, 0, False
    while (found := _ASIDE.search(body.folded, at)) is not None:
        at = found.end()
        if not any(found.start() < end and start < found.end() for start, end in codes):
            hint = _HINTS.get(found.lastgroup or "", hint)
            body, is_wiped = body.blank(found), True
    return (body, hint) if is_wiped else None


def may_be_aside(code: ReceiptCode) -> bool:
    """Return whether a code can be another number with its label (`SN1985`), or without one; a quick check."""
    return _MAY_BE_ASIDE.match(code.canonical) is not None


def is_remark(part: Excerpt) -> bool:
    """Return whether a part that is no code is a remark, such as an address: words, and few digits.

    >>> [is_remark(Excerpt.of(part)) for part in ("so nha 125/4 Nguyen Hue", "2 thang roi", "cua me toi 123 456", "12")]
    [True, True, False, False]
    """
    return _SENTENCE.match(part.folded) is not None and _COULD_BE_CODE.search(part.folded) is None


def personal_number(code: ReceiptCode) -> Hint | None:
    """Return whether what was read as a code looks like a telephone number or an identity number of 12 digits."""
    digits = code.canonical.removeprefix("DT")  # a label of two letters joins as the series of a code does
    if len(digits) < _SHORTEST or not digits.isdecimal() or _GROUPS.fullmatch(code.written.removeprefix("DT")) is None:
        return None
    if is_phone_number(digits):
        return Hint.PHONE_NUMBER
    is_card = len(digits) == CCCD_DIGITS == len(code.written) and _CARD_NUMBER.match(digits) is not None
    return Hint.IDENTITY_NUMBER if is_card and int(digits[:3]) <= _LAST_PROVINCE else None


def is_old_card_number(code: ReceiptCode) -> bool:
    """Return whether it has the digits of an identity number of the old kind, which a code can have too."""
    return len(code.written) == CMND_DIGITS and _OLD_CARD_NUMBER.fullmatch(code.written) is not None
