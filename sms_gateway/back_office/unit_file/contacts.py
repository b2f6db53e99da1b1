"""Files of contacts and of wards, checked against the units of the service."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from db.store.address import Msisdn
from db.units import contacts
from db.units.unit_rows import CODE_LETTERS, NAME_LETTERS
from handlers.conversation.routing.directory import bare_ward
from sms_gateway.back_office.unit_file.cells import Cells, RowFault
from sms_gateway.back_office.unit_file.columns import Field, Kind
from sms_gateway.back_office.unit_file.fault_messages import named, wrong
from sms_gateway.back_office.unit_file.reading import Fault, Reading, read_rows

MOST_POSITION = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactFacts:
    """What a file says of a contact."""

    line: int
    unit: str
    """The code of its unit."""
    place: str | None
    name: str = field(repr=False)
    phone: Msisdn = field(repr=False)
    position: int | None = None
    """None: after the others of the unit, in the order of the file."""
    duty_from: int | None = None
    duty_to: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WardFacts:
    """What a file says of a ward, or of the old name of one."""

    line: int
    name: str
    folded: str
    unit: str
    until: date | None = None


Facts = TypeVar("Facts", ContactFacts, WardFacts)


def read_contacts(path: Path, units: Collection[str]) -> Reading[ContactFacts]:
    """Read a file of contacts; `units` are the codes that the service has. Never raises for its content."""
    read = read_rows(path, Kind.CONTACTS, lambda cells: _contact(cells, units))
    return _once(read, lambda row: (row.unit, row.phone), "contact.twice")


def read_wards(path: Path, units: Collection[str]) -> Reading[WardFacts]:
    """Read a file of wards; `units` are the codes that the service has. Never raises for its content."""
    read = read_rows(path, Kind.WARDS, lambda cells: _ward(cells, units))
    return _once(read, lambda row: (row.folded, row.until, row.unit), "ward.twice")


def unit_of(cells: Cells, units: Collection[str]) -> str:
    """Return the code of a unit that the service has; raises RowFault."""
    code = (cells.text(Field.UNIT, CODE_LETTERS) or "").upper()
    if not code:
        raise RowFault(wrong("unit.empty", field=named(Field.UNIT)))
    if code not in units:
        raise RowFault(wrong("unit.none", field=named(Field.UNIT), code=code))
    return code


def _contact(cells: Cells, units: Collection[str]) -> ContactFacts:
    duty_from, duty_to = cells.hour(Field.DUTY_FROM), cells.hour(Field.DUTY_TO)
    if (duty_from is None) != (duty_to is None):
        empty = Field.DUTY_FROM if duty_from is None else Field.DUTY_TO
        raise RowFault(wrong("hour.half", field=named(empty)))
    return ContactFacts(
        line=cells.line,
        unit=unit_of(cells, units),
        place=cells.text(Field.PLACE, contacts.PLACE_LETTERS),
        name=cells.needed(Field.NAME, contacts.NAME_LETTERS),
        phone=cells.phone(Field.PHONE),
        position=cells.number(Field.POSITION, 0, MOST_POSITION),
        duty_from=duty_from,
        duty_to=duty_to,
    )


def _ward(cells: Cells, units: Collection[str]) -> WardFacts:
    name = cells.needed(Field.NAME, NAME_LETTERS)
    folded = bare_ward(name)
    if not folded:
        raise RowFault(wrong("missing", field=named(Field.NAME)))
    return WardFacts(
        line=cells.line, name=name, folded=folded, unit=unit_of(cells, units), until=cells.day(Field.UNTIL)
    )


def _once(read: Reading[Facts], key_of: Callable[[Facts], Hashable], key: str) -> Reading[Facts]:
    """Refuse what stands in the file already."""
    kept: dict[Hashable, Facts] = {}
    again: list[Fault] = [
        Fault(line=row.line, message=wrong(key, line=first.line))
        for row in read.rows
        if (first := kept.setdefault(key_of(row), row)) is not row
    ]
    faults = sorted((*read.faults, *again), key=lambda fault: fault.line or 0)
    return Reading(rows=list(kept.values()), faults=faults)
