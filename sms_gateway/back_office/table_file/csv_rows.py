"""CSV files -> rows: encoding, delimiter and quotation marks found out, one row in memory at a time."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice

from sms_gateway.back_office.table_file import bounds
from sms_gateway.back_office.table_file.bounds import Meter
from sms_gateway.back_office.table_file.fault_messages import wrong
from sms_gateway.back_office.table_file.lines import BrokenFile, Damaged, Line, NamesColumns

_DELIMITERS = ";\t,|"
_SEP = "sep="
_SAMPLE_LINES = 4 * bounds.HEADING_ROWS
_QUOTED = re.compile(r'"[^"]*"')
_MARKS = (b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT = 400
"""Octets in which UTF-16 without a mark shows: every other one of Latin letters is zero."""


def csv_rows(octets: bytes, meter: Meter, names_columns: NamesColumns) -> Iterator[Line | Damaged]:
    """Return the rows of a CSV file."""
    meter.octets += len(octets)
    text = decode(octets)
    delimiter = _delimiter(list(islice(_lines(text), _SAMPLE_LINES)), text, names_columns)
    return _rows(_lines(text), delimiter, meter)


def decode(octets: bytes) -> str:
    """Return a file's text: UTF-8 or UTF-16, with or without a mark; raises BrokenFile for anything else."""
    encoding = "utf-16" if octets.startswith(_MARKS) else _unmarked(octets)
    try:
        return octets.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise BrokenFile(wrong("not_utf8", octet=error.start)) from error


def _unmarked(octets: bytes) -> str:
    even, odd = octets[:_LOOKED_AT:2].count(0), octets[1:_LOOKED_AT:2].count(0)
    half = min(len(octets), _LOOKED_AT) // 4
    if odd > half and even * 4 <= odd:
        return "utf-16-le"
    return "utf-16-be" if even > half and odd * 4 <= even else "utf-8"


def _lines(text: str) -> Iterator[str]:
    """Yield the lines one by one; the one that tells spreadsheets the delimiter comes as a blank line."""
    content = StringIO(text, newline="")
    is_first = True
    while line := content.readline(bounds.LINE_LETTERS + 1):
        if len(line) > bounds.LINE_LETTERS:
            raise BrokenFile(wrong("line_long", most=bounds.LINE_LETTERS // 1024))
        if is_first and line.strip():
            is_first = False
            if _is_sep(line):
                yield "\n"
                continue
        yield line


def _is_sep(line: str) -> bool:
    return line.lower().startswith(_SEP) and len(line) > len(_SEP)


def _delimiter(sample: Sequence[str], text: str, names_columns: NamesColumns) -> str:
    """Return the delimiter with which the column names are found, else the one that is most frequent outside quotes."""
    first = text.lstrip("\r\n")[: len(_SEP) + 1]
    if _is_sep(first):
        return first[len(_SEP)] if first[len(_SEP)] in _DELIMITERS else ","
    bare = _QUOTED.sub("", "".join(sample))
    counted = max((line for line in bare.splitlines() if line.strip()), default="", key=_signs)
    by_count = sorted(_DELIMITERS, key=counted.count, reverse=True)
    return next((one for one in by_count if _has_heading(sample, one, names_columns)), by_count[0])


def _signs(line: str) -> int:
    return sum(map(line.count, _DELIMITERS))


def _has_heading(sample: Sequence[str], delimiter: str, names_columns: NamesColumns) -> bool:
    rows = islice(_rows(iter(sample), delimiter, Meter()), bounds.HEADING_ROWS)
    return any(isinstance(row, Line) and names_columns(row.cells) for row in rows)


def _rows(lines: Iterator[str], delimiter: str, meter: Meter) -> Iterator[Line | Damaged]:
    letters = 0

    def bounded() -> Iterator[str]:
        nonlocal letters
        for line in lines:
            letters += len(line)
            if letters > bounds.ROW_LETTERS:
                raise BrokenFile(wrong("quotes"))
            yield line

    reader = csv.reader(bounded(), delimiter=delimiter, strict=True, skipinitialspace=True)
    while True:
        number, letters = reader.line_num + 1, 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Damaged(number=number, message=wrong("quotes"))
            continue
        meter.cells += len(cells)
        yield Line(number=number, cells=cells[: bounds.COLUMNS])
