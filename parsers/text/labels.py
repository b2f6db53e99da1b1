"""The words people put around fields: labels, placeholders, sex, and what belongs to no field of a command."""

from __future__ import annotations

import re
from typing import NamedTuple

_END = r"(?![^\W_])"
_START = r"(?<![^\W_])"
_LOOSE = r"[\s:.,;=>/()-]*"

_MINE = r"(?:\s*CUA\s*(?:TOI|EM|MINH|CHAU))?"
_WHOLE_NAME = r"HO\s*,?\s*(?:VA\s*)?(?:CHU\s*(?:LOT|DEM)\s*,?\s*(?:VA\s*)?)?TEN"
_WHOSE = (
    r"(?:\s*(?:DAY\s*DU|KHAI\s*SINH|CUA\s*(?:TOI|EM|MINH|CHAU)|NGUOI\s*(?:DANG\s*K[YI]|NOP|DUNG)))*"
    r"(?:\s+(?:TOI|EM|MINH))?"
)
_SELF = r"(?:TOI|EM|MINH)"
_NAME = rf"(?:(?:(?:TOI|EM|MINH|CHAU|CON)\s+)?(?:{_WHOLE_NAME}|TEN){_WHOSE}|NGUOI\s*DANG\s*K[YI]|{_SELF}(?=\s+LA\b))"
_PLAIN_CARD = r"CMND|CMTND|CMT|CCCD|CC|ID|CAN\s*CUOC(?:\s*CONG\s*DAN)?|DINH\s*DANH\s*CA\s*NHAN|GIAY\s*TO"
_NAMELY_CARD = r"CHUNG\s*MINH|DINH\s*DANH"
"""The name of a card that is also a name of people (`Le Dinh Danh`)."""

_PLAIN_CARD += r"|CHUNG\s*MINH\s*(?:NHAN\s*DAN|THU(?:\s*NHAN\s*DAN)?)"
_CARD = rf"(?:{_PLAIN_CARD}|{_NAMELY_CARD})"
_OF_CARD = rf"(?:\s*(?:/|,|HOAC|VA|\()?\s*(?:SO\s*)?{_CARD}\)?)?(?:\s*GAN\s*CHIP)?{_MINE}(?:\s*(?:SO|LA|CU|MOI))*"
_ID = rf"(?:(?:MA\s*)?SO\s*|MA\s*)?(?:GIAY\s*|THE\s*)?{_CARD}{_OF_CARD}"
_SURE_ID = (
    rf"(?:(?:(?:MA\s*)?SO\s*|MA\s*)?(?:GIAY\s*|THE\s*)?(?:{_PLAIN_CARD})|(?:(?:MA\s*)?SO|MA)\s*(?:THE\s*)?(?:{_NAMELY_CARD}))"
    rf"{_OF_CARD}"
)
_PASSPORT = r"(?:SO\s*)?(?:HO\s*CHIEU|PASSPORT)(?:\s*(?:SO|LA))*"
_SURE_DATE = (
    r"(?:NGAY\s*,?\s*THANG\s*,?\s*NAM\s*SINH|NGAY\s*(?:THANG\s*)?SINH|SINH\s*(?:VAO\s*)?NGAY(?!\s*THANG\s*NAM\s*SINH)|SINH\s*VAO(?:\s*NAM)?"
    r"|DD[/.-]MM[/.-]Y{2,4}|NN[/.-]TT[/.-]N{2,4}|NGAY/THANG/NAM(?:\s*SINH)?|NTNS|NGAYSINH|NSINH|NS|SN|DOB)(?:\s*LA)?"
)
_DATE = rf"(?:{_SURE_DATE}|(?:NAM\s*SINH|SINH\s*NAM|SINH|NGAY|NAM)(?:\s*LA)?)"
_SURE_SEX = r"GIOI\s*TINH(?:\s*(?:LA|:))*(?:\s*(?:NAM|NU))?|GT\s*:?\s*(?:NAM|NU)"
_SEX = rf"{_SURE_SEX}|NAM|NU"
_PHONE = (
    r"(?:SO\s*)?(?:SDT|DTDD|DT|DIEN\s*THOAI|PHONE|TEL|MOBILE|ZALO)"
    r"(?:\s*(?:DI\s*DONG|LIEN\s*HE|CUA\s*(?:TOI|EM|MINH|CHAU)|SO|LA))*|LIEN\s*HE|LH"
)
_ELSEWHERE = (
    r"DIA\s*CHI|DC|D/C|(?:HO\s*KHAU\s*)?THUONG\s*TRU|HKTT|HO\s*KHAU|QUE\s*QUAN|NOI\s*(?:O|SINH|CAP)|TAM\s*TRU|TRU\s*TAI"
    r"|CHO\s*O(?:\s*HIEN)?|(?:HIEN\s*)?O\s*TAI|HIEN\s*O|DAN\s*TOC|QUOC\s*TICH|TON\s*GIAO|NGHE\s*NGHIEP|EMAIL|MST"
    r"|MA\s*SO\s*THUE|BHXH|BHYT|STK|SO\s*TAI\s*KHOAN"
)

_LABEL = re.compile(
    rf"{_LOOSE}(?:(?P<name>{_NAME}(?:\s+LA)?)|(?P<id>{_ID})|(?P<sex>{_SEX})|(?P<date>{_DATE})|(?P<phone>{_PHONE})"
    rf"|(?P<passport>{_PASSPORT})|(?P<any>SO)){_END}{_LOOSE}"
)


def only_labels(folded: str, start: int, end: int) -> set[str] | None:
    """Return the kinds of label in words that are labels only; None for other words.

    One label after the other, each as long as possible: `nam sinh nam sinh …` takes linear time. One pattern with a
    repetition would not (and a possessive one with groups is a known fault of Python 3.11's `re`).

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


_SURE_LABEL = re.compile(
    rf"{_START}(?:(?P<elsewhere>{_ELSEWHERE})|(?P<name>(?:(?:TOI|EM|MINH|CHAU|CON)\s+)?{_WHOLE_NAME}{_WHOSE}"
    rf"|(?:TOI|EM|MINH|CHAU)\s+TEN|TEN\s+(?:TOI|EM|MINH|CHAU))(?:\s+LA)?|(?P<id>{_SURE_ID})|(?P<date>{_SURE_DATE})"
    rf"|(?P<sex>{_SURE_SEX})|(?P<phone>{_PHONE})|(?P<passport>{_PASSPORT})){_END}{_LOOSE}"
)
"""Labels that no name holds, wherever they stand among its words."""

_WORDS_OF_LABELS = frozenset(
    re.findall(
        r"\S+",
        """
        CMND CMTND CMT CCCD CC ID CUOC MINH THU DANH TO SDT DT DTDD THOAI ZALO TEL PHONE MOBILE HE LH CHIEU
        PASSPORT NGAY SINH VAO NTNS NGAYSINH NSINH NS SN DOB TINH GT TEN HOTEN CHI DC C TRU HKTT KHAU QUAN O
        CAP TAM TAI TOC TICH GIAO NGHIEP EMAIL MST THUE BHXH BHYT STK KHOAN NAM DD NN
        """,
    )
)
"""One of these is in every label; a quick check that spares most names the search."""
FIRST_OF_LABELS = frozenset(
    {
        "NU",
        "NAM",
        "SO",
        "SINH",
        "NGAY",
        "CMND",
        "CCCD",
        "CMT",
        "NS",
        "SN",
        "SDT",
        "GIOI",
        "GT",
        "A",
        "NHE",
        "EM",
        "XIN",
        "NHO",
        "THON",
    }
)
"""Words that begin a label after a hyphen, and no second half of a name (`Thuy-Duong`)."""
_WORD = re.compile(r"[^\W_]+")


class Label(NamedTuple):
    """A label among words: what it announces, and its place."""

    kind: str
    start: int
    end: int


def sure_labels(folded: str, start: int, end: int) -> list[Label]:
    """Find the labels in words that can be no part of a name, in one pass.

    >>> sure_labels("NGUYEN VAN BA GIOI TINH NAM", 0, 27), sure_labels("TRAN DINH DANH", 0, 14)
    ([Label(kind='sex', start=14, end=27)], [])
    """
    if _WORDS_OF_LABELS.isdisjoint(_WORD.findall(folded, start, end)):
        return []
    return [
        Label(found.lastgroup or "", *found.span())
        for found in _SURE_LABEL.finditer(folded, start, end)
        if found.end() == end or not found.group().startswith("MA DINH DANH ")  # before a word it is a name with Ma
    ]


NAME_LABEL = re.compile(
    rf"{_LOOSE}(?:(?P<self>{_SELF}(?=\s+LA\b))|{_NAME}){_END}(?P<is>\s+LA{_END})?(?P<colon>\s*[:=-])?{_LOOSE}"
)
"""A label before a name, at the start of a stretch; `is` is a `la` that may be the family name La."""

NAMELY_LABEL = re.compile(
    rf"{_START}(?:(?P<date>(?:SINH|NAM|NGAY)(?:\s+(?:SINH|NAM|NGAY))*(?:\s+LA)?)|(?P<id>{_NAMELY_CARD})){_LOOSE}\Z"
)
"""A label at the end of a stretch of words, right before a number, that can be the end of a name as well."""

NAMES_OF_PLACE_LABELS = frozenset({"TAM", "THUONG", "HIEN"})
NAMES_TOO = frozenset({"SO", "SINH", "MA", "THE", "NGAY"}) | NAMES_OF_PLACE_LABELS
"""First words of labels that are given names too."""

DOUBTFUL = frozenset({"SINH", "NAM", "NGAY"})
"""Labels of dates that are given names too (`Nguyen Van Sinh`, `Tran Nam`)."""

NOISE = frozenset({"VA", "VOI", "CUA TOI", "SO", "HOAC", "LA"})
"""Words between fields without a meaning."""

NAMELY_ENDINGS = ("SINH", "NAM", "NGAY", "THANG", "LA", "DANH", "MINH")
"""How a stretch ends that may end in such a label; a quick check that spares most names the search."""

ISSUED = re.compile(
    r"(?<![^\W_])(?:NGAY\s*CAP|CAP\s*NGAY|CAP(?:\s*LUC)?|HET\s*HAN|GIA\s*TRI\s*DEN)[\s:.,-]*(?:NGAY\s*)?"
    r"[0-9]{1,4}(?:\s*[/.-]\s*|\s+)[0-9]{1,2}(?:\s*[/.-]\s*|\s+)[0-9]{2,4}(?![0-9])"
    r"(?:\s*(?:TAI|NOI\s*CAP|BOI|DO|O)(?![^\W_])[^,;|\n\t0-9]*)?"
)
"""A date of issue or expiry with its label, and the place of issue after it."""
