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
_DAY = r"[0-3]?[0-9]\s?[/.-]\s?[01]?[0-9](?:\s?[/.-]\s?(?:19|20)[0-9]{2})?"
_WHOLE_DAY = r"[0-3]?[0-9][/.-][01]?[0-9][/.-](?:19|20)[0-9]{2}"
_ASIDE = re.compile(
    rf"{_START}(?:(?P<phone>(?:{_CALLED}[\s:.]*)?(?:{_PHONE}))"
    rf"|(?P<card>{_CARD}[\s:.]*(?:(?:SO|LA|CUA|TOI)[\s:.]*)*[0-9]{{9}}(?:[0-9]{{3}})?|0[0-9]{{2}}[0-3][0-9]{{8}})"
    rf"|(?P<day>(?:NGAY|SINH|NOP|HEN|LUC)\s*(?:NGAY|SINH|HEN|TRA|NOP|LA)?[\s:]*{_DAY}|{_WHOLE_DAY}|NAM\s*(?:19|20)[0-9]{{2}})){_END}"
)
_CARD_NUMBER = re.compile(r"0(?!00)[0-9]{2}[0-3][0-9]{8}")
"""Twelve digits with a province (001 to 096) and a century as identity numbers have them."""
_LAST_PROVINCE = 96
_OLD_CARD_NUMBER = re.compile(r"[0-3][0-9]{8}")
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


def personal_number(code: ReceiptCode) -> Hint | None:
    """Tell whether what was read as a code looks like a telephone number or an identity number of 12 digits."""
    digits = code.canonical
    if not digits.isdecimal() or _GROUPS.fullmatch(code.written) is None:
        return None
    if is_phone_number(digits):
        return Hint.PHONE_NUMBER
    is_card = len(digits) == CCCD_DIGITS and code.written.isdecimal() and _CARD_NUMBER.match(digits) is not None
    return Hint.IDENTITY_NUMBER if is_card and int(digits[:3]) <= _LAST_PROVINCE else None


def is_old_card_number(code: ReceiptCode) -> bool:
    """Tell whether it has the digits of an identity number of the old kind, which a code can have too."""
    return len(code.written) == CMND_DIGITS and _OLD_CARD_NUMBER.fullmatch(code.written) is not None
