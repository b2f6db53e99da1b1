"""The columns of an office's file: their names as placeholders, and those that look like personal data or money."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from parsers.text.folding import fold

SAMPLED = 2000
"""Lines of a file whose cells are looked at, from its first to its last: enough to know what a column holds."""

_NOT_A_NAME = re.compile(r"[^A-Z0-9]+")


class Looks(StrEnum):
    """What a column looks like."""

    NAME = "name"
    PHONE = "phone"
    ID_NUMBER = "id_number"
    MONEY = "money"
    OTHER_PERSONAL = "other_personal"


_HEADINGS: Mapping[Looks, re.Pattern[str]] = {
    Looks.PHONE: re.compile(r"(?:^|_)(?:sdt|dien_thoai|dt|phone|mobile|di_dong|tel)(?:_|$)"),
    Looks.ID_NUMBER: re.compile(
        r"(?:^|_)(?:cccd|cmnd|cmt|dinh_danh|can_cuoc|identity|id_number|passport|ho_chieu)(?:_|$)"
    ),
    Looks.MONEY: re.compile(
        r"(?:^|_)(?:tien|so_tien|phi|le_phi|vien_phi|hoc_phi|no|cong_no|thanh_toan|luong|thue|tro_cap|so_du|amount|fee"
        r"|balance|debt|salary|money)(?:_|$)"
    ),
    Looks.NAME: re.compile(
        r"^(?:ten|ho_ten|name|full_name)$|(?:^|_)(?:ho_(?:va_)?ten|chu_ho|nguoi|khach_hang_ten|ten_khach_hang|ten_kh"
        r"|hoc_sinh|thi_sinh|benh_nhan)(?:_|$)"
    ),
    Looks.OTHER_PERSONAL: re.compile(
        r"(?:^|_)(?:ngay_sinh|nam_sinh|sinh_nhat|birth|birthday|email|mail|dia_chi_nha|dia_chi_kh|benh|diem|diem_thi"
        r"|ket_qua_thi)(?:_|$)"
    ),
}
_CELLS: Mapping[Looks, re.Pattern[str]] = {
    Looks.PHONE: re.compile(r"\+?(?:84|0)[\s.-]?[35789](?:[\s.-]?[0-9]){8}"),
    Looks.ID_NUMBER: re.compile(r"0[0-9]{2}[0-3][0-9]{8}"),
    Looks.MONEY: re.compile(
        r"[0-9]{1,3}(?:[.,][0-9]{3})+(?:\s*(?:d|đ|dong|đồng|vnd|₫))?|[0-9]+\s*(?:đ|dong|đồng|vnd|₫)", re.IGNORECASE
    ),
    Looks.NAME: re.compile(
        r"(?:NGUYEN|TRAN|LE|PHAM|HUYNH|HOANG|PHAN|VU|VO|DANG|BUI|DO|HO|NGO|DUONG|LY)(?:\s+[A-Z]+){1,4}"
    ),
}


def slug(heading: str) -> str:
    """Return the name of a column as a placeholder.

    >>> slug("Lộ trình "), slug("Mã KH (in trên hoá đơn)")
    ('lo_trinh', 'ma_kh_in_tren_hoa_don')
    """
    name = _NOT_A_NAME.sub("_", fold(heading)).strip("_").lower()[:40]
    return f"c{name}" if name[:1].isdecimal() else name  # a number would be a place, and no name


def looks_like(column: str, cells: Iterable[str]) -> Looks | None:
    """Return what personal data or money a column looks like, by its name or by half of its cells; None: neither.

    >>> looks_like("so_tien", []), looks_like("cot_3", ["Nguyễn Văn A", "Trần B"]), looks_like("lo_trinh", ["Cảng"])
    (<Looks.MONEY: 'money'>, <Looks.NAME: 'name'>, None)
    """
    for kind, heading in _HEADINGS.items():
        if heading.search(column):
            return kind
    filled = [cell.strip() for cell in cells if cell.strip()]
    for kind, pattern in _CELLS.items():
        shown = [fold(cell) for cell in filled] if kind is Looks.NAME else filled
        if filled and 2 * sum(pattern.fullmatch(cell) is not None for cell in shown) >= len(filled):
            return kind
    return None


def phone_in(kinds: Mapping[str, Looks], cells: Mapping[str, str]) -> str | None:
    """Return the telephone number of a row as it is stored, by which its person is found."""
    for digits in _numbers(Looks.PHONE, kinds, cells):
        national = digits.removeprefix("84") if len(digits) > _NATIONAL else digits.removeprefix("0")
        if len(national) in _LENGTHS:
            return f"84{national}"
    return None


def id_number_in(kinds: Mapping[str, Looks], cells: Mapping[str, str]) -> str | None:
    """Return the identity number of a row, by which its person is found."""
    return next((digits for digits in _numbers(Looks.ID_NUMBER, kinds, cells) if len(digits) in {9, 12}), None)


_NATIONAL = 10
_LENGTHS = (9, 10)


def _numbers(kind: Looks, kinds: Mapping[str, Looks], cells: Mapping[str, str]) -> Sequence[str]:
    columns = [column for column, looks in kinds.items() if looks is kind]
    return ["".join(sign for sign in cells[column] if sign.isdecimal()) for column in columns]
