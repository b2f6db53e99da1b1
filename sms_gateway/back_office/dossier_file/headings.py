"""Column names, as offices, spreadsheets and the national portal write them -> the fields of a dossier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from db.citizens.dossiers import canonical
from sms_gateway.back_office.table_file.lines import Cell

HEADING_LETTERS = 200
"""Letters of a column name that are looked at."""


class Field(StrEnum):
    """The fields of a dossier; the value is the English column name."""

    CODE = "code"
    STATUS = "status"
    PROCEDURE = "procedure"
    RECEIVED_ON = "received_on"
    DUE_ON = "due_on"
    WANTED = "wanted"
    FIX = "fix"
    PICK_UP = "pick_up"
    IDENTITY = "identity"
    PASSWORD = "password"  # noqa: S105 - a column's name
    PHONE = "phone"


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadingFault:
    """Why the first row names no usable columns: those that are missing."""

    missing: tuple[Field, ...]


# Letters and digits only, as db.citizens.dossiers.canonical leaves them. Where a file has several names of one field,
# the first filled one counts, in this order: the portal sends both MaHoSo and SoBienNhan, and people are given the
# first.
_NAMES: Mapping[Field, Sequence[str]] = {
    Field.CODE: (
        *("MAHOSO", "MASOHOSO", "MABIENNHAN", "SOBIENNHAN", "SOHOSO", "MAHS", "SOHS", "BIENNHAN"),
        *("CODE", "RECEIPTCODE", "DOSSIERCODE", "RECEIPT", "DOSSIER", "DOSSIERNO", "MA"),
    ),
    Field.STATUS: ("TRANGTHAIHOSO", "TRANGTHAI", "TINHTRANGHOSO", "TINHTRANG", "STATUS", "STATE"),
    Field.PROCEDURE: ("TENTTHC", "TENTHUTUC", "THUTUC", "TRICHYEUHOSO", "TRICHYEU", "PROCEDURE", "SUBJECT"),
    Field.RECEIVED_ON: (
        *("NGAYTIEPNHAN", "NGAYNHAN", "NGAYNHANHOSO", "NGAYNOP"),
        *("RECEIVEDON", "RECEIVED", "RECEIVEDDATE", "DATERECEIVED"),
    ),
    Field.DUE_ON: (
        *("NGAYHENTRAMOI", "NGAYHENTRA", "NGAYHENTRAKETQUA", "HENTRA", "NGAYHEN"),
        *("DUEON", "DUE", "DUEDATE", "DATEDUE"),
    ),
    Field.WANTED: (
        *("NOIDUNGBOSUNG", "GIAYTOCANBOSUNG", "GIAYTOBOSUNG", "GIAYTOTHIEU", "CANBOSUNG", "BOSUNG"),
        *("NGHIAVUTAICHINH", "SOTIENPHAINOP", "SOTIEN", "WANTED", "MISSING", "MISSINGPAPERS", "OWED"),
    ),
    Field.FIX: ("CACHBOSUNG", "CACHNOPBOSUNG", "HUONGDANBOSUNG", "CACHNOP", "FIX", "HOWTOSUPPLY"),
    Field.PICK_UP: (
        *("NOITRAKETQUA", "NOINHANKETQUA", "NOITRA", "DIADIEMTRAKETQUA", "THONGTINTRA"),
        *("PICKUP", "PICKUPAT", "PLACE"),
    ),
    Field.IDENTITY: (
        *("4SOCUOI", "4SOCUOICCCD", "SOCUOICCCD", "SOCCCD", "CCCD", "SOCMND", "CMND", "SODINHDANH", "SOGIAYTO"),
        *("SOCCCDCMND", "CCCDCMND", "IDENTITY", "IDENTITYNUMBER", "IDNUMBER", "LASTFOUR"),
    ),
    Field.PASSWORD: (
        *("MATKHAUTRACUU", "MATRACUU", "MATKHAU", "MTC", "MABAOMAT"),
        *("PASSWORD", "LOOKUPPASSWORD", "LOOKUPSECRET"),
    ),
    Field.PHONE: (
        *("SODIENTHOAI", "SDT", "DIENTHOAI", "DIDONG", "SODIDONG", "SODTDD"),
        *("PHONE", "TELEPHONE", "MOBILE", "PHONENUMBER"),
    ),
}
_FIELDS = {name: (field, rank) for field, names in _NAMES.items() for rank, name in enumerate(names)}
_NEEDED = (Field.CODE, Field.STATUS)


def find_columns(headings: Sequence[Cell]) -> Mapping[int, Field] | HeadingFault:
    """Return which column, from 0, holds which field; a fault when the code or the state has none."""
    columns = known_columns(headings)
    missing = tuple(field for field in _NEEDED if field not in columns.values())
    return HeadingFault(missing=missing) if missing else columns


def names_columns(cells: Sequence[Cell]) -> bool:
    """Return whether a row names code and state."""
    return not isinstance(find_columns(cells), HeadingFault)


def known_columns(headings: Sequence[Cell]) -> Mapping[int, Field]:
    """Return which column, from 0, holds which field, as far as the names tell."""
    found = ((place, _known(heading)) for place, heading in enumerate(headings))
    return {place: known[0] for place, known in found if known is not None}


def without_phones(columns: Mapping[int, Field]) -> Mapping[int, Field]:
    """Return the columns without those of telephones: they are not read unless their owners agreed to notices."""
    return {place: one for place, one in columns.items() if one is not Field.PHONE}


def in_order(columns: Mapping[int, Field], headings: Sequence[Cell]) -> Mapping[Field, Sequence[int]]:
    """Return the columns of each field, the one that counts first in front: by name as far as known, else by place."""
    ordered: dict[Field, list[int]] = {}
    for place in sorted(columns, key=lambda place: (_rank(headings, place, columns[place]), place)):
        ordered.setdefault(columns[place], []).append(place)
    return ordered


def _rank(headings: Sequence[Cell], place: int, field: Field) -> int:
    known = _known(headings[place]) if place < len(headings) else None
    return known[1] if known is not None and known[0] is field else len(_FIELDS)


def _known(heading: Cell) -> tuple[Field, int] | None:
    """Return the field that a column name stands for, with or without what is added in brackets, and its rank."""
    if not isinstance(heading, str):
        return None
    name = heading[:HEADING_LETTERS]
    return _FIELDS.get(canonical(name)) or _FIELDS.get(canonical(name.partition("(")[0]))
