"""A file about units -> the facts of its lines, and faults told line by line; the lines without a fault go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from parsers.localised_message import LocalisedMessage
from sms_gateway.back_office.table_file import fault_messages as of_tables
from sms_gateway.back_office.table_file.bounds import Meter
from sms_gateway.back_office.table_file.lines import BrokenFile, Cell, Damaged, Line, Sheet
from sms_gateway.back_office.table_file.tables import read_table
from sms_gateway.back_office.unit_file.cells import Cells, RowFault
from sms_gateway.back_office.unit_file.columns import NEEDED, Field, Kind, find_columns, missing_columns
from sms_gateway.back_office.unit_file.fault_messages import named, wrong

FAULTS = 1000
"""Most faults told of one file: anyone who has more has chosen the wrong file."""

Facts = TypeVar("Facts")


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """Something in a file that was not taken, and how to fix it. `line` is None when it is not about one line."""

    line: int | None
    message: LocalisedMessage

    @property
    def whole(self) -> LocalisedMessage:
        """Return the sentence with its line."""
        return self.message if self.line is None else wrong("line", line=self.line, fault=self.message)

    def __str__(self) -> str:
        return str(self.whole)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading(Generic[Facts]):
    """A file as it was read."""

    rows: Sequence[Facts] = ()
    faults: Sequence[Fault] = ()


def read_rows(path: Path, kind: Kind, read_row: Callable[[Cells], Facts]) -> Reading[Facts]:
    """Read a file: `.csv`, `.xlsx` (its first visible sheet) or `.json`; never raises for its content.

    `read_row` raises RowFault for a line that cannot be taken. A file that cannot be used at all is one fault without
    a line, and no rows.
    """
    try:
        with read_table(path, Meter(), lambda cells: not missing_columns(kind, cells)) as sheet:
            found = _take(sheet, kind, read_row)
    except BrokenFile as broken:
        return Reading(faults=[Fault(line=None, message=broken.message)])
    if not found.rows and not found.faults:
        return Reading(faults=[Fault(line=None, message=wrong("nothing"))])
    return found


def _take(sheet: Sheet, kind: Kind, read_row: Callable[[Cells], Facts]) -> Reading[Facts]:
    rows: list[Facts] = []
    faults: list[Fault] = []
    columns = _columns(sheet, kind)
    for line in sheet.lines:
        try:
            rows.append(read_row(_cells(line, columns, kind)))
        except RowFault as fault:
            faults.append(Fault(line=line.number, message=fault.message))
        if len(faults) > FAULTS:
            raise BrokenFile(of_tables.wrong("too_many", most=FAULTS, fault=faults[0].whole))
    return Reading(rows=rows, faults=faults)


def _columns(sheet: Sheet, kind: Kind) -> Mapping[int, Field]:
    if sheet.headings is None:
        return {}
    missing = missing_columns(kind, sheet.headings)
    if missing:
        names = ", ".join(field.value for field in NEEDED[kind])
        raise BrokenFile(wrong("no_column", name=named(missing[0]), names=names))
    return {
        place: field for place, field in find_columns(kind, sheet.headings).items() if place not in sheet.hidden_columns
    }


def _cells(line: Line | Damaged, columns: Mapping[int, Field], kind: Kind) -> Cells:
    if isinstance(line, Damaged):
        raise RowFault(line.message)
    if line.hidden:
        raise RowFault(of_tables.wrong("hidden_row"))
    cells: Sequence[Cell] = line.cells
    if line.named is not None:
        names, cells = [name for name, _ in line.named], [cell for _, cell in line.named]
        columns = find_columns(kind, names)
    return Cells(
        line=line.number,
        by_field={field: cells[place] if place < len(cells) else None for place, field in columns.items()},
    )
