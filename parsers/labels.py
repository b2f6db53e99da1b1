"""The words people put around fields: labels, placeholders, sex, and what belongs to no field of a command."""

from __future__ import annotations

import re

_END = r"(?![^\W_])"
_START = r"(?<![^\W_])"
_LOOSE = r"[\s:.,;=>/()-]*"

_NAME = (
    r"(?:(?:TOI|EM|MINH|CHAU|CON)\s+)?(?:HO\s*(?:VA\s*)?(?:CHU\s*(?:LOT|DEM)\s*(?:VA\s*)?)?TEN|TEN)"
    r"(?:\s*(?:DAY\s*DU|KHAI\s*SINH|CUA\s*TOI))?(?:\s+(?:TOI|EM|MINH))?"
)
_CARD = (
    r"(?:CMND|CMTND|CMT|CCCD|CC|ID|CAN\s*CUOC(?:\s*CONG\s*DAN)?"
    r"|CHUNG\s*MINH(?:\s*(?:NHAN\s*DAN|THU(?:\s*NHAN\s*DAN)?))?|DINH\s*DANH(?:\s*CA\s*NHAN)?)"
)
_ID = (
    rf"(?:(?:MA\s*)?SO\s*|MA\s*)?(?:GIAY\s*|THE\s*)?{_CARD}"
    rf"(?:\s*(?:/|,|HOAC|VA|\()?\s*(?:SO\s*)?{_CARD}\)?)?(?:\s*(?:SO|LA|CU|MOI))*"
)
_PASSPORT = r"(?:SO\s*)?(?:HO\s*CHIEU|PASSPORT)(?:\s*(?:SO|LA))*"
_DATE = (
    r"(?:NGAY\s*,?\s*THANG\s*,?\s*NAM\s*SINH|NGAY\s*(?:THANG\s*)?SINH|SINH\s*(?:VAO\s*)?NGAY|NAM\s*SINH"
    r"|SINH\s*(?:VAO\s*)?NAM|DD[/.-]MM[/.-]Y{2,4}|NN[/.-]TT[/.-]N{2,4}|NGAY/THANG/NAM(?:\s*SINH)?"
    r"|NTNS|NGAYSINH|NS|SN|DOB|SINH|NGAY|NAM)(?:\s*LA)?"
)
_SEX = r"(?:GIOI\s*TINH\s*:?\s*)?(?:NAM|NU)|GIOI\s*TINH"
_PHONE = (
    r"(?:SO\s*)?(?:SDT|DTDD|DT|DIEN\s*THOAI|PHONE|TEL|MOBILE|ZALO)"
    r"(?:\s*(?:DI\s*DONG|LIEN\s*HE|CUA\s*(?:TOI|EM|MINH|CHAU)|SO|LA))*|LIEN\s*HE|LH"
)
_ELSEWHERE = (
    r"DIA\s*CHI|DC|D/C|(?:HO\s*KHAU\s*)?THUONG\s*TRU|HKTT|HO\s*KHAU|QUE\s*QUAN|NOI\s*(?:O|SINH|CAP)|TAM\s*TRU"
    r"|CHO\s*O\s*HIEN|DAN\s*TOC|QUOC\s*TICH|TON\s*GIAO|NGHE\s*NGHIEP|EMAIL|MST|MA\s*SO\s*THUE|BHXH|BHYT|STK|SO\s*TAI\s*KHOAN"
)

_LABEL = re.compile(
    rf"{_LOOSE}(?:(?P<name>{_NAME}(?:\s+LA)?)|(?P<id>{_ID})|(?P<date>{_DATE})|(?P<sex>{_SEX})|(?P<phone>{_PHONE})"
    rf"|(?P<passport>{_PASSPORT})){_END}{_LOOSE}"
)


def only_labels(folded: str, start: int, end: int) -> set[str] | None:
    """Return the kinds of label in a stretch of words that says nothing but what comes next; None for other words.

    One label after the other, each as long as can be: `nam sinh nam sinh …` takes linear time, which one pattern
    with a repetition would not (and a possessive one with groups is a known fault of Python 3.11's `re`).

    >>> only_labels("SO CMND, NGAY SINH:", 0, 19) == {"id", "date"}, only_labels("HO TEN AN", 0, 9)
    (True, None)
    """
    kinds = set()
    while start < end:
        label = _LABEL.match(folded, start, end)
        if label is None or label.lastgroup is None:
            return None
        kinds.add(label.lastgroup)
        start = label.end()
    return kinds


NAME_LABEL = re.compile(rf"{_LOOSE}(?:{_NAME}|TOI(?=\s+LA\s)){_END}(?P<is>\s+LA{_END})?(?P<colon>\s*[:=-])?{_LOOSE}")
"""A label before a name, at the start of a stretch; `is` is a `la` that may be the family name La."""

LABEL_BEFORE_NUMBER = re.compile(
    rf"{_START}(?:(?P<id>{_ID})|(?P<phone>{_PHONE})|(?P<passport>{_PASSPORT})|(?P<date>{_DATE})){_LOOSE}\Z"
)
"""A label at the end of a stretch of words, right before a number."""

DOUBTFUL = frozenset({"SINH", "NAM", "NGAY"})
"""Labels of dates that are given names too (`Nguyen Van Sinh`, `Tran Nam`)."""

NOISE = frozenset({"VA", "VOI", "CUA TOI", "SO"})
"""Stretches between fields that say nothing."""

LABEL_ENDINGS = (
    *(
        "CMND",
        "CMTND",
        "CMT",
        "CCCD",
        "CC",
        "ID",
        "CUOC",
        "DAN",
        "MINH",
        "THU",
        "DANH",
        "NHAN",
        "SO",
        "LA",
        "CU",
        "MOI",
    ),
    *("DT", "DTDD", "THOAI", "PHONE", "TEL", "MOBILE", "ZALO", "DONG", "HE", "TOI", "EM", "CHAU", "LH", "CHIEU"),
    *("PASSPORT", "SINH", "NGAY", "NAM", "NS", "SN", "DOB", "THANG", ")"),
)
"""How a stretch ends that may end in a label; a quick look that spares most names the search."""

NOT_MINE = re.compile(rf"{_START}(?:{_ELSEWHERE}){_END}")
"""Labels of fields that this command does not ask for: they end a name, and what follows is passed over."""

ISSUED = re.compile(
    r"(?<![^\W_])(?:NGAY\s*CAP|CAP\s*NGAY|CAP(?:\s*LUC)?|HET\s*HAN|GIA\s*TRI\s*DEN)[\s:.,-]*(?:NGAY\s*)?"
    r"[0-9]{1,4}(?:\s*[/.-]\s*|\s+)[0-9]{1,2}(?:\s*[/.-]\s*|\s+)[0-9]{2,4}(?![0-9])"
    r"(?:\s*(?:TAI|NOI\s*CAP|BOI|DO|O)(?![^\W_])[^,;|\n\t0-9]*)?"
)
"""A date of issue or expiry with its label, and the place of issue after it."""
