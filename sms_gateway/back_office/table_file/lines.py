"""Rows and cells of a file, whatever its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from parsers.localised_message import LocalisedMessage

EXCEL_EPOCH = date(1899, 12, 30)
"""Day 0 of the date system that nearly all workbooks have."""
EPOCH_1904 = date(1904, 1, 1)
"""Day 0 of the other one, which old workbooks from Macs have."""


class BrokenFile(Exception):  # noqa: N818 - it never leaves back_office; who reads a file makes a fault of it
    """The whole file cannot be used; `message` says why and how to fix it. Import nothing."""

    def __init__(self, message: LocalisedMessage) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, kw_only=True, slots=True)
class Unread:
    """A cell that shows something, but nothing that can be taken: `message` says what and how to fix it."""

    message: LocalisedMessage


Cell = str | int | float | bool | date | datetime | Unread | None
"""What a cell can hold, in any kind of file."""

NamesColumns = Callable[[Sequence[Cell]], bool]
"""Returns whether a row names the columns that a file of this kind needs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One row: its cells in order, or with their names when the file names them in each row."""

    number: int
    cells: Sequence[Cell] = ()
    named: Sequence[tuple[str, Cell]] | None = None
    hidden: bool = False

    @property
    def blank(self) -> bool:
        """Return whether nothing is in it."""
        return self.named is None and all(cell is None or cell == "" for cell in self.cells)


@dataclass(frozen=True, kw_only=True, slots=True)
class Damaged:
    """One row that cannot be taken apart."""

    number: int
    message: LocalisedMessage


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """The rows of a file below its column names; `headings` is None when each row names its cells itself."""

    headings: Sequence[Cell] | None
    heading_line: int = 0
    lines: Iterable[Line | Damaged]
    hidden_columns: frozenset[int] = frozenset()
    epoch: date = EXCEL_EPOCH


def is_blank(cell: Cell) -> bool:
    """Return whether nothing is in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
