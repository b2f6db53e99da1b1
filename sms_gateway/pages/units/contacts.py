"""The contacts of a unit: who is called, and who is texted when it is urgent. Phones are masked."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from db.staff.audit import Action
from db.units.contacts import (
    NAME_LETTERS,
    PLACE_LETTERS,
    ContactRow,
    add_contact,
    change_contact,
    list_contacts,
    remove_contact,
)
from db.units.unit_rows import UnitRow
from sms_gateway.pages.actions.action_result import done, reveal
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.display.paging import bounded
from sms_gateway.pages.units.calendar_hours import read_time, write_time
from sms_gateway.pages.units.changing import changing
from sms_gateway.pages.units.own_units import known_unit, visible_unit
from sms_gateway.pages.units.unit import show_unit
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled, holding
from sms_gateway.web.language import say

MOST_POSITION = 99

Page = Response | str | tuple[str, int]


def add(unit_id: int) -> Page:
    """Add a contact."""
    form = Filled()
    with dependencies().database.read() as connection:
        known_unit(connection, unit_id)
    made = _read(form, dependencies().new_id(), unit_id, None)
    if made is None:
        return show_unit(unit_id, contact=form), 400
    with changing(Action.UNIT_CHANGED, f"unit:{unit_id}", "contact added") as connection:
        add_contact(connection, made)
    return done(url_for("admin.unit", unit_id=unit_id), "done.contact_added")


def contact(unit_id: int, contact_id: int) -> Page:
    """Show a contact's form, or write it. An empty phone keeps the one that is there: no page shows it."""
    found_unit, found = _find(unit_id, contact_id)
    if request.method == "GET":
        return _page(found_unit, found, _form_of(found))
    form = Filled()
    made = _read(form, contact_id, unit_id, found)
    if made is None:
        return _page(found_unit, found, form), 400
    with changing(Action.UNIT_CHANGED, f"unit:{unit_id}", "contact changed") as connection:
        if not change_contact(connection, made):
            abort(409)
    return done(url_for("admin.unit", unit_id=unit_id), "done.contact_changed")


def remove(unit_id: int, contact_id: int) -> Page:
    """Delete a contact."""
    _find(unit_id, contact_id)
    with changing(Action.UNIT_CHANGED, f"unit:{unit_id}", "contact removed") as connection:
        if not remove_contact(connection, contact_id):
            abort(409)
    return done(url_for("admin.unit", unit_id=unit_id), "done.contact_removed")


def reveal_contacts(unit_id: int) -> Response:
    """Let the next page show the unit's phones unmasked, once, and record who sees them."""
    with dependencies().database.write() as connection:
        visible_unit(connection, unit_id)
        note(connection, Action.REVEALED, f"unit:{unit_id}")
    return reveal(url_for("admin.unit", unit_id=unit_id), f"unit:{unit_id}")


def _find(unit_id: int, contact_id: int) -> tuple[UnitRow, ContactRow]:
    with dependencies().database.read() as connection:
        found_unit = known_unit(connection, unit_id)
        contacts = {one.id: one for one in list_contacts(connection, unit_id)}
    return found_unit, contacts.get(bounded(contact_id)) or abort(404)


def _read(form: Filled, contact_id: int, unit_id: int, before: ContactRow | None) -> ContactRow | None:
    place, name = form.text("place", most=PLACE_LETTERS), form.text("person", most=NAME_LETTERS)
    phone = form.phone("person_phone") or (before.phone if before is not None else None)
    position = form.count("position", most=MOST_POSITION)
    duty_from, duty_to = read_time(form, "duty_from"), read_time(form, "duty_to")
    for field, value in (("place", place), ("person", name), ("person_phone", phone)):
        if not value:
            form.refuse(field, say("contacts.wanted"))
    if (duty_from is None) is not (duty_to is None):
        form.refuse("duty_to" if duty_to is None else "duty_from", say("contacts.both_times"))
    if not form.is_sound or phone is None or position is None:
        return None
    return ContactRow(
        id=contact_id,
        unit_id=unit_id,
        place=place,
        name=name,
        phone=phone,
        position=position,
        duty_from=duty_from,
        duty_to=duty_to,
    )


def _form_of(found: ContactRow) -> Filled:
    return holding(
        {
            "place": found.place,
            "person": found.name,
            "position": str(found.position),
            "duty_from": write_time(found.duty_from),
            "duty_to": write_time(found.duty_to),
        }
    )


def _page(unit: UnitRow, found: ContactRow, form: Filled) -> str:
    phone = dependencies().addresses.mask(found.phone)
    return render_template("units/contact.html", unit=unit, contact=found, phone=phone, form=form)
