"""Files of dossiers that an office hands over: CSV, XLSX or JSON -> facts, and faults told line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from db.citizens.dossiers import DossierFacts, canonical
from parsers.localised_message import LocalisedMessage
from sms_gateway.back_office.dossier_file.cells import CellFault, contacts_in, read_facts
from sms_gateway.back_office.dossier_file.fault_messages import named, wrong
from sms_gateway.back_office.dossier_file.headings import Field, in_order, known_columns, names_columns
from sms_gateway.back_office.dossier_file.shared_fields import SharedFields
from sms_gateway.back_office.dossier_file.telephones import Telephones
from sms_gateway.back_office.table_file.bounds import Meter
from sms_gateway.back_office.table_file.lines import BrokenFile, Cell, Damaged, Line, Sheet
from sms_gateway.back_office.table_file.tables import read_table

__all__ = ["FAULTS", "Fault", "Field", "Reading", "Row", "contacts_in", "read_dossier_file", "wrong_phone"]

FAULTS = 1000
"""Most faults told of one file: anyone who has more has chosen the wrong file."""

HEADING_SHOWN = 60
"""Letters of a column name that the page shows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Something in a file that was not taken, and how to fix it.

    `line` is the line of a CSV file, the row of a sheet, or the number of an object in JSON, from 1; None when the
    whole file cannot be used. `message` may quote a code, a state, a date, or a link or telephone number in a text that
    citizens are told; never a name or a secret.
    """

    line: int | None
    message: LocalisedMessage

    @property
    def whole(self) -> LocalisedMessage:
        """Return the sentence with its line."""
        return self.message if self.line is None else wrong("line", line=self.line, fault=self.message)

    def __str__(self) -> str:
        return str(self.whole)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One dossier of a file."""

    line: int
    facts: DossierFacts
    contacts: Sequence[LocalisedMessage] = ()
    """What phones would show as a link or a telephone number; somebody must say that citizens may get it."""

    @property
    def contact_faults(self) -> Sequence[Fault]:
        """Return the contacts as faults, for when nobody says so."""
        return [Fault(line=self.line, message=contact) for contact in self.contacts]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A file as it was read."""

    headings: Sequence[str] | None = None
    """The column names; None for a file that has none (JSON) or cannot be used."""
    columns: Mapping[int, Field] = field(default_factory=dict)
    """Which column, from 0, holds which field."""
    rows: Sequence[Row] = ()
    faults: Sequence[Fault] = ()
    ignored: Sequence[LocalisedMessage] = ()
    """Where two columns of one field were both filled: which was used, and which was ignored."""
    wrong_phones: Sequence[Fault] = ()
    """Telephones that were not taken; their dossiers were."""
    has_unread_phones: bool = False
    """The file has a column of telephones, and it was not read: nobody stated that their owners agreed."""
    octets: int = 0
    """Read to the end or to a bound, unpacked."""
    cells: int = 0
    """Read to the end or to a bound: of a workbook rows, cells and shared texts."""


def read_dossier_file(
    path: Path,
    columns: Mapping[int, Field] | None = None,
    *,
    allowed: Collection[str] = (),
    with_phones: bool = False,
) -> Reading:
    """Read a file of dossiers: `.csv`, `.xlsx` (its first visible sheet) or `.json`; never raises for its content.

    One of the first rows names the columns, in Vietnamese or English or by the national portal's field names. Unknown
    columns are left out, so names of citizens are never read. With `columns` the caller says which column holds what.
    `allowed` are the telephone numbers that texts may hold. A column of telephones is read
    only `with_phones`: when somebody states that their owners agreed to notices. A wrong row becomes a fault, and the
    others are read. A file that cannot be used at all is one fault without a line, and no rows. Raises only what the
    interpreter itself raises, such as MemoryError.
    """
    meter = Meter()
    headings: Sequence[str] | None = None
    chosen: Mapping[int, Field] = {}
    rows: Sequence[Row] = ()
    faults: Sequence[Fault]
    shared, phones = SharedFields(), Telephones(are_read=with_phones)
    try:
        with read_table(path, meter, names_columns) as sheet:
            if sheet.headings is not None:
                headings = [_heading(cell) for cell in sheet.headings]
                chosen = known_columns(sheet.headings) if columns is None else columns
                phones.look_at_names(sheet.headings)
            chosen = phones.columns_to_read(chosen)
            rows, faults = _take(sheet, chosen, allowed, shared, phones)
            if not rows and not faults:
                faults = [Fault(line=None, message=wrong("nothing"))]
    except BrokenFile as broken:
        faults = [Fault(line=None, message=broken.message)]
    return Reading(
        headings=headings,
        columns=chosen,
        rows=rows,
        faults=faults,
        ignored=shared.notes(),
        wrong_phones=[wrong_phone(line) for line in phones.wrong_lines],
        has_unread_phones=phones.has_unread,
        octets=meter.octets,
        cells=meter.cells,
    )


def wrong_phone(line: int) -> Fault:
    """Return what is said of a telephone that is not taken."""
    return Fault(line=line, message=wrong("phone.none"))


def _heading(cell: Cell) -> str:
    return " ".join(cell.split())[:HEADING_SHOWN] if isinstance(cell, str) else ""


def _names(headings: Sequence[Cell]) -> Sequence[str]:
    """Return the column names, told apart: one that is blank, or stands there twice, with its number from 1."""
    shown = [_heading(cell) for cell in headings]
    often = Counter(shown)
    return [name if name and often[name] == 1 else f"{name} ({place})".lstrip() for place, name in enumerate(shown, 1)]


def _take(
    sheet: Sheet,
    columns: Mapping[int, Field],
    allowed: Collection[str],
    shared: SharedFields,
    phones: Telephones,
) -> tuple[Sequence[Row], Sequence[Fault]]:
    faults: list[Fault] = [*_hidden_columns(sheet, columns)]
    rows: dict[str, Row] = {}
    for line, outcome in _facts_of(sheet, columns, shared, phones):
        if isinstance(outcome, CellFault):
            faults.append(Fault(line=line, message=outcome.message))
        elif (first := rows.get(canonical(outcome.code))) is not None:
            faults.append(Fault(line=line, message=_twice(first, outcome)))
        else:
            rows[canonical(outcome.code)] = Row(line=line, facts=outcome, contacts=contacts_in(outcome, allowed))
        if len(faults) > FAULTS:
            raise BrokenFile(wrong("too_many", most=FAULTS, fault=faults[0].whole))
    return list(rows.values()), faults


def _twice(first: Row, second: DossierFacts) -> LocalisedMessage:
    if first.facts.code == second.code:
        return wrong("twice", line=first.line)
    return wrong("twice.spelled", line=first.line, text=first.facts.code)


def _hidden_columns(sheet: Sheet, columns: Mapping[int, Field]) -> Iterator[Fault]:
    for place in sorted(sheet.hidden_columns & columns.keys()):
        yield Fault(line=sheet.heading_line, message=wrong("hidden_column", field=named(columns[place])))


def _facts_of(
    sheet: Sheet, columns: Mapping[int, Field], shared: SharedFields, phones: Telephones
) -> Iterator[tuple[int, DossierFacts | CellFault]]:
    ordered: Mapping[Field, Sequence[int]] = {}
    if sheet.headings is not None:
        seen = {place: one for place, one in columns.items() if place not in sheet.hidden_columns}
        _demand(seen)
        ordered = in_order(seen, sheet.headings)
    names = _names(sheet.headings or ())
    for line in sheet.lines:
        if isinstance(line, Damaged):
            yield line.number, CellFault(message=line.message)
        elif line.hidden:
            yield line.number, CellFault(message=wrong("hidden_row"))
        else:
            yield line.number, _facts(line, ordered, names, shared, phones, epoch=sheet.epoch)


def _facts(
    line: Line,
    ordered: Mapping[Field, Sequence[int]],
    names: Sequence[str],
    shared: SharedFields,
    phones: Telephones,
    *,
    epoch: date,
) -> DossierFacts | CellFault:
    cells = line.cells
    if line.named is not None:
        names, cells = [name for name, _ in line.named], [cell for _, cell in line.named]
        phones.look_at_names(names)
        ordered = in_order(phones.columns_to_read(known_columns(names)), names)
    places = {one: [place for place in found if place < len(cells)] for one, found in ordered.items()}
    by_field = {one: [cells[place] for place in found] for one, found in places.items()}
    facts = read_facts(by_field, epoch)
    if isinstance(facts, DossierFacts):
        shared.look(line.number, by_field, {one: [names[place] for place in found] for one, found in places.items()})
        phones.look(line.number, by_field, facts)
    return facts


def _demand(columns: Mapping[int, Field]) -> None:
    """Raise BrokenFile when no column holds the code or the state."""
    missing = [one for one in (Field.CODE, Field.STATUS) if one not in columns.values()]
    match missing:
        case [one, other]:
            raise BrokenFile(wrong("no_columns", name=named(one), other=named(other)))
        case [one]:
            raise BrokenFile(wrong("no_column", name=named(one)))
        case _:
            pass
