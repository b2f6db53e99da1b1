"""The cells of one row -> the facts of one dossier, or what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from db.citizens.dossiers import (
    FIX_LETTERS,
    PICK_UP_LETTERS,
    PROCEDURE_LETTERS,
    WANTED_LETTERS,
    DossierFacts,
    canonical,
)
from db.schema import DossierStatus
from db.store.address import Msisdn
from db.store.phone_numbers import read_sender
from handlers.wording.contacts import find_contacts
from parsers.grammars.status_lookup_secrets import can_be_secret
from parsers.localised_message import LocalisedMessage
from sms_gateway.back_office.dossier_file.fault_messages import named, wrong
from sms_gateway.back_office.dossier_file.headings import Field
from sms_gateway.back_office.table_file.cell_texts import WrongCellError, text_of
from sms_gateway.back_office.table_file.days import DAY_FIRST, read_day
from sms_gateway.back_office.table_file.fault_messages import quoted
from sms_gateway.back_office.table_file.lines import EXCEL_EPOCH, Cell

LAST_DIGITS = 4
IDENTITY_LETTERS = frozenset({LAST_DIGITS, *range(8, 13)})
"""Letters and digits of an identity number: its last ones alone, or the whole of a passport, CMND or CCCD."""
LEAST_CODE, MOST_CODE, LEAST_DIGITS = 4, 40, 3
"""Letters and digits of a code that citizens can ask for, and digits among them."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Years in which a dossier can be received or due; a year outside is a typing error."""
CLEARING = frozenset({"XOA", "CLEAR"})
"""`(xóa)` or `(clear)` in a cell takes away what is on file; a blank cell leaves it."""
TOLD_FIELDS = (Field.CODE, Field.WANTED, Field.FIX, Field.PICK_UP)
"""Fields whose text reaches citizens."""

_NEEDED = frozenset({Field.CODE, Field.STATUS})
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
_SHORTENED = re.compile(r"\d+([.,]\d+)?E\+?\d+", re.IGNORECASE)
_DECIMAL = re.compile(r"(\d+)\.0{1,2}")
"""A whole number as programs write it that keep all numbers with decimals."""
_NO_MONEY = re.compile(r"0(?:[.,]0{1,2})?")
_DAYS_1900 = range(32_874, 73_415)
"""Day numbers of FIRST_YEAR to LAST_YEAR, for date cells that lost their format."""
_MOST_DAYS = 100_000
_MOBILE = re.compile(r"84[35789][0-9]{8}")


@dataclass(frozen=True, kw_only=True, slots=True)
class CellFault:
    """What is wrong with a row, and how to fix it."""

    message: LocalisedMessage


@dataclass(frozen=True, kw_only=True, slots=True)
class _Given:
    """The first filled cell of a field: as it came, and as text."""

    cell: Cell = None
    text: str = ""
    clears: bool = False


_BLANK = _Given()


def read_facts(cells: Mapping[Field, Sequence[Cell]], epoch: date = EXCEL_EPOCH) -> DossierFacts | CellFault:
    """Read one row, of each field its first filled cell; the first wrong cell is told.

    `epoch` is day 0 of the workbook, for dates that stand as plain numbers.
    """
    try:
        given = {field: _first_filled(field, cells.get(field, ())) for field in Field}
        facts = DossierFacts(
            code=_code(given[Field.CODE]),
            status=_status(given[Field.STATUS]),
            procedure=given[Field.PROCEDURE].text[:PROCEDURE_LETTERS] or None,
            received_on=_date(Field.RECEIVED_ON, given[Field.RECEIVED_ON], epoch),
            due_on=_date(Field.DUE_ON, given[Field.DUE_ON], epoch),
            wanted=_bounded(Field.WANTED, given[Field.WANTED], WANTED_LETTERS),
            fix=_bounded(Field.FIX, given[Field.FIX], FIX_LETTERS),
            pick_up=_bounded(Field.PICK_UP, given[Field.PICK_UP], PICK_UP_LETTERS),
            identity=_identity(given[Field.IDENTITY]),
            password=_password(given[Field.PASSWORD]),
            phone=_phone(given[Field.PHONE]),
            cleared=frozenset(field.value for field, one in given.items() if one.clears),
        )
    except WrongCellError as error:
        return CellFault(message=error.message)
    if facts.received_on and facts.due_on and facts.due_on < facts.received_on:
        return CellFault(message=wrong("dates", due_on=named(Field.DUE_ON), received_on=named(Field.RECEIVED_ON)))
    return facts


def filled_text(field: Field, cell: Cell) -> str:
    """Return what is in a cell, empty for one that counts as blank, as a fee of 0 does; raises WrongCellError."""
    text = text_of(cell)
    return "" if field is Field.WANTED and _NO_MONEY.fullmatch(text) else text


def contacts_in(facts: DossierFacts, allowed: Collection[str]) -> Sequence[LocalisedMessage]:
    """Return what phones would show as a link or a telephone number in the texts that citizens are told."""
    texts = {
        Field.CODE: facts.code,
        Field.WANTED: facts.wanted,
        Field.FIX: facts.fix,
        Field.PICK_UP: facts.pick_up,
    }
    return [
        wrong("contact", field=named(field), text=piece)
        for field in TOLD_FIELDS
        for piece in find_contacts(texts[field] or "", allowed)
    ]


def _first_filled(field: Field, cells: Sequence[Cell]) -> _Given:
    for cell in cells:
        try:
            text = filled_text(field, cell)
        except WrongCellError as error:
            raise WrongCellError(wrong("in_field", field=named(field), fault=error.message)) from None
        if not text:
            continue
        if text[0] == "(" and text[-1] == ")" and canonical(text) in CLEARING and field not in _NEEDED:
            return _Given(clears=True)
        return _Given(cell=cell, text=text)
    return _BLANK


def _code(given: _Given) -> str:
    cell, text = given.cell, given.text
    if isinstance(cell, int | float) and abs(cell) >= 10**15:
        raise WrongCellError(wrong("code.rounded", field=named(Field.CODE)))
    if isinstance(cell, date):
        raise WrongCellError(wrong("code.date", field=named(Field.CODE)))
    if not text:
        raise WrongCellError(wrong("code.missing", field=named(Field.CODE)))
    if _SHORTENED.fullmatch(text):
        raise WrongCellError(wrong("code.shortened", field=named(Field.CODE), text=text))
    if _DECIMAL.fullmatch(text):
        raise WrongCellError(wrong("code.decimal", field=named(Field.CODE), text=text))
    plain = canonical(text)
    if not LEAST_CODE <= len(plain) <= MOST_CODE or sum(map(str.isdigit, plain)) < LEAST_DIGITS:
        raise WrongCellError(
            wrong(
                "code.none",
                field=named(Field.CODE),
                text=quoted(text),
                least=LEAST_CODE,
                most=MOST_CODE,
                digits=LEAST_DIGITS,
            )
        )
    if len(text) > MOST_CODE + 24:
        raise WrongCellError(wrong("code.long", field=named(Field.CODE), text=quoted(text), most=MOST_CODE + 24))
    return text


def read_status(text: str) -> DossierStatus | None:
    """Return the state that a number or the national portal's words name; None for none of them.

    >>> read_status("05") is read_status("Yêu cầu bổ sung giấy tờ") is DossierStatus.PAPERS_WANTED
    True
    """
    number = text.lstrip("0") if text.isascii() and text.isdigit() else ""
    if number in set(DossierStatus):
        return DossierStatus(number)
    return _STATES.get(canonical(text))


def _status(given: _Given) -> DossierStatus:
    found = read_status(given.text)
    if found is None:
        raise WrongCellError(wrong("status.none", field=named(Field.STATUS), text=quoted(given.text)))
    return found


def _date(field: Field, given: _Given, epoch: date) -> date | None:
    found = _day_of(given, epoch)
    if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
        found = None
    if found is None and given.text:
        raise WrongCellError(wrong("date.none", field=named(field), text=quoted(given.text)))
    return found


def _day_of(given: _Given, epoch: date) -> date | None:
    cell, text = given.cell, given.text
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and 0 < cell < _MOST_DAYS:
        day = int(cell) + (epoch - EXCEL_EPOCH).days
        return EXCEL_EPOCH + timedelta(days=day) if day in _DAYS_1900 else None
    return read_day(text)


def _identity(given: _Given) -> str | None:
    """Return the last four digits of an identity number, given whole or by these alone; a fault never quotes it."""
    text = canonical(given.text)
    if not text:
        return None
    if len(text) not in IDENTITY_LETTERS or not text[-LAST_DIGITS:].isdecimal() or _is_spoiled(given):
        raise WrongCellError(wrong("identity.none", field=named(Field.IDENTITY)))
    return text[-LAST_DIGITS:]


def _password(given: _Given) -> str | None:
    """Return a look-up password as it is compared, upper case; a fault never quotes it."""
    text = canonical(given.text)
    if not text:
        return None
    if not can_be_secret(text) or _is_spoiled(given):
        raise WrongCellError(wrong("password.none", field=named(Field.PASSWORD)))
    return text


def _phone(given: _Given) -> Msisdn | None:
    """Return a mobile number of Viet Nam; anything else is left out: the dossier is what counts."""
    text = given.text
    number = read_sender(text if text.startswith(("0", "84", "+")) else f"0{text}")  # a spreadsheet drops the zero
    return number if number is not None and _MOBILE.fullmatch(number) else None


def _is_spoiled(given: _Given) -> bool:
    """Return whether a spreadsheet or a program made a date or another number of a secret."""
    spoiled = (_SHORTENED, _DECIMAL, DAY_FIRST)
    return isinstance(given.cell, date) or any(pattern.fullmatch(given.text) for pattern in spoiled)


def _bounded(field: Field, given: _Given, letters: int) -> str | None:
    text = given.text
    if len(text) > letters:
        # Cut by us, a list of papers would send the citizen back with too few of them.
        raise WrongCellError(wrong("letters", field=named(field), count=len(text), most=letters))
    if _SHORTENED.fullmatch(text):
        raise WrongCellError(wrong("number.shortened", field=named(field), text=text))
    if match := _DECIMAL.fullmatch(text):
        return match[1]
    return text or None
