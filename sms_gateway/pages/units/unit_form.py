"""The form of a unit: its fields as an operator fills them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import request

from db.units.calendars import CalendarRow
from db.units.unit_rows import (
    ADDRESS_LETTERS,
    CODE_LETTERS,
    NAME_LETTERS,
    PHONE_LETTERS,
    SMS_NAME_LETTERS,
    UnitRow,
    cycle_of,
)
from handlers.conversation.load import DEFAULT_CAPACITY
from handlers.conversation.routing.phrase_index import phrase_of
from parsers.text.folding import unaccented
from sms_gateway.channels.smpp.coding.text import Encoding, count_segments
from sms_gateway.web.filled import Filled, holding
from sms_gateway.web.language import say

MOST_CAPACITY = 999


def empty_form() -> Filled:
    """Return the form for a new unit."""
    return holding({"capacity": str(DEFAULT_CAPACITY)})


def form_of(unit: UnitRow) -> Filled:
    """Return the form that shows a unit."""
    return holding(
        {
            "code": unit.code,
            "name": unit.name,
            "sms_name": unit.sms_name or "",
            "parent": str(unit.parent_id or ""),
            "calendar": str(unit.calendar_id),
            "phone": unit.phone or "",
            "address": unit.address or "",
            "capacity": str(unit.busy_capacity),
            "assigns": "1" if unit.assigns else "",
        }
    )


def read_unit(
    form: Filled, before: UnitRow | None, unit_id: int, *, units: Sequence[UnitRow], calendars: Sequence[CalendarRow]
) -> UnitRow | None:
    """Read the form into a unit; None when a field has a fault. Marks that the form does not hold stay."""
    code, name = form.text("code", most=CODE_LETTERS), form.text("name", most=NAME_LETTERS)
    sms_name = form.text("sms_name", most=SMS_NAME_LETTERS)
    others = [one for one in units if one.id != unit_id]
    parent = form.choice("parent", {"", *(str(one.id) for one in others)})
    calendar = form.choice("calendar", {"", *(str(one.id) for one in calendars)})
    phone, address = form.text("phone", most=PHONE_LETTERS), form.text("address", most=ADDRESS_LETTERS)
    capacity = form.count("capacity", most=MOST_CAPACITY)
    form.values["assigns"] = request.form.get("assigns", "")
    _refuse_names(form, code, name, sms_name, others)
    if not calendar:
        form.refuse("calendar", say("unit.no_calendar"))
    if parent and before is not None:
        _refuse_cycle(form, before, int(parent), units)
    if not form.is_sound or capacity is None:
        return None
    made = UnitRow(
        id=unit_id,
        code=code,
        name=name,
        folded=phrase_of(name),
        sms_name=sms_name or None,
        parent_id=int(parent) if parent else None,
        calendar_id=int(calendar),
        phone=phone or None,
        address=address or None,
        busy_capacity=capacity,
        assigns=bool(form.value("assigns")),
    )
    if before is None:
        return made
    return replace(made, is_focal=before.is_focal, is_duty=before.is_duty, disabled=before.disabled)


def _refuse_names(form: Filled, code: str, name: str, sms_name: str, others: Sequence[UnitRow]) -> None:
    """Refuse a name or a code that is missing or of another unit, and a name that no SMS can hold."""
    if not code:
        form.refuse("code", say("unit.no_code"))
    if not phrase_of(name):
        form.refuse("name", say("unit.no_name"))
    same = next((one for one in others if one.code.casefold() == code.casefold()), None)
    if same is not None:
        form.refuse("code", say("unit.code_taken", name=same.name))
    if sms_name and (unaccented(sms_name) != sms_name or count_segments(sms_name)[0] is not Encoding.GSM):
        form.refuse("sms_name", say("unit.sms_name_accents", example=unaccented(sms_name)))
    if not sms_name and len(unaccented(name)) > SMS_NAME_LETTERS:
        form.refuse("sms_name", say("unit.sms_name_wanted", most=SMS_NAME_LETTERS))


def _refuse_cycle(form: Filled, unit: UnitRow, parent_id: int, units: Sequence[UnitRow]) -> None:
    codes = {one.id: one.code for one in units}
    parents = {one.code: codes.get(one.parent_id or 0) for one in units}
    cycle = cycle_of({**parents, unit.code: codes[parent_id]})
    if cycle:
        form.refuse("parent", say("unit.cycle", units=" → ".join([*cycle, cycle[0]])))
