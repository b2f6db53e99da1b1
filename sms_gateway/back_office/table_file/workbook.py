"""XLSX workbooks (ECMA-376, transitional and strict) -> the rows of the first sheet that is not hidden."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from sms_gateway.back_office.table_file import bounds, sheet_rows
from sms_gateway.back_office.table_file.bounds import Meter
from sms_gateway.back_office.table_file.fault_messages import wrong
from sms_gateway.back_office.table_file.lines import EPOCH_1904, EXCEL_EPOCH, BrokenFile, Line
from sms_gateway.back_office.table_file.number_formats import BUILT_IN, Show, show_as
from sms_gateway.back_office.table_file.sheet_rows import unescaped
from sms_gateway.back_office.table_file.xml_reader import NO_WORKBOOK, Attributes, CellText, read_whole

_END_OF_ZIP = b"PK\x05\x06"
_COMMENT_OCTETS = 65_535 + 22
"""Behind the list of parts at most: a comment and the record that says where the list is."""
_BOOK = "xl/workbook.xml"
_TRUE = frozenset({"1", "true"})


@dataclass(kw_only=True, slots=True)
class _Book:
    """What the workbook's own part says."""

    sheets: list[str] = field(default_factory=list)
    """Relationship ids of the sheets that are not hidden."""
    epoch: date = EXCEL_EPOCH


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSheet:
    """A sheet ready to be read."""

    rows: Iterator[Line]
    hidden_columns: frozenset[int]
    epoch: date


@contextmanager
def open_workbook(path: Path, meter: Meter) -> Iterator[OpenSheet]:
    """Open the first visible sheet of a workbook; raises BrokenFile, also while its rows are read."""
    _check_directory(path)
    with ExitStack() as stack:
        try:
            parts = stack.enter_context(ZipFile(path))
            _check_parts(parts)
            sheet = _open_sheet(parts, meter)
        except (BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
            raise BrokenFile(NO_WORKBOOK) from error  # damaged, or with a password
        yield sheet


def _check_directory(path: Path) -> None:
    """Refuse a long list of parts before it is read: each takes much more memory than its line."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _COMMENT_OCTETS))
        _, found, record = file.read().rpartition(_END_OF_ZIP)
    if not found or int.from_bytes(record[8:12], "little") > bounds.DIRECTORY_OCTETS:
        raise BrokenFile(NO_WORKBOOK)


def _check_parts(parts: ZipFile) -> None:
    listed = parts.infolist()
    # A part never unpacks to more than it says here: zipfile stops reading there.
    if sum(part.file_size for part in listed) > bounds.UNPACKED_OCTETS:
        raise BrokenFile(wrong("unpacks", most=bounds.UNPACKED_OCTETS // 2**20))
    # Spreadsheets pack by deflate alone. The other ways unpack more at once than was asked for.
    if any(part.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for part in listed):
        raise BrokenFile(NO_WORKBOOK)


def _open_sheet(parts: ZipFile, meter: Meter) -> OpenSheet:
    book = _read_book(parts, meter)
    targets = _read_relations(parts, meter)
    sheet = next((targets[one] for one in book.sheets if one in targets), None)
    if sheet is None:
        raise BrokenFile(wrong("no_sheet"))
    strings = _read_strings(parts, meter)
    formats = _read_formats(parts, meter, book.epoch)
    with parts.open(sheet) as content:
        found = sheet_rows.survey(content, meter)
    return OpenSheet(
        rows=_rows(parts, sheet, found, strings, formats),
        hidden_columns=frozenset(found.hidden_columns),
        epoch=book.epoch,
    )


def _rows(
    parts: ZipFile, sheet: str, found: sheet_rows.Survey, strings: Sequence[str], formats: Sequence[Show]
) -> Iterator[Line]:
    with parts.open(sheet) as content:
        yield from sheet_rows.rows(content, found, strings, formats)


def _read_book(parts: ZipFile, meter: Meter) -> _Book:
    book = _Book()

    def start(name: str, attributes: Attributes) -> None:
        if name == "workbookPr" and attributes.get("date1904") in _TRUE:
            book.epoch = EPOCH_1904
        elif name == "sheet" and attributes.get("state", "visible") == "visible":
            meter.add_cells()
            # The id's namespace differs between transitional and strict workbooks.
            book.sheets += [value for key, value in attributes.items() if key.endswith(" id")]

    with parts.open(_BOOK) as content:
        read_whole(content, meter, start=start)
    return book


def _read_relations(parts: ZipFile, meter: Meter) -> dict[str, str]:
    """Return the parts of the worksheets by their relationship ids."""
    targets: dict[str, str] = {}

    def start(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            meter.add_cells()
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            targets[attributes.get("Id", "")] = target.lstrip("/")

    with parts.open("xl/_rels/workbook.xml.rels") as content:
        read_whole(content, meter, start=start)
    return targets


def _read_strings(parts: ZipFile, meter: Meter) -> Sequence[str]:
    """Read the texts that cells share, each as far as a cell may go."""
    strings: list[str] = []
    heard = CellText()

    def start(name: str, _: Attributes) -> None:
        heard.start(name)
        if name == "si":
            meter.add_cells()
            heard.clear()

    def end(name: str) -> None:
        heard.end(name)
        if name == "si":
            strings.append(unescaped(str(heard)))

    if "xl/sharedStrings.xml" in parts.namelist():
        with parts.open("xl/sharedStrings.xml") as content:
            read_whole(content, meter, start=start, end=end, text=heard.hear)
    return strings


def _read_formats(parts: ZipFile, meter: Meter, epoch: date) -> Sequence[Show]:
    """Return how numbers are shown, by style."""
    codes = dict(BUILT_IN)
    used: list[int] = []
    inside = False

    def start(name: str, attributes: Attributes) -> None:
        nonlocal inside
        if name == "numFmt" and not used:  # behind the styles come those of conditions
            codes[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "General")
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            used.append(int(attributes.get("numFmtId", "0")))
        if len(codes) + len(used) > bounds.STYLES:
            raise BrokenFile(NO_WORKBOOK)

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name != "cellXfs"

    if "xl/styles.xml" in parts.namelist():
        with parts.open("xl/styles.xml") as content:
            read_whole(content, meter, start=start, end=end)
    return [show_as(codes.get(one, "General"), epoch) for one in used]
