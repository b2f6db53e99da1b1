"""Files of dossiers that an office hands over: CSV, XLSX or JSON -> facts, and faults told line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from db.dossiers import DossierFacts
from parsers.told import Told
from sms_gateway.dossier_file.cells import CellFault, read_facts
from sms_gateway.dossier_file.headings import Cell, Field, HeadingFault, find_columns, find_fields
from sms_gateway.dossier_file.sentences import named, wrong
from sms_gateway.dossier_file.tables import BrokenFile, Damaged, Sheet, read_table

__all__ = ["FAULTS", "Fault", "Field", "guess_columns", "read_dossier_file", "read_headings"]

FAULTS = 1000
"""Most faults told of one file: whoever has more has chosen the wrong file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Something in a file that was not taken, and how to mend it.

    `line` is the line of a CSV file, the row of a sheet, or the number of an object in JSON, from 1; None when the
    whole file cannot be used. `told` may quote a code, a state or a date of the file, never another column.
    """

    line: int | None
    told: Told

    @property
    def whole(self) -> Told:
        """Return the sentence with its line."""
        return self.told if self.line is None else wrong("line", line=self.line, fault=self.told)

    def __str__(self) -> str:
        return str(self.whole)


def read_headings(path: Path) -> Sequence[str] | None:
    """Return the first row as it stands; None for a file that names no columns (JSON) or cannot be used."""
    try:
        with read_table(path) as sheet:
            return None if sheet.headings is None else [str(cell or "") for cell in sheet.headings]
    except BrokenFile:
        return None


def guess_columns(headings: Sequence[str]) -> Mapping[int, Field]:
    """Return which column, from 0, holds which field, as far as the names tell."""
    found = find_columns(headings)
    return {} if isinstance(found, HeadingFault) else found


def read_dossier_file(
    path: Path, columns: Mapping[int, Field] | None = None
) -> tuple[Sequence[DossierFacts], Sequence[Fault]]:
    """Read a file of dossiers: `.csv` (UTF-8), `.xlsx` (its first sheet) or `.json`; never raises for what is in it.

    The first row names the columns, in Vietnamese or English or by the national portal's field names; columns that
    are not known are left out, so names of citizens are never taken. A wrong row becomes a fault and the rest goes
    on; a file that cannot be used at all is one fault without a line, and no rows. Raises nothing but what the
    interpreter itself cannot help, such as MemoryError.
    """
    try:
        with read_table(path) as sheet:
            rows, faults = _take(sheet, columns)
    except BrokenFile as broken:
        return [], [Fault(line=None, told=broken.told)]
    if not rows and not faults:
        return [], [Fault(line=None, told=wrong("nothing"))]
    return rows, faults


def _take(sheet: Sheet, columns: Mapping[int, Field] | None) -> tuple[Sequence[DossierFacts], Sequence[Fault]]:
    faults: list[Fault] = []
    rows: dict[str, tuple[int, DossierFacts]] = {}
    for line, outcome in _facts_of(sheet, columns):
        if isinstance(outcome, CellFault):
            faults.append(Fault(line=line, told=outcome.told))
        elif outcome.code in rows:
            first = rows[outcome.code][0]
            faults.append(Fault(line=line, told=wrong("twice", line=first)))
        else:
            rows[outcome.code] = (line, outcome)
        if len(faults) > FAULTS:
            raise BrokenFile(wrong("too_many", most=FAULTS, fault=faults[0].whole))
    return [facts for _, facts in rows.values()], faults


def _facts_of(sheet: Sheet, given: Mapping[int, Field] | None) -> Iterator[tuple[int, DossierFacts | CellFault]]:
    columns: Mapping[int, Field] = {}
    if sheet.headings is not None:
        columns = _columns(sheet.headings) if given is None else given
    for line in sheet.lines:
        if isinstance(line, Damaged):
            yield line.number, CellFault(told=line.told)
        elif line.named is None:
            yield line.number, read_facts(_fields(line.cells, columns))
        else:
            yield line.number, read_facts(find_fields(line.named))


def _columns(headings: Sequence[Cell]) -> Mapping[int, Field]:
    columns = find_columns(headings)
    if isinstance(columns, HeadingFault):
        raise BrokenFile(_no_columns(columns))
    return columns


def _no_columns(fault: HeadingFault) -> Told:
    match fault.missing:
        case (name, other):
            return wrong("no_columns", name=named(name), other=named(other))
        case _:
            return wrong("no_column", name=named(fault.missing[0]))


def _fields(cells: Sequence[Cell], columns: Mapping[int, Field]) -> Mapping[Field, Cell]:
    return {field: cells[place] for place, field in columns.items() if place < len(cells)}
