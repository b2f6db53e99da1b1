"""XML parts of a workbook, read piece by piece within bounds; entities and document types are refused."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import IO
from xml.parsers import expat
from zipfile import BadZipFile

from sms_gateway.back_office.table_file import bounds
from sms_gateway.back_office.table_file.bounds import Meter
from sms_gateway.back_office.table_file.fault_messages import wrong
from sms_gateway.back_office.table_file.lines import BrokenFile

_AT_ONCE = 64 * 1024
_ROOMS = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # Strict Open XML
    "http://schemas.openxmlformats.org/package/2006/relationships",
)
"""The namespaces whose elements are read."""

NO_WORKBOOK = wrong("no_workbook")

Attributes = Mapping[str, str]


def walk(
    content: IO[bytes],
    meter: Meter,
    *,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] = lambda _: None,
    text: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Call `start`, `end` and `text` for a part's elements, by local name; yields after each piece read.

    An element of a foreign namespace has an empty name. Raises BrokenFile for what is no XML, for a document type,
    and at the bounds.
    """
    reader = _Reader(meter, start, end)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_type
    parser.StartElementHandler = reader.started
    parser.EndElementHandler = reader.ended
    if text is not None:
        parser.CharacterDataHandler = text
    fed = 0
    try:
        while octets := content.read(_AT_ONCE):
            meter.add_octets(len(octets))
            fed += len(octets)
            parser.Parse(octets, False)  # noqa: FBT003 - the standard library's own order: more may follow
            if fed - max(parser.CurrentByteIndex, 0) > bounds.TOKEN_OCTETS:
                raise BrokenFile(NO_WORKBOOK)
            yield
        parser.Parse(b"", True)  # noqa: FBT003 - the end
        yield
    except (expat.ExpatError, BadZipFile, zlib.error, EOFError, ValueError) as error:
        raise BrokenFile(NO_WORKBOOK) from error


def read_whole(
    content: IO[bytes],
    meter: Meter,
    *,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] = lambda _: None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Walk through a part to its end."""
    for _ in walk(content, meter, start=start, end=end, text=text):
        pass


class CellText:
    """The text of a cell, gathered from its pieces no further than a cell may go; phonetic hints are left out."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._letters = 0
        self._listening = False
        self._hints = 0

    def clear(self) -> None:
        """Begin a new cell."""
        self._pieces.clear()
        self._letters = 0

    def start(self, name: str) -> None:
        """Take the beginning of an element inside a cell."""
        if name in {"v", "t"}:
            self._listening = not self._hints
        elif name == "rPh":
            self._hints += 1

    def end(self, name: str) -> None:
        """Take the end of one."""
        if name in {"v", "t"}:
            self._listening = False
        elif name == "rPh":
            self._hints -= 1

    def hear(self, data: str) -> None:
        """Take text; what is too long for a cell is dropped, and the cell is refused later."""
        if self._listening and self._letters <= bounds.CELL_LETTERS:
            self._pieces.append(data[: bounds.CELL_LETTERS + 1])
            self._letters += len(data)

    def __str__(self) -> str:
        return "".join(self._pieces)


class _Reader:
    """Counts elements and their depth, and takes their namespaces off."""

    def __init__(self, meter: Meter, start: Callable[[str, Attributes], None], end: Callable[[str], None]) -> None:
        self._meter = meter
        self._start = start
        self._end = end
        self._depth = 0
        self._names: dict[str, str] = {}

    def started(self, name: str, attributes: Attributes) -> None:
        self._meter.add_element()
        self._depth += 1
        if self._depth > bounds.DEPTH:
            raise BrokenFile(NO_WORKBOOK)
        self._start(self._local(name), attributes)

    def ended(self, name: str) -> None:
        self._depth -= 1
        self._end(self._local(name))

    def _local(self, name: str) -> str:
        found = self._names.get(name)
        if found is None:
            room, _, local = name.rpartition(" ")
            found = local if room in _ROOMS else ""
            if len(self._names) < bounds.DEPTH:
                self._names[name] = found
        return found


def _refuse_type(*_: object) -> None:
    # No workbook has a document type; entities defined in one can grow without bound.
    raise BrokenFile(NO_WORKBOOK)
