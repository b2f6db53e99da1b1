"""The four kinds of files about units, and the columns of each, by the names that offices write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from db.citizens.dossiers import canonical
from sms_gateway.back_office.table_file.lines import Cell

HEADING_LETTERS = 200
"""Letters of a column name that are looked at."""


class Kind(StrEnum):
    """What a file is about."""

    UNITS = "units"
    CONTACTS = "contacts"
    WARDS = "wards"
    RULES = "rules"


class Field(StrEnum):
    """What a column can hold; the value is its English name."""

    CODE = "code"
    NAME = "name"
    SMS_NAME = "sms_name"
    PARENT = "parent"
    CALENDAR = "calendar"
    PHONE = "phone"
    ADDRESS = "address"
    FOCAL = "focal"
    DUTY = "duty"
    CAPACITY = "capacity"
    ALIASES = "aliases"
    UNIT = "unit"
    PLACE = "place"
    POSITION = "position"
    DUTY_FROM = "duty_from"
    DUTY_TO = "duty_to"
    UNTIL = "until"
    KIND = "kind"
    ANY_OF = "any_of"
    ALL_OF = "all_of"
    AREA = "area"
    TOPIC = "topic"
    PRIORITY = "priority"


_UNIT = ("MADONVI", "DONVI", "UNIT", "UNITCODE")
_PHONE = ("DIENTHOAI", "SODIENTHOAI", "SDT", "PHONE", "TELEPHONE")

# Letters and digits only, as db.citizens.dossiers.canonical leaves them.
_NAMES: Mapping[Kind, Mapping[Field, Sequence[str]]] = {
    Kind.UNITS: {
        Field.CODE: ("MADONVI", "MADINHDANH", "MA", "CODE", "UNITCODE"),
        Field.NAME: ("TENDONVI", "TEN", "NAME", "UNITNAME"),
        Field.SMS_NAME: ("TENTINNHAN", "TENSMS", "TENNGAN", "SMSNAME"),
        Field.PARENT: ("DONVICAPTREN", "CAPTREN", "TRUCTHUOC", "PARENT", "PARENTCODE"),
        Field.CALENDAR: ("LICHLAMVIEC", "LICH", "CALENDAR"),
        Field.PHONE: _PHONE,
        Field.ADDRESS: ("DIACHI", "ADDRESS"),
        Field.FOCAL: ("DAUMOI", "FOCAL"),
        Field.DUTY: ("TRUC", "DUTY"),
        Field.CAPACITY: ("SOVIECMOICANBO", "NANGLUC", "CAPACITY"),
        Field.ALIASES: ("TENKHAC", "ALIASES", "OTHERNAMES"),
    },
    Kind.CONTACTS: {
        Field.UNIT: _UNIT,
        Field.PLACE: ("CHUCVU", "VITRI", "PLACE", "POST"),
        Field.NAME: ("HOTEN", "HOVATEN", "TEN", "NAME", "FULLNAME"),
        Field.PHONE: _PHONE,
        Field.POSITION: ("THUTU", "STT", "POSITION", "ORDER"),
        Field.DUTY_FROM: ("TRUCTU", "DUTYFROM"),
        Field.DUTY_TO: ("TRUCDEN", "DUTYTO"),
    },
    Kind.WARDS: {
        Field.NAME: ("TENPHUONGXA", "PHUONGXA", "TEN", "NAME", "WARD"),
        Field.UNIT: _UNIT,
        Field.UNTIL: ("DENNGAY", "DENHETNGAY", "UNTIL"),
    },
    Kind.RULES: {
        Field.KIND: ("LOAI", "KIND"),
        Field.ANY_OF: ("MOTTRONG", "COMOTTRONG", "TUKHOA", "ANYOF", "WORDS"),
        Field.ALL_OF: ("TATCA", "COTATCA", "ALLOF"),
        Field.AREA: ("PHUONGXA", "KHUVUC", "AREA", "WARD"),
        Field.TOPIC: ("CHUDE", "TOPIC"),
        Field.UNIT: _UNIT,
        Field.PRIORITY: ("UUTIEN", "MUCUUTIEN", "PRIORITY"),
    },
}
NEEDED: Mapping[Kind, Sequence[Field]] = {
    Kind.UNITS: (Field.CODE, Field.NAME, Field.CALENDAR),
    Kind.CONTACTS: (Field.UNIT, Field.NAME, Field.PHONE),
    Kind.WARDS: (Field.NAME, Field.UNIT),
    Kind.RULES: (Field.ANY_OF, Field.UNIT),
}
"""The columns that a file must have; a cell in them may still be blank where its kind says so."""


def find_columns(kind: Kind, cells: Sequence[Cell]) -> Mapping[int, Field]:
    """Return which column, from 0, holds which field; of two with one field the first counts."""
    known = {name: field for field, names in _NAMES[kind].items() for name in names}
    found: dict[Field, int] = {}
    for place, cell in enumerate(cells):
        if isinstance(cell, str):
            name = cell[:HEADING_LETTERS]
            field = known.get(canonical(name)) or known.get(canonical(name.partition("(")[0]))
            if field is not None:
                found.setdefault(field, place)
    return {place: field for field, place in found.items()}


def missing_columns(kind: Kind, cells: Sequence[Cell]) -> Sequence[Field]:
    """Return the columns that a row of names lacks."""
    found = find_columns(kind, cells).values()
    return [field for field in NEEDED[kind] if field not in found]
