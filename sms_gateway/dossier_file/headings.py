"""Column names, as offices, spreadsheets and the national portal write them -> the fields of a dossier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from db.dossiers import canonical

Cell = str | int | float | bool | date | datetime | None
"""What a cell can hold, in any kind of file."""


class Field(StrEnum):
    """The fields of a dossier; the value is the English column name."""

    CODE = "code"
    STATUS = "status"
    PROCEDURE = "procedure"
    RECEIVED_ON = "received_on"
    DUE_ON = "due_on"
    WANTED = "wanted"
    PICK_UP = "pick_up"
    IDENTITY = "identity"
    PASSWORD = "password"  # noqa: S105 - a column's name


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadingFault:
    """Why the first row names no usable columns."""

    text: str


# Letters and digits only, as db.dossiers.canonical leaves them. Where a file has several names of one field, the one
# that stands first here is taken: the portal sends both MaHoSo and SoBienNhan, and people are given the first.
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
}
_FIELDS = {name: (field, rank) for field, names in _NAMES.items() for rank, name in enumerate(names)}
_NEEDED = (Field.CODE, Field.STATUS)


def find_columns(headings: Sequence[Cell]) -> Mapping[int, Field] | HeadingFault:
    """Return which column, from 0, holds which field; a fault when the code or the state has none."""
    columns = _known(headings)
    missing = [field.value for field in _NEEDED if field not in columns.values()]
    if missing:
        return HeadingFault(
            text=f"no column named {' or '.join(missing)}: the first row must name the columns, "
            "for instance: code, status, received_on, due_on, wanted, pick_up (or MaHoSo, TrangThaiHoSo, ...)"
        )
    return columns


def find_fields(named: Mapping[str, Cell]) -> Mapping[Field, Cell]:
    """Return the fields of one JSON object under any of their names; the code is always among them."""
    cells = list(named.values())
    return {Field.CODE: None} | {field: cells[place] for place, field in _known(list(named)).items()}


def _known(headings: Sequence[Cell]) -> Mapping[int, Field]:
    best: dict[Field, tuple[int, int]] = {}
    for place, heading in enumerate(headings):
        known = _FIELDS.get(canonical(str(heading or "")))
        if known is not None:
            field, rank = known
            best[field] = min(best.get(field, (rank, place)), (rank, place))
    return {place: field for field, (_, place) in best.items()}
