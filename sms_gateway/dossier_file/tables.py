"""CSV, XLSX and JSON files -> rows of cells, with bounds on everything a file can be too much of."""

from __future__ import annotations

import csv
import json
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from io import StringIO
from itertools import chain
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import openpyxl

from parsers.told import Told
from sms_gateway.dossier_file.document_type import has_document_type
from sms_gateway.dossier_file.headings import Cell
from sms_gateway.dossier_file.sentences import wrong

FILE_OCTETS = 32 * 1024 * 1024
"""Longest file: about 200,000 dossiers as CSV."""
UNPACKED_OCTETS = 256 * 1024 * 1024
"""Most that the parts of an XLSX file may unpack to; a zip bomb unpacks to far more."""
ROWS = 200_000
"""Most dossiers of one file, so that all of them fit in memory beside the road."""
SCANNED_ROWS = 1_048_576
"""Most rows looked at, blank ones among them: as many as a spreadsheet has."""
COLUMNS = 60
"""Columns read of a row; the portal sends some thirty."""


_DELIMITERS = ";\t,|"


class BrokenFile(Exception):  # noqa: N818 - it never leaves this package; read_dossier_file makes a Fault of it
    """The whole file cannot be used; `told` says why and how to mend it. Import nothing."""

    def __init__(self, told: Told) -> None:
        super().__init__(str(told))
        self.told = told


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One row: its cells in order, or by name when the file names them in each row."""

    number: int
    cells: Sequence[Cell] = ()
    named: Mapping[str, Cell] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Damaged:
    """One row that cannot be taken apart."""

    number: int
    told: Told


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """The rows of a file; `headings` is None when each row names its cells itself."""

    headings: Sequence[Cell] | None
    lines: Iterable[Line | Damaged]


@contextmanager
def read_table(path: Path) -> Iterator[Sheet]:
    """Open a file by its ending and give its rows; raises BrokenFile, also while the rows are read."""
    try:
        octets = path.stat().st_size
        if octets > FILE_OCTETS:
            raise BrokenFile(wrong("too_long", most=FILE_OCTETS // 2**20))
        match path.suffix.lower():
            case ".csv" | ".txt" | ".tsv":
                yield _read_csv(path)
            case ".xlsx" | ".xlsm":
                with _open_xlsx(path) as sheet:
                    yield sheet
            case ".json":
                yield _read_json(path)
            case ".xls":
                raise BrokenFile(wrong("xls"))
            case other:
                raise BrokenFile(wrong("ending", ending=other) if other else wrong("no_ending"))
    except OSError as error:
        raise BrokenFile(wrong("cannot_read", error=error.strerror or type(error).__name__)) from error


def _read_csv(path: Path) -> Sheet:
    text = _decode(path.read_bytes())
    lines = list(StringIO(text, newline=""))
    first = next((line for line in lines if line.strip()), "")
    if first.lower().startswith("sep=") and len(first) > len(
        "sep="
    ):  # how spreadsheets are told the delimiter; the names come after it
        delimiter = first[4] if first[4] in _DELIMITERS else ","
        lines[lines.index(first)] = "\n"
    else:
        delimiter = max(_DELIMITERS, key=first.count)
    return _with_headings(_csv_rows(lines, delimiter))


def _with_headings(rows: Iterator[Line] | Iterator[Line | Damaged]) -> Sheet:
    lines = _bounded(rows, ROWS + 1)  # and the row of column names
    first = next(lines, None)
    if first is None:
        raise BrokenFile(wrong("empty"))
    if isinstance(first, Damaged):
        raise BrokenFile(wrong("names", fault=first.told))
    return Sheet(headings=first.cells, lines=lines)


def _csv_rows(lines: Sequence[str], delimiter: str) -> Iterator[Line | Damaged]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Damaged(number=number, told=wrong("quotes"))
            continue
        yield Line(number=number, cells=cells[:COLUMNS])


def _decode(octets: bytes) -> str:
    encoding = "utf-16" if octets.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return octets.decode(encoding)
    except UnicodeDecodeError as error:
        raise BrokenFile(wrong("not_utf8", octet=error.start)) from error


@contextmanager
def _open_xlsx(path: Path) -> Iterator[Sheet]:
    _check_zip(path)
    # openpyxl warns of styles and extensions that do not concern the cells.
    # The file is ours to close: openpyxl leaves one open that it cannot read.
    with path.open("rb") as file, warnings.catch_warnings(action="ignore"):
        try:
            # keep_links=False: a workbook may name other files; values only: formulas give what was last counted.
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except _XLSX_FAULTS as error:
            raise BrokenFile(_NO_WORKBOOK) from error
        try:
            if not book.worksheets:
                raise BrokenFile(wrong("no_sheet"))
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # some programs write wrong ones, and rows beyond them would be lost silently
            rows = sheet.iter_rows(max_col=COLUMNS, values_only=True)
            yield _with_headings(_xlsx_rows(rows))
        finally:
            book.close()


# What openpyxl raises on a damaged part: it promises nothing, so what was seen while feeding it damaged files.
_XLSX_FAULTS = (ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError, EOFError, BadZipFile)
_NO_WORKBOOK = wrong("no_workbook")


def _xlsx_rows(rows: Iterator[tuple[object, ...]]) -> Iterator[Line]:
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows, None)
        except _XLSX_FAULTS as error:
            raise BrokenFile(_NO_WORKBOOK) from error
        if cells is None:
            return
        yield Line(number=number, cells=[_cell(value) for value in cells])


def _cell(value: object) -> Cell:
    return value if value is None or isinstance(value, str | int | float | date) else str(value)


def _check_zip(path: Path) -> None:
    try:
        with ZipFile(path) as parts:
            # A part never unpacks to more than it says here: zipfile stops reading there.
            if sum(part.file_size for part in parts.infolist()) > UNPACKED_OCTETS:
                raise BrokenFile(wrong("unpacks", most=UNPACKED_OCTETS // 2**20))
            for part in parts.infolist():
                with parts.open(part) as content:
                    # No workbook has a document type; entities defined in one can grow without bound.
                    if has_document_type(content):
                        raise BrokenFile(_NO_WORKBOOK)
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:  # packed in a way or by a password
        raise BrokenFile(_NO_WORKBOOK) from error


def _read_json(path: Path) -> Sheet:
    try:
        content = json.loads(_decode(path.read_bytes()))
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise BrokenFile(wrong("no_json") if line is None else wrong("no_json.line", line=line)) from error
    if isinstance(content, dict):  # the portal wraps the list; whatever the wrapper's name, it is the only list
        lists = [value for value in content.values() if isinstance(value, list)]
        content = lists[0] if len(lists) == 1 else None
    if not isinstance(content, list):
        raise BrokenFile(wrong("no_list"))
    return Sheet(headings=None, lines=_bounded(_json_rows(content), ROWS))


def _json_rows(items: Sequence[object]) -> Iterator[Line | Damaged]:
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            yield Line(number=number, named=_flat(item))
        else:
            yield Damaged(number=number, told=wrong("no_object"))


def _flat(item: Mapping[str, object]) -> Mapping[str, Cell]:
    """Return the plain values of an object; those of the portal's last request for papers stand beside them."""
    supplements = item.get("DanhSachHoSoBoSung")
    last = supplements[-1] if isinstance(supplements, list) and supplements else None
    inner = last.items() if isinstance(last, dict) else ()
    return {
        name: value
        for name, value in chain(item.items(), inner)
        if value is None or isinstance(value, str | int | float)
    }


def _bounded(rows: Iterator[Line] | Iterator[Line | Damaged], most: int) -> Iterator[Line | Damaged]:
    """Pass on the rows that are not blank, as many as the bounds allow."""
    for count, row in enumerate(rows, 1):
        if count > SCANNED_ROWS:
            raise BrokenFile(wrong("rows", most=f"{SCANNED_ROWS:,}"))
        if isinstance(row, Line) and row.named is None and not any(row.cells):
            continue
        most -= 1
        if most < 0:
            raise BrokenFile(wrong("dossiers", most=f"{ROWS:,}"))
        yield row
