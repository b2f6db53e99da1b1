"""A cell -> one line of text, as a person would read it in the spreadsheet."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time

from parsers.localised_message import LocalisedMessage
from sms_gateway.back_office.table_file import bounds
from sms_gateway.back_office.table_file.fault_messages import wrong
from sms_gateway.back_office.table_file.lines import Cell, Unread

_FORMULA_TEXT = re.compile(r'="([^"]*)"')
"""The trick by which people keep leading zeros in a spreadsheet: ="000123"."""
_ERROR = re.compile(r"#(?:N/A|[A-Z]+!|DIV/0!|NAME\?|GETTING_DATA|#+)|Err:\d{3}", re.IGNORECASE)
"""What spreadsheets write into a CSV file for a cell that shows an error or is too narrow."""
_LINE_END = re.compile(r"_x000[9AD]_", re.IGNORECASE)
"""How workbooks write ends of lines; some programs copy it into other files."""
_NOTHING = frozenset({"-", "--", "null", "none", "nan", "n/a"})
"""What people and programs write where nothing is."""
_LONGEST_FLOAT = 10**15


class WrongCellError(Exception):
    """A cell cannot be read; who reads the row makes a fault of it."""

    def __init__(self, message: LocalisedMessage) -> None:
        super().__init__(str(message))
        self.message = message


def text_of(cell: Cell) -> str:
    """Return a cell as one line of text, NFC, without signs that cannot be shown; empty where nothing is.

    Raises WrongCellError for a cell that is too long, or shows an error or a formula.
    """
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, Unread):
        raise WrongCellError(cell.message)
    if not isinstance(cell, str):
        return _number_or_date(cell)
    if len(cell) > bounds.CELL_LETTERS:
        raise WrongCellError(wrong("cell.long", most=bounds.CELL_LETTERS))
    if match := _FORMULA_TEXT.fullmatch(cell.strip()):
        cell = match[1]
    text = clean(cell)
    if text.startswith(("=", "@")):
        raise WrongCellError(wrong("cell.formula"))
    if text.startswith(("#", "E", "e")) and _ERROR.fullmatch(text):
        raise WrongCellError(wrong("cell.error", text=text))
    return "" if text.lower() in _NOTHING else text


def clean(text: str) -> str:
    """Return a text in one line, NFC, with single blanks and without signs that cannot be shown."""
    if "_x000" in text:
        text = _LINE_END.sub(" ", text)
    if not (text.isascii() and text.isprintable()):
        text = "".join(sign if sign.isprintable() else " " for sign in unicodedata.normalize("NFC", text))
    return " ".join(text.split())


def _number_or_date(cell: float | date) -> str:
    """Return a number without the decimals that only programs write, and a date as people here write it."""
    if isinstance(cell, datetime):
        day = f"{cell:%d/%m/%Y}"
        return day if cell.time() == time.min else f"{day} {cell:%H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, int):
        return str(cell) if abs(cell) < 10**400 else ""
    if cell != cell or cell in {float("inf"), float("-inf")}:  # noqa: PLR0124 - NaN differs from itself
        return ""
    return str(int(cell)) if cell.is_integer() and abs(cell) < _LONGEST_FLOAT else f"{cell:.15g}"
