"""The sheet of a workbook -> its rows, as people see them: merged cells, number formats, hidden rows and columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from typing import IO

from sms_gateway.back_office.table_file import bounds
from sms_gateway.back_office.table_file.bounds import Meter
from sms_gateway.back_office.table_file.fault_messages import wrong
from sms_gateway.back_office.table_file.lines import BrokenFile, Cell, Line, Unread
from sms_gateway.back_office.table_file.number_formats import Show
from sms_gateway.back_office.table_file.xml_reader import NO_WORKBOOK, Attributes, CellText, read_whole, walk

_TRUE = frozenset({"1", "true"})
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, kw_only=True, slots=True)
class Merged:
    """Cells that are shown as one, which counts for all its rows; the value is in the first."""

    column: int
    first: int
    last: int


@dataclass(kw_only=True, slots=True)
class Survey:
    """What must be known of a sheet before its rows are read."""

    merged: list[Merged] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)


def survey(content: IO[bytes], meter: Meter) -> Survey:
    """Go through a sheet once: count what is in it, find merged cells and hidden columns."""
    found = Survey()

    def start(name: str, attributes: Attributes) -> None:
        if name in {"c", "row"}:
            meter.add_cells()
        elif name == "mergeCell":
            meter.add_cells()
            _add_merged(found.merged, attributes.get("ref", ""))
            if len(found.merged) > bounds.MERGED:
                raise BrokenFile(wrong("merged", most=f"{bounds.MERGED:,}"))
        elif name == "col" and attributes.get("hidden") in _TRUE:
            first, last = int(attributes.get("min", "0")), int(attributes.get("max", "0"))
            found.hidden_columns |= set(range(max(first, 1) - 1, min(last, bounds.COLUMNS)))

    read_whole(content, meter, start=start)
    return found


def _add_merged(merged: list[Merged], reference: str) -> None:
    corners = [_PLACE.fullmatch(corner) for corner in reference.split(":")]
    if len(corners) != 2 or not (corners[0] and corners[1]):  # noqa: PLR2004 - two corners
        return
    column, first, last = _column(corners[0][1]), int(corners[0][2]), int(corners[1][2])
    if first < last and column < bounds.COLUMNS:
        merged.append(Merged(column=column, first=first, last=last))


def rows(content: IO[bytes], found: Survey, strings: Sequence[str], formats: Sequence[Show]) -> Iterator[Line]:
    """Read the rows of a surveyed sheet."""
    reader = _RowReader(strings, formats)
    merged = _Merging(found.merged)
    for _ in walk(content, Meter(), start=reader.start, end=reader.end, text=reader.text):
        for line in reader.done:
            yield merged.fill(line)
        reader.done.clear()


class _RowReader:
    """Takes the elements of a sheet and puts finished rows into `done`."""

    def __init__(self, strings: Sequence[str], formats: Sequence[Show]) -> None:
        self.done: list[Line] = []
        self._strings = strings
        self._formats = formats
        self._number = 0
        self._hidden = False
        self._cells: list[Cell] = []
        self._column = -1
        self._kind = ""
        self._style = 0
        self._formula = False
        self._valued = False
        self._text = CellText()

    def start(self, name: str, attributes: Attributes) -> None:
        match name:
            case "row":
                self._number = int(attributes.get("r", self._number + 1))
                self._hidden = attributes.get("hidden") in _TRUE
                self._cells, self._column = [], -1
            case "c":
                self._start_cell(attributes)
            case "f":
                self._formula = True
            case _:
                self._valued = self._valued or name == "v"
                self._text.start(name)

    def end(self, name: str) -> None:
        match name:
            case "c":
                self._end_cell()
            case "row":
                self.done.append(Line(number=self._number, cells=self._cells, hidden=self._hidden))
            case _:
                self._text.end(name)

    def text(self, data: str) -> None:
        self._text.hear(data)

    def _start_cell(self, attributes: Attributes) -> None:
        place = attributes.get("r", "")
        letters = place.rstrip("0123456789")
        self._column = _column(letters) if letters else self._column + 1
        self._kind = attributes.get("t", "n")
        self._style = int(attributes.get("s", "0"))
        self._formula = self._valued = False
        self._text.clear()

    def _end_cell(self) -> None:
        if not 0 <= self._column < bounds.COLUMNS:
            return
        cell = self._value(str(self._text))
        if cell is not None:
            self._cells += [None] * (self._column + 1 - len(self._cells))
            self._cells[self._column] = cell

    def _value(self, heard: str) -> Cell:
        if self._formula and not heard and not (self._valued and self._kind == "str"):  # an empty text is a result
            return Unread(message=wrong("cell.not_counted"))
        if not heard:
            return None
        match self._kind:
            case "s":
                return self._shared(heard)
            case "str" | "inlineStr":
                return unescaped(heard)
            case "e":
                return Unread(message=wrong("cell.error", text=heard[:30]))
            case "b":
                return heard in _TRUE
            case "d":
                return datetime.fromisoformat(heard)
            case "n":
                return self._format(float(heard))
            case _:
                raise BrokenFile(NO_WORKBOOK)

    def _shared(self, heard: str) -> str:
        place = int(heard)
        if not 0 <= place < len(self._strings):
            raise BrokenFile(NO_WORKBOOK)
        return self._strings[place]

    def _format(self, written: float) -> Cell:
        if not isfinite(written):
            raise BrokenFile(NO_WORKBOOK)
        number = int(written) if written.is_integer() else written
        if not 0 <= self._style < len(self._formats):
            return number
        return self._formats[self._style](number)


class _Merging:
    """Puts the value of merged cells into all their rows."""

    def __init__(self, merged: Sequence[Merged]) -> None:
        self._by_row: dict[int, list[Merged]] = {}
        for one in merged:
            self._by_row.setdefault(one.first, []).append(one)
        self._open: dict[int, tuple[int, Cell]] = {}

    def fill(self, line: Line) -> Line:
        """Return a row with what the merged cells above it say; a row with nothing of its own stays blank."""
        for one in self._by_row.pop(line.number, ()):
            value = line.cells[one.column] if one.column < len(line.cells) else None
            self._open[one.column] = (one.last, value)
        if not self._open or line.blank:
            return line
        self._open = {column: kept for column, kept in self._open.items() if kept[0] >= line.number}
        cells = [*line.cells]
        for column, (_, value) in self._open.items():
            cells += [None] * (column + 1 - len(cells))
            cells[column] = value
        return Line(number=line.number, cells=cells, hidden=line.hidden)


def unescaped(text: str) -> str:
    r"""Return a text without the escapes that workbooks write for signs XML cannot hold (ECMA-376 ST_Xstring).

    >>> unescaped("Quay 1_x000D_\nTang 2")
    'Quay 1\r\nTang 2'
    """
    return _ESCAPED.sub(lambda match: _sign(int(match[1], 16)), text) if "_x" in text else text


def _sign(code: int) -> str:
    return " " if 0xD800 <= code < 0xE000 else chr(code)  # noqa: PLR2004 - half of a pair alone is no sign


def _column(letters: str) -> int:
    """Return the number, from 0, of a column's letters; -1 for others."""
    number = 0
    for letter in letters[:4]:
        place = ord(letter) - 64
        if not 1 <= place <= 26:  # noqa: PLR2004 - A to Z
            return -1
        number = number * 26 + place
    return number - 1
