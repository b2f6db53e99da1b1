"""One item -> one dossier and the time of its change, by the rules of a file of dossiers; or what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from pydantic import ValidationError

from db.back_office.dossier_pushes import PushedDossier
from db.schema import DossierStatus
from sms_gateway.back_office.dossier_file import Field, contacts_in
from sms_gateway.back_office.dossier_file.cells import CellFault, read_facts, read_status
from sms_gateway.back_office.dossier_push.items import NationalItem, OwnItem, Supplement, Value
from sms_gateway.back_office.dossier_push.numbers import mask_long_numbers
from sms_gateway.back_office.table_file.cell_texts import clean
from sms_gateway.clock import LOCAL_ZONE

NATIONAL_CODE = "MaHoSo"
_WORDS = frozenset({Field.PROCEDURE, Field.WANTED, Field.FIX, Field.PICK_UP})
"""Fields in which people write sentences."""

_PACKED = "%Y%m%d%H%M%S"
_PACKED_LENGTH = 14
_STATUS_FIELDS = ("TrangThaiHoSo", "TrangThai")


def read_item(item: object, *, at: datetime, allowed: Collection[str]) -> PushedDossier | str:
    """Read one item of a body; `at` is the time of the request. A fault never quotes what is not told to citizens."""
    if not isinstance(item, dict):
        return "this is no object: write {...}"
    try:
        if NATIONAL_CODE in item or any(name in item for name in _STATUS_FIELDS):
            national = NationalItem.model_validate(item)
            cells, changed_at = _national_cells(national), national.changed_at
        else:
            own = OwnItem.model_validate(item)
            cells, changed_at = _own_cells(own), own.updated_at
    except ValidationError as error:
        return _words(error)
    since = at if changed_at in {None, ""} else read_time(changed_at)
    if since is None:
        return "the time of the change cannot be read: write yyyyMMddHHmmss or ISO 8601"
    facts = read_facts({field: (_as_text(field, value, allowed),) for field, value in cells.items()})
    if isinstance(facts, CellFault):
        return str(facts.message)
    if contacts := contacts_in(facts, allowed):
        return str(contacts[0])
    return PushedDossier(facts=facts, at=min(since, at))  # a clock that is fast must not refuse what comes later


def code_in(item: object) -> str | None:
    """Return the code of an item as it came, so that its sender finds it in the answer."""
    given = item.get(NATIONAL_CODE, item.get("code")) if isinstance(item, dict) else None
    return str(given)[:64] if isinstance(given, str | int) and not isinstance(given, bool) else None


def read_time(value: Value) -> datetime | None:
    """Read a time: packed or ISO 8601, in Viet Nam's time where no zone is given; None for anything else.

    >>> read_time("20261129083000") == read_time("2026-11-29T01:30:00Z")
    True
    >>> read_time("tomorrow") is None
    True
    """
    text = clean(str(value))
    try:
        is_packed = len(text) == _PACKED_LENGTH and text.isascii() and text.isdecimal()
        read = datetime.strptime(text, _PACKED) if is_packed else datetime.fromisoformat(text)  # noqa: DTZ007 - below
        moment = read.replace(tzinfo=LOCAL_ZONE) if read.tzinfo is None else read
        return moment.astimezone(LOCAL_ZONE)
    except (ValueError, OverflowError):
        return None


def _national_cells(item: NationalItem) -> Mapping[Field, Value]:
    status = item.step if item.status in {None, ""} else item.status
    last = max(item.supplements or (), key=_asked_at, default=None)
    cells: dict[Field, Value] = {
        Field.CODE: item.code,
        Field.STATUS: status,
        Field.PROCEDURE: item.procedure,
        Field.RECEIVED_ON: item.received_on,
        Field.DUE_ON: item.due_on,
    }
    if last is not None:
        cells[Field.DUE_ON] = item.due_on if last.due_on in {None, ""} else last.due_on
        if read_status(clean(str(status))) is DossierStatus.PAPERS_WANTED:
            cells[Field.WANTED] = last.wanted
    return cells


def _as_text(field: Field, value: Value, allowed: Collection[str]) -> str | None:
    """Return a value as text: a bare number is no day of a spreadsheet here. In words long numbers are masked."""
    if value is None:
        return None
    return mask_long_numbers(clean(str(value)), allowed) if field in _WORDS else str(value)


def _asked_at(one: Supplement) -> float:
    """Return when papers were demanded: the latest demand counts, and those without a time before the others."""
    asked = read_time(one.asked_on)
    return float("-inf") if asked is None else asked.timestamp()


def _own_cells(item: OwnItem) -> Mapping[Field, Value]:
    return {
        Field.CODE: item.code,
        Field.STATUS: item.status,
        Field.PROCEDURE: item.procedure,
        Field.RECEIVED_ON: item.received_on,
        Field.DUE_ON: item.due_on,
        Field.WANTED: item.wanted,
        Field.FIX: item.fix,
        Field.PICK_UP: item.pick_up,
        Field.IDENTITY: item.identity_last4,
        Field.PASSWORD: item.password,
    }


def _words(error: ValidationError) -> str:
    """Return what is wrong with the first field, and never its value."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"] if part not in {"constrained-str", "constrained-int"})
    return f"{where}: {first['msg']}"[:200]
