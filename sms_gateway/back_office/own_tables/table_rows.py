"""An office's file -> the rows of a version: only the columns that its answer needs, and each line checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from db.citizens.dossiers import canonical
from db.citizens.lookups import Contacts, LineFault, NewRow, TableDefinition
from db.schema import KeyShape
from handlers.commands.own_table import MOST_ANSWER_SEGMENTS, told
from handlers.wording.catalogue import placeholders
from handlers.wording.contacts import find_contacts, find_links
from handlers.wording.fit import room
from handlers.wording.plain import links_left_out
from parsers.fields.codes.receipt_codes import MOST_CHARACTERS, canonical_form
from parsers.grammars.own_table_keys import KeyShape as Shape
from parsers.grammars.own_table_keys import keys_in
from parsers.localised_message import LocalisedMessage
from parsers.text.excerpt import Excerpt
from parsers.text.normal_form import normalise
from sms_gateway.back_office.own_tables.columns import SAMPLED, Looks, id_number_in, looks_like, phone_in, slug
from sms_gateway.back_office.own_tables.messages import FAULTS
from sms_gateway.back_office.table_file.bounds import COLUMNS, Meter
from sms_gateway.back_office.table_file.cell_texts import WrongCellError, text_of
from sms_gateway.back_office.table_file.lines import BrokenFile, Cell, Damaged, Line, Sheet
from sms_gateway.back_office.table_file.tables import read_table

SHORTEST_SECRET = 4
MOST_CONTACTS = 20
"""Most links and telephone numbers that are noted with a version, and lines that bring them; all are counted."""
MOST_FAULTS = 1000
"""Most lines named of one file; the rest are counted as left out all the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileLines:
    """The column names of a file, and its lines."""

    columns: tuple[str, ...]
    lines: Sequence[tuple[int, Sequence[Cell] | None]]
    """Each with its number; None: it cannot be taken apart."""
    doubled: frozenset[str] = frozenset()
    """Names that several columns have as placeholders."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenRows:
    """The rows of a file that can be taken, and why the others cannot."""

    rows: Sequence[NewRow]
    faults: Sequence[LineFault]
    longest: int
    left_out: int
    contacts: Contacts


class UnusableFileError(Exception):
    """The whole file cannot be used; `message` says why."""

    def __init__(self, message: LocalisedMessage) -> None:
        super().__init__(str(message))
        self.message = message


def read_lines(path: Path, wanted: Sequence[str]) -> FileLines:
    """Read a CSV or XLSX file; the column names are those of `wanted` where a line has them all.

    Raises UnusableFileError.
    """
    try:
        with _sheet(path, wanted) as sheet:
            if sheet.headings is None:
                raise UnusableFileError(FAULTS.message("json"))
            columns = tuple(slug(_words(cell)) for cell in sheet.headings)
            return FileLines(columns=columns, lines=[_line(one) for one in sheet.lines], doubled=_doubled(columns))
    except BrokenFile as broken:
        raise UnusableFileError(FAULTS.message("file", fault=broken.message)) from broken


def kinds_of(file: FileLines, used: Sequence[str]) -> Mapping[str, Looks]:
    """Return which of the columns look like personal data or money."""
    found = {}
    sample = file.lines[:: 1 + len(file.lines) // SAMPLED]
    for column in used:
        place = file.columns.index(column)
        cells = (_words(cells[place]) for _, cells in sample if cells and place < len(cells))
        if (looks := looks_like(column, cells)) is not None:
            found[column] = looks
    return found


def take_rows(
    file: FileLines, about: TableDefinition, kinds: Mapping[str, Looks], allowed: Sequence[str] = ()
) -> TakenRows:
    """Take the lines that have a key of their own and an answer that fits.

    `allowed` holds the telephone numbers of the service; every other, and every link, is noted for who approves it.
    """
    known = (*allowed, *find_contacts(about.template, allowed))
    lines_with: list[int] = []
    contacts: dict[str, None] = {}
    rows: list[NewRow] = []
    faults: list[LineFault] = []
    seen: dict[str, int] = {}
    named = tuple(placeholders(about.template))
    longest = left_out = 0
    places = [file.columns.index(column) for column in about.columns]
    for number, line in file.lines:
        try:
            cells = dict(zip(about.columns, _cells(line, places), strict=True))
            answer = _checked(cells, about, named, seen)
        except _LineError as error:
            left_out += 1
            if len(faults) < MOST_FAULTS:
                faults.append(LineFault(line=number, key=error.key, other=error.other))
            continue
        longest = max(longest, len(answer))
        if links := find_contacts(answer, known):
            lines_with.append(number)
            contacts |= dict.fromkeys(links if len(contacts) < MOST_CONTACTS else ())
        key = cells[about.key_column]
        seen[canonical(key)] = number
        row = tuple(cells[column] for column in about.columns)
        rows.append(NewRow(cells=row, key=key, phone=phone_in(kinds, cells), id_number=id_number_in(kinds, cells)))
    told_of = [one for one in contacts if not about.secret_column or find_links(one)]  # a number may be a person's
    shown = tuple(told_of)[:MOST_CONTACTS]
    noted = Contacts(rows=len(lines_with), lines=tuple(lines_with[:MOST_CONTACTS]), shown=shown)
    return TakenRows(rows=rows, faults=faults, longest=longest, left_out=left_out, contacts=noted)


def lines_of(rows: Sequence[Mapping[str, Cell]]) -> FileLines:
    """Return rows that name their cells as lines, numbered from 1; the columns are those of all rows."""
    named = [{slug(heading): cell for heading, cell in row.items()} for row in rows]
    columns = tuple(islice(dict.fromkeys(column for row in named for column in row), COLUMNS))
    lines = [(number, [row.get(column) for column in columns]) for number, row in enumerate(named, 1)]
    doubled = (_doubled([slug(heading) for heading in row]) for row in rows)
    return FileLines(columns=columns, lines=lines, doubled=frozenset().union(*doubled))


def _doubled(columns: Sequence[str]) -> frozenset[str]:
    return frozenset(column for column, count in Counter(columns).items() if count > 1 and column)


class _LineError(Exception):
    def __init__(self, key: str, other: int | None = None) -> None:
        super().__init__(key)
        self.key = key
        self.other = other


def _checked(cells: Mapping[str, str], about: TableDefinition, named: Sequence[str], seen: Mapping[str, int]) -> str:
    """Return the answer of a line, which tells the cells `named`; raises _LineError."""
    key = canonical(cells[about.key_column])
    if not cells[about.key_column]:
        raise _LineError("no_key")
    if not _fits(key, about.shape):
        raise _LineError("key")
    if key in seen:
        raise _LineError("doubled", seen[key])
    if about.secret_column and len(canonical(cells[about.secret_column])) < SHORTEST_SECRET:
        raise _LineError("no_secret")
    if not _is_read(cells, about):
        raise _LineError("unread")
    if any(map(links_left_out, (cells[column] for column in named))):
        raise _LineError("link")
    answer = told(about.template, dict(cells))
    if len(answer) > room(MOST_ANSWER_SEGMENTS):
        raise _LineError("answer_long")
    return answer


def _is_read(cells: Mapping[str, str], about: TableDefinition) -> bool:
    """Return whether a text with this key, and its secret, is read as this row's and no other's."""
    secret = canonical_form(cells[about.secret_column]) if about.secret_column else None
    written = cells[about.key_column] + (f", {cells[about.secret_column]}" if about.secret_column else "")
    shape = Shape(about.shape.value)
    found = keys_in(Excerpt.of(normalise(written)), shape, needs_secret=bool(about.secret_column), short_codes=())
    wanted = canonical(cells[about.key_column]), secret
    return any((one.canonical, one.secret) == wanted for one in found)


def _fits(key: str, shape: KeyShape) -> bool:
    if not 0 < len(key) <= MOST_CHARACTERS:
        return False
    if shape is KeyShape.DIGITS:
        return key.isdecimal()
    return shape is not KeyShape.CODE or any(sign.isdecimal() for sign in key)


def _cells(line: Sequence[Cell] | None, places: Sequence[int]) -> Sequence[str]:
    if line is None:
        raise _LineError("cell")
    try:
        return [text_of(line[place]) if place < len(line) else "" for place in places]
    except WrongCellError as error:
        raise _LineError("cell") from error


def _line(one: Line | Damaged) -> tuple[int, Sequence[Cell] | None]:
    return one.number, one.cells if isinstance(one, Line) else None


@contextmanager
def _sheet(path: Path, wanted: Sequence[str]) -> Iterator[Sheet]:
    def names_columns(cells: Sequence[Cell]) -> bool:
        return bool(wanted) and set(wanted) <= {slug(_words(cell)) for cell in cells}

    with read_table(path, Meter(), names_columns) as sheet:
        yield sheet


def _words(cell: Cell) -> str:
    try:
        return text_of(cell)
    except WrongCellError:
        return ""
