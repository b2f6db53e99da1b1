"""The cells of one line, by field: read as text, number, hour, day, phone or phrases; what is wrong is a RowFault."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from db.store.address import Msisdn
from db.store.phone_numbers import read_sender
from handlers.conversation.routing.phrase_index import phrase_of
from parsers.localised_message import LocalisedMessage
from parsers.text.folding import fold
from sms_gateway.back_office.table_file.cell_texts import WrongCellError, text_of
from sms_gateway.back_office.table_file.days import read_day
from sms_gateway.back_office.table_file.fault_messages import quoted
from sms_gateway.back_office.table_file.lines import Cell
from sms_gateway.back_office.unit_file.columns import Field
from sms_gateway.back_office.unit_file.fault_messages import named, wrong

DAY_MINUTES = 24 * 60
_HOUR = re.compile(r"([01]?[0-9]|2[0-4])(?:[:hH.]([0-5][0-9])?)?(?::00)?", re.ASCII)
_FRACTION = re.compile(r"0?\.[0-9]+", re.ASCII)
_SEPARATORS = re.compile(r"[,;|\n]")
_YES = frozenset({"X", "1", "CO", "YES", "Y", "TRUE", "DUNG"})
_NO = frozenset({"", "0", "KHONG", "NO", "N", "FALSE", "SAI"})


class RowFault(Exception):  # noqa: N818 - it never leaves this package; the reader makes a Fault of it
    """A line cannot be taken; `message` says why and how to fix it."""

    def __init__(self, message: LocalisedMessage) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, kw_only=True, slots=True)
class Cells:
    """The cells of a line. Each method raises RowFault for a cell that it cannot read."""

    line: int
    by_field: Mapping[Field, Cell]

    def text(self, field: Field, most: int) -> str | None:
        """Return one line of text; None for a blank cell."""
        try:
            text = text_of(self.by_field.get(field))
        except WrongCellError as error:
            raise RowFault(wrong("in_field", field=named(field), fault=error.message)) from None
        if len(text) > most:
            raise RowFault(wrong("letters", field=named(field), length=len(text), most=most))
        return text or None

    def needed(self, field: Field, most: int) -> str:
        """Return one line of text; a blank cell is a fault."""
        text = self.text(field, most)
        if text is None:
            raise RowFault(wrong("missing", field=named(field)))
        return text

    def yes(self, field: Field) -> bool | None:
        """Return whether a cell says yes; None where the file has no such column."""
        if field not in self.by_field:
            return None
        cell = self.by_field[field]
        if isinstance(cell, bool):
            return cell
        text = self.text(field, _LONG) or ""
        if fold(text) in _YES | _NO:
            return fold(text) in _YES
        raise RowFault(wrong("yes_no.none", field=named(field), text=quoted(text)))

    def number(self, field: Field, least: int, most: int) -> int | None:
        """Return a whole number; None for a blank cell."""
        text = self.text(field, _LONG)
        if text is None:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) < _DIGITS and least <= int(text) <= most):
            raise RowFault(wrong("number.none", field=named(field), text=quoted(text), least=least, most=most))
        return int(text)

    def hour(self, field: Field) -> int | None:
        """Return a time of day as minutes since midnight; None for a blank cell. Midnight at the end is 0."""
        text = self.text(field, _LONG)
        if text is None:
            return None
        if _FRACTION.fullmatch(text):  # a spreadsheet's own form of a time without its format
            return round(float(text) * DAY_MINUTES) % DAY_MINUTES
        found = _HOUR.fullmatch(text)
        minutes = -1 if found is None else int(found[1]) * 60 + int(found[2] or 0)
        if not 0 <= minutes <= DAY_MINUTES:
            raise RowFault(wrong("hour.none", field=named(field), text=quoted(text)))
        return minutes % DAY_MINUTES

    def day(self, field: Field) -> date | None:
        """Return a day; None for a blank cell."""
        text = self.text(field, _LONG)
        if text is None:
            return None
        found = read_day(text)
        if found is None:
            raise RowFault(wrong("date.none", field=named(field), text=quoted(text)))
        return found

    def phone(self, field: Field) -> Msisdn:
        """Return the number of a telephone that can be texted. A fault quotes no more than a cell's beginning."""
        text = self.needed(field, _LONG)
        found = read_sender(text)
        if found is None:
            raise RowFault(wrong("phone.none", field=named(field), text=quoted(text)))
        return found

    def phrases(self, field: Field, most: int) -> tuple[str, ...]:
        """Return the phrases of a condition, folded, each once; they are separated by commas or semicolons."""
        text = self.text(field, most) or ""
        found = (phrase_of(piece) for piece in _SEPARATORS.split(text))
        return tuple(dict.fromkeys(piece for piece in found if piece))

    def names(self, field: Field, most: int) -> Sequence[str]:
        """Return several names of one cell."""
        text = self.text(field, most) or ""
        return [name for piece in _SEPARATORS.split(text) if (name := piece.strip())]


_LONG = 200
"""Letters of a cell that holds something short: a longer one is told of by its length."""
_DIGITS = 10
