"""The cells of one row -> the facts of one dossier, or what is wrong with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from db.dossiers import PICK_UP_LETTERS, PROCEDURE_LETTERS, WANTED_LETTERS, DossierFacts, canonical
from db.schema import DossierStatus
from parsers.status_secrets import can_be_secret
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.dossier_file.headings import Cell, Field

CELL_LETTERS = 1000
"""Longest cell looked at; no field of a dossier comes near."""
LAST_DIGITS = 4
IDENTITY_LETTERS = frozenset({LAST_DIGITS, *range(8, 13)})
"""Letters and digits of an identity number: its last ones alone, or the whole of a passport, CMND or CCCD."""
LEAST_CODE, MOST_CODE, LEAST_DIGITS = 4, 40, 3
"""Letters and digits of a code that citizens can ask for, and digits among them."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Years in which a dossier can be received or due; a year outside is a typing error."""
_QUOTED_LETTERS = 30

_STATES = {
    "MOIDANGKY": DossierStatus.REGISTERED,
    "DUOCTIEPNHAN": DossierStatus.ACCEPTED,
    "DATIEPNHAN": DossierStatus.ACCEPTED,
    "KHONGDUOCTIEPNHAN": DossierStatus.NOT_ACCEPTED,
    "DANGXULY": DossierStatus.IN_PROGRESS,
    "YEUCAUBOSUNGGIAYTO": DossierStatus.PAPERS_WANTED,
    "YEUCAUBOSUNG": DossierStatus.PAPERS_WANTED,
    "YEUCAUTHUCHIENNGHIAVUTAICHINH": DossierStatus.PAYMENT_WANTED,
    "CONGDANYEUCAURUTHOSO": DossierStatus.WITHDRAWN,
    "DUNGXULY": DossierStatus.STOPPED,
    "DAXULYXONG": DossierStatus.DONE,
    "DATRAKETQUA": DossierStatus.RETURNED,
}
_FORMULA_TEXT = re.compile(r'="([^"]*)"')
"""The trick by which people keep leading zeros in a spreadsheet: ="000123"."""
_SHORTENED = re.compile(r"\d+([.,]\d+)?E\+?\d+", re.IGNORECASE)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T,].*)?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?")
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(32_874, 73_415)
"""Day numbers of FIRST_YEAR to LAST_YEAR, for date cells that lost their format."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CellFault:
    """What is wrong with a row, and how to mend it."""

    text: str


class _WrongCellError(Exception):
    """A cell cannot be read; read_facts makes a CellFault of it."""


def read_facts(cells: Mapping[Field, Cell]) -> DossierFacts | CellFault:
    """Read one row; the first wrong cell is told."""
    try:
        facts = DossierFacts(
            code=_code(cells.get(Field.CODE)),
            status=_status(cells.get(Field.STATUS)),
            procedure=_text(cells.get(Field.PROCEDURE))[:PROCEDURE_LETTERS] or None,
            received_on=_date(Field.RECEIVED_ON, cells.get(Field.RECEIVED_ON)),
            due_on=_date(Field.DUE_ON, cells.get(Field.DUE_ON)),
            wanted=_bounded(Field.WANTED, cells.get(Field.WANTED), WANTED_LETTERS),
            pick_up=_bounded(Field.PICK_UP, cells.get(Field.PICK_UP), PICK_UP_LETTERS),
            identity=_identity(cells.get(Field.IDENTITY)),
            password=_password(cells.get(Field.PASSWORD)),
        )
    except _WrongCellError as wrong:
        return CellFault(text=str(wrong))
    if facts.received_on and facts.due_on and facts.due_on < facts.received_on:
        return CellFault(text="due_on is before received_on: check both dates")
    return facts


def _code(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, int) and cell >= 10**15:
        raise _WrongCellError("code: a spreadsheet rounds numbers this long; format the column as text, type it again")
    if isinstance(cell, date):
        raise _WrongCellError("code: the spreadsheet made a date of it; format the column as text, type it again")
    text = _text(cell)
    if not text:
        raise _WrongCellError("code: it is missing")
    if _SHORTENED.fullmatch(text):
        raise _WrongCellError(f"code: the spreadsheet shortened it to {text}; format the column as text, type it again")
    plain = canonical(text)
    if not LEAST_CODE <= len(plain) <= MOST_CODE or sum(map(str.isdigit, plain)) < LEAST_DIGITS:
        raise _WrongCellError(
            f"code: {_quote(text)} is none that citizens can ask for; it needs {LEAST_CODE} to {MOST_CODE} letters and "
            f"digits, at least {LEAST_DIGITS} of them digits"
        )
    if len(text) > MOST_CODE + 24:
        raise _WrongCellError(f"code: {_quote(text)} is longer than {MOST_CODE + 24} characters")
    return text


def _status(cell: Cell) -> DossierStatus:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = _text(cell)
    number = text.lstrip("0") if text.isascii() and text.isdigit() else ""
    if number in set(DossierStatus):
        return DossierStatus(number)
    found = _STATES.get(canonical(text))
    if found is None:
        raise _WrongCellError(f"status: {_quote(text)} is none; write 1 to 10, or the portal's words, as 'Đang xử lý'")
    return found


def _date(field: Field, cell: Cell) -> date | None:
    found = _day_of(cell)
    if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
        found = None
    if found is None and _text(cell):
        raise _WrongCellError(f"{field}: {_quote(_text(cell))} is no date; write dd/mm/yyyy, for instance 15/08/2023")
    return found


def _day_of(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and _EXCEL_DAYS.start <= cell < _EXCEL_DAYS.stop:
        return _EXCEL_EPOCH + timedelta(days=int(cell))
    text = _text(cell)
    try:
        if match := _DAY_FIRST.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        if match := _PACKED.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo is None else moment.astimezone(LOCAL_ZONE)).date()


def _identity(cell: Cell) -> str | None:
    """Return the last four digits of an identity number, given whole or by these alone; a fault never quotes it."""
    text = canonical(_text(int(cell) if isinstance(cell, float) and cell.is_integer() else cell))
    if not text:
        return None
    if len(text) not in IDENTITY_LETTERS or not text[-LAST_DIGITS:].isdecimal():
        raise _WrongCellError(
            "identity: it is no identity number; give it whole or its last four digits, in a column formatted as text, "
            "where a zero in front is kept"
        )
    return text[-LAST_DIGITS:]


def _password(cell: Cell) -> str | None:
    """Return a look-up password as it is compared, upper case; a fault never quotes it."""
    text = canonical(_text(int(cell) if isinstance(cell, float) and cell.is_integer() else cell))
    if not text:
        return None
    if not can_be_secret(text):
        raise _WrongCellError(
            "password: DVC cannot take it; it needs 4 to 12 letters and digits, or 4 to 6 digits, or 6 to 12 letters"
        )
    return text


def _bounded(field: Field, cell: Cell, letters: int) -> str | None:
    text = _text(cell)
    if len(text) > letters:
        # Cut by us, a list of papers would send the citizen back with too few of them.
        raise _WrongCellError(f"{field}: it has {len(text)} letters; shorten it to {letters}")
    return text or None


def _text(cell: Cell) -> str:
    """Return a cell as one line of text, NFC, without signs that cannot be shown; a lone dash means nothing there."""
    if cell is None or isinstance(cell, bool):
        return ""
    text = str(cell)
    if len(text) > CELL_LETTERS:
        raise _WrongCellError(f"a cell is longer than {CELL_LETTERS} letters")
    if match := _FORMULA_TEXT.fullmatch(text.strip()):
        text = match[1]
    if text.lstrip().startswith(("=", "@")):
        raise _WrongCellError("a cell holds a formula; paste it as a value")
    kept = "".join(sign if sign.isprintable() else " " for sign in unicodedata.normalize("NFC", text))
    text = " ".join(kept.split())
    return "" if text in {"-", "--", "null", "NULL"} else text


def _quote(text: str) -> str:
    return f"'{text[:_QUOTED_LETTERS]}'" if text else "an empty cell"
