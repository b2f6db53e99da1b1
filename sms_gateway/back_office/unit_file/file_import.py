"""A file of any kind about units: what an import of it would do, and the import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from sqlalchemy import Connection

from db.units.calendars import list_calendars
from db.units.unit_rows import list_aliases, list_units
from sms_gateway.back_office.unit_file.columns import Kind
from sms_gateway.back_office.unit_file.contacts import read_contacts, read_wards
from sms_gateway.back_office.unit_file.importing import (
    Counts,
    NewId,
    import_contacts,
    import_rules,
    import_units,
    import_wards,
)
from sms_gateway.back_office.unit_file.reading import Fault
from sms_gateway.back_office.unit_file.rules import read_rules
from sms_gateway.back_office.unit_file.units import read_units


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What an import did, or would do, and what it leaves out."""

    counts: Counts
    faults: Sequence[Fault]


def preview_file(connection: Connection, kind: Kind, path: Path, new_id: NewId) -> Imported:
    """Return what an import of a file would do, as its lines stand now; nothing stays written."""
    with connection.begin_nested() as savepoint:
        found = import_file(connection, kind, path, new_id)
        savepoint.rollback()
    return found


def import_file(connection: Connection, kind: Kind, path: Path, new_id: NewId) -> Imported:
    """Write what a file says; lines with a fault are left out, and a file with a fault of its own as a whole.

    A file of rules is taken only without any fault: it is the whole list, so a line that is left out would be a rule
    that ends. Safe to repeat. Never raises for the file's content.
    """
    units = list_units(connection)
    codes = {unit.code for unit in units}
    match kind:
        case Kind.UNITS:
            calendars = [calendar.name for calendar in list_calendars(connection)]
            found = read_units(path, units, calendars, list_aliases(connection))
            return _imported(found.faults, lambda: import_units(connection, found.rows, new_id))
        case Kind.CONTACTS:
            contacts = read_contacts(path, codes)
            return _imported(contacts.faults, lambda: import_contacts(connection, contacts.rows, new_id))
        case Kind.WARDS:
            wards = read_wards(path, codes)
            return _imported(wards.faults, lambda: import_wards(connection, wards.rows, new_id))
        case Kind.RULES:
            rules = read_rules(path, codes)
            return _imported(rules.faults, lambda: import_rules(connection, rules.rows, new_id), whole=True)
        case _:
            assert_never(kind)


def _imported(faults: Sequence[Fault], write: Callable[[], Counts], *, whole: bool = False) -> Imported:
    stays = bool(faults) if whole else any(fault.line is None for fault in faults)
    return Imported(counts=Counts() if stays else write(), faults=faults)
