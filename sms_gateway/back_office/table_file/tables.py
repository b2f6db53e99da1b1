"""CSV, XLSX and JSON files -> the row of column names and the rows below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from sms_gateway.back_office.table_file import bounds
from sms_gateway.back_office.table_file.bounds import Meter
from sms_gateway.back_office.table_file.csv_rows import csv_rows
from sms_gateway.back_office.table_file.fault_messages import wrong
from sms_gateway.back_office.table_file.json_rows import json_rows
from sms_gateway.back_office.table_file.lines import BrokenFile, Cell, Damaged, Line, NamesColumns, Sheet, is_blank
from sms_gateway.back_office.table_file.workbook import open_workbook

Rows = Iterator[Line] | Iterator[Line | Damaged]


@contextmanager
def read_table(path: Path, meter: Meter, names_columns: NamesColumns) -> Iterator[Sheet]:
    """Open a file by its ending and give its rows; raises BrokenFile, also while the rows are read."""
    try:
        if path.stat().st_size > bounds.FILE_OCTETS:
            raise BrokenFile(wrong("too_long", most=bounds.FILE_OCTETS // 2**20))
        match path.suffix.lower():
            case ".csv" | ".txt" | ".tsv":
                yield _with_headings(csv_rows(path.read_bytes(), meter, names_columns), names_columns)
            case ".xlsx" | ".xlsm":
                with open_workbook(path, meter) as opened:
                    sheet = _with_headings(opened.rows, names_columns)
                    yield replace(sheet, hidden_columns=opened.hidden_columns, epoch=opened.epoch)
            case ".json":
                yield Sheet(headings=None, lines=_at_most(json_rows(path.read_bytes(), meter)))
            case ".xls":
                raise BrokenFile(wrong("xls"))
            case other:
                raise BrokenFile(wrong("ending", ending=other) if other else wrong("no_ending"))
    except OSError as error:
        raise BrokenFile(wrong("cannot_read", error=error.strerror or type(error).__name__)) from error


def _with_headings(rows: Rows, names_columns: NamesColumns) -> Sheet:
    """Find the column names among the first rows: titles may stand above them."""
    lines = _filled(rows)
    first = list(islice(lines, bounds.HEADING_ROWS))
    if not first:
        raise BrokenFile(wrong("empty"))
    place = _heading_place(first, names_columns)
    heading = first[place]
    if isinstance(heading, Damaged):
        raise BrokenFile(wrong("names", fault=heading.message))
    below = chain(first[place + 1 :], lines)
    return Sheet(headings=_trimmed(heading.cells), heading_line=heading.number, lines=_at_most(below))


def _heading_place(first: Sequence[Line | Damaged], names_columns: NamesColumns) -> int:
    """Return the first row that names the columns, else the first that has two cells or more."""
    cells = [row.cells if isinstance(row, Line) else () for row in first]
    named = (place for place, row in enumerate(cells) if names_columns(row))
    wide = (place for place, row in enumerate(cells) if sum(not is_blank(cell) for cell in row) > 1)
    return next(chain(named, wide, (0,)))


def _trimmed(cells: Sequence[Cell]) -> Sequence[Cell]:
    """Return the cells up to the last that is not blank."""
    last = max((place for place, cell in enumerate(cells) if not is_blank(cell)), default=-1)
    return cells[: last + 1]


def _filled(rows: Rows) -> Iterator[Line | Damaged]:
    """Pass on the rows that are not blank, and scan no more than a spreadsheet has."""
    for count, row in enumerate(rows, 1):
        if max(count, row.number) > bounds.SCANNED_ROWS:
            raise BrokenFile(wrong("rows", most=f"{bounds.SCANNED_ROWS:,}"))
        if isinstance(row, Damaged) or not row.blank:
            yield row


def _at_most(rows: Rows) -> Iterator[Line | Damaged]:
    for count, row in enumerate(rows, 1):
        if count > bounds.ROWS:
            raise BrokenFile(wrong("filled_rows", most=f"{bounds.ROWS:,}"))
        yield row
