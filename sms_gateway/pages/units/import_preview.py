"""The preview of a file about units: made when it is uploaded, and kept beside the file until the import."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from db.units.calendars import list_calendars
from db.units.units import list_units
from parsers.localised_message import message_from_plain, message_to_plain
from sms_gateway.back_office.unit_file.columns import Field, Kind
from sms_gateway.back_office.unit_file.contacts import ContactFacts, WardFacts, read_contacts, read_wards
from sms_gateway.back_office.unit_file.importing import (
    Counts,
    NewId,
    import_contacts,
    import_rules,
    import_units,
    import_wards,
)
from sms_gateway.back_office.unit_file.reading import Fault, Reading
from sms_gateway.back_office.unit_file.rules import RuleFacts, read_rules
from sms_gateway.back_office.unit_file.units import UnitFacts, read_units
from sms_gateway.web.dependencies import dependencies

SHOWN_ROWS = 20

SHOWN: Mapping[Kind, Sequence[Field]] = {
    Kind.UNITS: (Field.CODE, Field.NAME, Field.SMS_NAME, Field.PARENT, Field.CALENDAR),
    Kind.CONTACTS: (Field.UNIT, Field.PLACE, Field.NAME, Field.PHONE),
    Kind.WARDS: (Field.NAME, Field.UNIT, Field.UNTIL),
    Kind.RULES: (Field.ANY_OF, Field.ALL_OF, Field.AREA, Field.TOPIC, Field.UNIT),
}
"""The columns of the preview. Each has the name of its fact."""

Facts = UnitFacts | ContactFacts | WardFacts | RuleFacts


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What a file holds, and what its import does."""

    reading: Reading[UnitFacts] | Reading[ContactFacts] | Reading[WardFacts] | Reading[RuleFacts]
    carry_out: Callable[[Connection, NewId], Counts]


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What an import of a file would do, or did."""

    kind: Kind
    counts: Counts = field(default_factory=Counts)
    faults: Sequence[Fault] = ()
    rows: int = 0
    shown: Sequence[Sequence[str]] = ()
    is_done: bool = False

    @property
    def faulty_lines(self) -> int:
        """Return how many lines cannot be imported."""
        return len({fault.line for fault in self.faults if fault.line is not None})

    @property
    def good(self) -> int:
        """Return how many lines can be imported: none where something is wrong with the whole file."""
        return 0 if any(fault.line is None for fault in self.faults) else self.rows


def read_file(connection: Connection, kind: Kind, name: str, octets: bytes) -> Found:
    """Read a file, compared with the rows that there are."""
    units = list_units(connection)
    codes = {one.code for one in units}
    with TemporaryDirectory(prefix="units-") as directory:
        path = Path(directory) / f"upload{PurePath(name).suffix.lower()}"
        path.write_bytes(octets)
        if kind is Kind.UNITS:
            of_units = read_units(path, units, [one.name for one in list_calendars(connection)])
            return Found(reading=of_units, carry_out=lambda writer, new_id: import_units(writer, of_units.rows, new_id))
        if kind is Kind.CONTACTS:
            people = read_contacts(path, codes)
            return Found(reading=people, carry_out=lambda writer, new_id: import_contacts(writer, people.rows, new_id))
        if kind is Kind.WARDS:
            wards = read_wards(path, codes)
            return Found(reading=wards, carry_out=lambda writer, new_id: import_wards(writer, wards.rows, new_id))
        rules = read_rules(path, codes)
        return Found(reading=rules, carry_out=lambda writer, new_id: import_rules(writer, rules.rows, new_id))


def preview_of(connection: Connection, kind: Kind, found: Found) -> Preview:
    """Return what an import would do. It is carried out and rolled back, so that it does what is shown."""
    rows: Sequence[Facts] = found.reading.rows
    made = Preview(kind=kind, faults=found.reading.faults, rows=len(rows), shown=_shown(kind, rows[:SHOWN_ROWS]))
    if not made.good:
        return made
    with connection.begin_nested() as nested:
        counts = found.carry_out(connection, dependencies().new_id)
        nested.rollback()
    return with_counts(made, counts)


def with_counts(preview: Preview, counts: Counts, *, is_done: bool = False) -> Preview:
    """Return a preview with the counts of its import."""
    return Preview(
        kind=preview.kind,
        counts=counts,
        faults=preview.faults,
        rows=preview.rows,
        shown=preview.shown,
        is_done=is_done,
    )


def write(preview: Preview) -> str:
    """Return a preview in the form that `load` reads."""
    plain = {
        "about": preview.kind.value,
        "counts": asdict(preview.counts),
        "faults": [[fault.line, message_to_plain(fault.message)] for fault in preview.faults],
        "rows": preview.rows,
        "shown": preview.shown,
        "is_done": preview.is_done,
    }
    return json.dumps(plain, ensure_ascii=False)


def load(written: str) -> Preview | None:
    """Return the preview that was written; None for that of another kind of file."""
    kept = json.loads(written)
    if "about" not in kept:
        return None
    return Preview(
        kind=Kind(kept["about"]),
        counts=Counts(**kept["counts"]),
        faults=[Fault(line=line, message=message_from_plain(message)) for line, message in kept["faults"]],
        rows=kept["rows"],
        shown=kept["shown"],
        is_done=kept["is_done"],
    )


def _shown(kind: Kind, rows: Sequence[Facts]) -> Sequence[Sequence[str]]:
    return [[_cell(one, getattr(row, one.value)) for one in SHOWN[kind]] for row in rows]


def _cell(column: Field, value: object) -> str:
    if column is Field.PHONE and isinstance(value, str):
        return dependencies().addresses.mask(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one).lower() for one in value)
    return "" if value is None else str(value)
