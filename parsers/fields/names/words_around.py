"""Words around a name that are no part of it: a relation to the sender, a service, a state, a place.

A small letter beside capitals shows them. Where it does not, the words show them, beside a family name at the beginning
of the name.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from parsers.fields.names.bounds import is_middle
from parsers.text.folding import fold


def _words(text: str) -> frozenset[str]:
    """Give words in small letters, with their accents and without."""
    return frozenset(text.lower().split()) | frozenset(fold(text).lower().split())


FAMILIES = frozenset(
    [
        "AU",
        "BA",
        "BACH",
        "BANG",
        "BE",
        "BUI",
        "CA",
        "CAM",
        "CAN",
        "CAO",
        "CAP",
        "CHAU",
        "CHE",
        "CHU",
        "CHUNG",
        "CHUONG",
        "CO",
        "CONG",
        "CU",
        "CUNG",
        "DAM",
        "DAN",
        "DANG",
        "DANH",
        "DAO",
        "DAU",
        "DIEP",
        "DIEU",
        "DINH",
        "DO",
        "DOAN",
        "DOI",
        "DONG",
        "DUONG",
        "GIAP",
        "GIANG",
        "HA",
        "HAN",
        "HAU",
        "HO",
        "HOA",
        "HOANG",
        "HONG",
        "HUA",
        "HUYNH",
        "KHA",
        "KHAU",
        "KHIEU",
        "KHONG",
        "KHUAT",
        "KHUC",
        "KIEN",
        "KIEU",
        "KIM",
        "LA",
        "LAI",
        "LAM",
        "LE",
        "LENG",
        "LIEN",
        "LIEU",
        "LO",
        "LU",
        "LUC",
        "LUONG",
        "LUU",
        "LUYEN",
        "LY",
        "MA",
        "MAC",
        "MAI",
        "MAN",
        "MANH",
        "MAU",
        "NGAC",
        "NGAN",
        "NGHIEM",
        "NGO",
        "NGUY",
        "NGUYEN",
        "NGUYN",
        "NHAM",
        "NHAN",
        "NINH",
        "NONG",
        "ON",
        "ONG",
        "PHAM",
        "PHAN",
        "PHI",
        "PHO",
        "PHU",
        "PHUNG",
        "PHUONG",
        "QUACH",
        "QUANG",
        "QUAN",
        "QUYEN",
        "SAM",
        "SON",
        "SUNG",
        "TA",
        "TANG",
        "TAO",
        "THACH",
        "THAI",
        "THAM",
        "THAN",
        "THANG",
        "THI",
        "THICH",
        "THIEU",
        "TIEN",
        "TIEU",
        "TO",
        "TON",
        "TONG",
        "TRA",
        "TRAC",
        "TRAN",
        "TRANG",
        "TRI",
        "TRIEU",
        "TRINH",
        "TRUONG",
        "TRUNG",
        "TU",
        "UNG",
        "UONG",
        "VAN",
        "VI",
        "VIEN",
        "VO",
        "VU",
        "VUONG",
        "VUU",
        "XA",
        "Y",
        "YEN",
    ]
)
"""Family names, without accents."""
_FREQUENT_FAMILIES = _words("nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trương đoàn")
"""As they are written, or without accents: `Nguyên` and `Đình` are middle names."""
_SMALL_FIRST = FAMILIES - frozenset(
    {"ONG", "BA", "HO", "VO", "CHU", "CHAU", "CO", "CA", "CONG", "DANG", "LA", "THI", "Y"}
)
"""Family names that people begin in a small letter before capitals (`tran Thi Hoa`)."""
_ROLES = _words(
    "ông bà anh chị em cháu cô chú bác dì cậu mợ vợ chồng con mẹ bố ba má cha cho của hộ tôi mình giúp giùm dùm nhờ bé"
)
_FAMILIES_IN_CAPITALS = frozenset({"VO", "HO", "CHAU", "CHU", "BA", "MA"})
"""With a capital each of these is a first family name (`Vo Tran Anh Thu`), and rarely a wife or a child."""
_NEVER_FIRST = frozenset(
    ["TOI", "EM", "CHI", "CON", "CHONG", "ME", "CHO", "CUA", "GIUP", "DUM", "GIUM", "NHO", "VNEID", "THUE"]
)
_PAIRS_NEVER = frozenset(
    {("BAO", "HIEM"), ("NGAN", "HANG"), ("NOP", "THUE"), ("PHAT", "GIAO"), ("CONG", "GIAO"), ("TIN", "LANH")}
    | {("THIEN", "CHUA"), ("DAN", "TOC"), ("TON", "GIAO"), ("CAO", "DAI"), ("QUOC", "TICH"), ("NOI", "SINH")}
    | {("MAT", "ROI"), ("HUY", "BO"), ("DOI", "SANG"), ("SO", "NAY")}
)
_WRITTEN_REMARKS = frozenset(
    [
        "rồi",
        "hết",
        "mất",
        "đổi",
        "xong",
        "chưa",
        "hủy",
        "huỷ",
        "mới",
        "em",
        "cả",
        "hộ",
        "giùm",
        "dùm",
        "với",
        "luôn",
        "ngay",
        "đi",
        "này",
        "kinh",
        "nùng",
        "mường",
        "khmer",
    ]
)
_REMARKS = _words(" ".join(_WRITTEN_REMARKS))
"""What may follow a name; with a capital, those in `_NAMES_TOO` are names."""
_NAMES_TOO = frozenset(["EM", "MOI", "HUY", "CA", "HET", "DOI", "HO", "VOI", "LUON", "DI", "NAY", "MUONG", "NGAY"])
_FREQUENT_GIVEN = frozenset({"EM", "MOI", "HUY"})
"""Of these, given names of many."""
_GIVEN_NAMES = frozenset(
    (word, "HUY")
    for word in [
        "GIA",
        "QUANG",
        "NHAT",
        "DUC",
        "QUOC",
        "MINH",
        "NGOC",
        "ANH",
        "XUAN",
        "HOANG",
        "BAO",
        "TUAN",
        "KHAI",
        "PHUC",
    ]
)
_PLACES = frozenset(
    tuple(place.split())
    for place in [
        "VIET NAM",
        "QUANG NAM",
        "QUANG NGAI",
        "QUANG TRI",
        "BINH DINH",
        "DAK LAK",
        "KON TUM",
        "HAI PHONG",
        "SOC TRANG",
        "BAC LIEU",
        "CA MAU",
        "BAC KAN",
    ]
)
"""Places that are rarely two syllables of a longer name, as `Thanh Hoa` and `Thai Nguyen` are."""
_WITH_PLACE = 4
"""Words from which on a name holds a place."""
_NEVER_FIRST_PAIRS = _PLACES | {("DINH", "DANH")}
_FEWEST = 3
"""Words of a name of two with something beside it."""


def holds_other_words(words: Sequence[str], folded: Sequence[str], *, is_last: bool = True) -> bool:
    """Return whether something stands before or after a name, or may well do so; `is_last` when no field follows it.

    >>> [holds_other_words(name.split(), name.upper().split()) for name in (
    ...     "ong Le Van An", "ong le van an", "bao hiem Le Van An", "Le Thi Hoa em", "le thi hoa roi",
    ...     "Le Thi Hoa Kinh")]
    [True, True, True, True, True, True]
    >>> [holds_other_words(name.split(), name.upper().split()) for name in (
    ...     "Ong Van Minh", "Ho Thi Ba", "Nguyen Cho Em", "Ba Huyen", "nguyen van moi", "Le Hoa Em", "Vo Tran Anh Thu")]
    [False, False, False, False, False, False, False]
    """
    if len(words) < _FEWEST or len(words) != len(folded):
        return False
    return (
        _changes_case(words, folded)
        or _begins_before_name(words, folded)
        or _goes_on_behind_name(words, folded, is_last=is_last)
        or any(pair in _PAIRS_NEVER for pair in pairwise(folded))
    )


def _changes_case(words: Sequence[str], folded: Sequence[str]) -> bool:
    """Return whether a word in small letters is beside two with capitals, or says who somebody is."""
    if sum(word[:1].isupper() for word in words) < _FEWEST - 1 or all(word[:1].isupper() for word in words):
        return False
    if words[0].islower() and (folded[0] not in _SMALL_FIRST or (words[1].islower() and not is_middle(words, 1))):
        return True
    if words[-1].islower() and not (is_middle(words, len(words) - 2) and words[-1] not in _ROLES | _REMARKS):
        return True
    return any(word in _ROLES for word in words if word.islower())


def _begins_before_name(words: Sequence[str], folded: Sequence[str]) -> bool:
    """Return whether a family name with more words after it follows words that never begin a name."""
    if folded[0] in _NEVER_FIRST and not words[0].istitle() and words[0].lower() in _ROLES | {"vneid", "thue", "thuế"}:
        return True
    if len(words) >= _WITH_PLACE and tuple(folded[:2]) in _NEVER_FIRST_PAIRS:
        return True
    begins = next((at for at in range(1, len(words) - 1) if words[at].lower() in _FREQUENT_FAMILIES), 0)
    if not begins:
        return False
    is_accented = not "".join(words).isascii()
    is_middle_too = begins == 1 and folded[1] in _ALSO_MIDDLE
    if folded[0] not in FAMILIES:
        return not is_middle_too or folded[1] == "NGUYEN" or words[0].lower() in _ROLES
    if is_middle_too and len(words) == _FEWEST and folded[0] not in {"ONG", "BA"}:
        return False
    if begins == 1 and is_accented and words[0].lower() in {"ma", "chu"}:  # `má` and `chú` have an accent
        return False
    if not all(word.lower() in _ROLES for word in words[:begins]):
        return False
    return not (words[0].istitle() and folded[0] in _FAMILIES_IN_CAPITALS and words[1].istitle())


_ALSO_MIDDLE = frozenset({"HOANG", "DINH", "DANG", "DO", "DUONG", "TRUONG", "LY", "VU", "HO", "NGUYEN"})
"""Family names that are middle names too; right after an unknown first word they prove nothing."""


def _goes_on_behind_name(words: Sequence[str], folded: Sequence[str], *, is_last: bool) -> bool:
    """Return whether the last words are a remark or a place; nobody writes a remark before the next field."""
    last, count = words[-1].lower(), len(words)
    remarks = _REMARKS if "".join(words).isascii() else _WRITTEN_REMARKS
    if not is_middle(words, count - 2) and last in remarks and tuple(folded[-2:]) not in _GIVEN_NAMES:
        is_name = folded[-1] in _NAMES_TOO and (words[-1].istitle() or count == _FEWEST)
        is_name = is_name or (not is_last and folded[-1] in _FREQUENT_GIVEN)
        if not is_name:
            return True
    return tuple(folded[-2:]) in _PLACES and count >= _WITH_PLACE and not is_middle(words, count - 3)
