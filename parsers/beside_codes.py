"""What stands beside a receipt code and is none: telephone numbers, identity numbers, days."""

from __future__ import annotations

import re

from parsers.commands import ReceiptCode
from parsers.excerpt import Excerpt
from parsers.identity_numbers import CCCD_DIGITS, CMND_DIGITS, is_phone_number
from parsers.misread import Hint

_START = r"(?<![\w./-])"
_END = r"(?![^\W_]|[./-][0-9])"
_PHONE = (
    r"(?:\+?84|0)[35789][0-9]{8}"
    r"|(?:\+?84\s?|0)[35789][0-9](?:[\s.-]?[0-9]){1,2}(?:[\s.-][0-9]{2,4}){2,3}(?!\s[0-9])"
)
_CARD = r"(?:SO\s*)?(?:CCCD|CMND|CMTND|CMT|CAN\s*CUOC(?:\s*CONG\s*DAN)?|CHUNG\s*MINH(?:\s*NHAN\s*DAN)?|DINH\s*DANH)"
_CALLED = (
    r"(?:SO\s*)?(?:SDT|DTDD|DT|DIEN\s*THOAI|ZALO|LIEN\s*HE|LH|TEL|PHONE|GOI)(?:\s*(?:SO|LA|QUA|CUA|TOI|EM|LIEN\s*HE))*"
)
_OTHER = (
    r"(?:MST|MA\s*SO\s*THUE|STK|SO\s*TAI\s*KHOAN|TAI\s*KHOAN|(?:SO\s*)?(?:BHXH|BHYT|THE|SO\s*DO)|HO\s*CHIEU|BIEN\s*SO(?:\s*XE)?)"
    r"[\s:.]*(?:(?:SO|LA)[\s:.]*)*[0-9](?:[\s.-]?[0-9]){4,15}"
)
_LANDLINE = r"0?2[0-9]{1,2}[\s.]?[0-9]{3,4}[\s.]?[0-9]{3,4}"
_DAY = r"[0-3]?[0-9]\s?[/.-]\s?[01]?[0-9](?:\s?[/.-]\s?(?:19|20)[0-9]{2})?"
_WHOLE_DAY = r"[0-3]?[0-9][/.-][01]?[0-9][/.-](?:19|20)[0-9]{2}"
_ASIDE = re.compile(
    rf"{_START}(?:(?P<phone>(?:{_CALLED}[\s:.]*)?(?:{_PHONE})|{_CALLED}[\s:.]*(?:BAN\s*)?{_LANDLINE})"
    rf"|(?P<card>{_CARD}[\s:.]*(?:(?:SO|LA|CUA|TOI)[\s:.]*)*[0-9]{{9}}(?:[0-9]{{3}})?|0[0-9]{{2}}[0-3][0-9]{{8}})"
    rf"|(?P<day>(?:NGAY|SINH|NOP|HEN|TRA|LUC)\s*(?:NGAY|SINH|HEN|TRA|NOP|LA)?[\s:]*{_DAY}|{_WHOLE_DAY}|(?:NAM(?:\s*SINH)?|SN|NS|SINH)[\s:]*(?:19|20)[0-9]{{2}})"
    rf"|(?P<other>{_OTHER})"
    rf"|(?P<money>[0-9]{{1,3}}(?:[.,]?[0-9]{{3}}){{1,3}}\s?(?:D|DONG|VND|VN\s?DONG))){_END}"
)
_CARD_NUMBER = re.compile(r"0(?!00)[0-9]{2}[0-3][0-9]{8}")
"""Twelve digits with a province (001 to 096) and a century as identity numbers have them."""
_LAST_PROVINCE = 96
_OLD_CARD_NUMBER = re.compile(r"[0-3][0-9]{8}")
_SENTENCE = re.compile(r"\W*(?:[^\W\d_]{2,}\s|[0-9]{1,2}\s+[^\W\d_]+(?:\s|\W*\Z))")
_COULD_BE_CODE = re.compile(r"[0-9](?:[\s./-]?[0-9]){4,}|[^\W\d_][./_-]?[0-9]{3}")
_GROUPS = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def without_asides(body: Excerpt) -> tuple[Excerpt, Hint | None] | None:
    """Wipe out what is no code by its shape or by its label; tell which kind it was, a day being none.

    >>> rest, hint = without_asides(Excerpt.of("13557009, sdt 0905 123 456"))
    >>> rest.shown.rstrip(", "), hint.value
    ('13557009', 'phone_number')
    >>> without_asides(Excerpt.of("13557009")) is None
    True
    """
    hint, at, found = None, 0, None
    while (found := _ASIDE.search(body.folded, at)) is not None:
        kinds = {"phone": Hint.PHONE_NUMBER, "card": Hint.IDENTITY_NUMBER}
        hint = kinds.get(found.lastgroup or "", hint)
        body, at = body.blank(found), found.end()
    return (body, hint) if at else None


def is_remark(part: Excerpt) -> bool:
    """Tell whether a part that is no code is a remark, such as an address: words, and few digits.

    >>> [is_remark(Excerpt.of(part)) for part in ("so nha 125/4 Nguyen Hue", "2 thang roi", "cua me toi 123 456", "12")]
    [True, True, False, False]
    """
    return _SENTENCE.match(part.folded) is not None and _COULD_BE_CODE.search(part.folded) is None


def personal_number(code: ReceiptCode) -> Hint | None:
    """Tell whether what was read as a code looks like a telephone number or an identity number of 12 digits."""
    digits = code.canonical.removeprefix("DT")  # a label of two letters joins as the series of a code does
    if not digits.isdecimal() or _GROUPS.fullmatch(code.written.removeprefix("DT")) is None:
        return None
    if is_phone_number(digits):
        return Hint.PHONE_NUMBER
    is_card = len(digits) == CCCD_DIGITS == len(code.written) and _CARD_NUMBER.match(digits) is not None
    return Hint.IDENTITY_NUMBER if is_card and int(digits[:3]) <= _LAST_PROVINCE else None


def is_old_card_number(code: ReceiptCode) -> bool:
    """Tell whether it has the digits of an identity number of the old kind, which a code can have too."""
    return len(code.written) == CMND_DIGITS and _OLD_CARD_NUMBER.fullmatch(code.written) is not None
