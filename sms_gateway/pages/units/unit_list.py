"""The list of units, and the form for a new one."""

from __future__ import annotations

from collections import Counter

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from db.staff.audit import Action
from db.units.calendars import list_calendars
from db.units.contacts import list_contacts
from db.units.unit_rows import NAME_LETTERS, UnitRow, add_unit, list_units, make_focal
from handlers.conversation.routing.phrase_index import phrase_of
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.units.changing import changing
from sms_gateway.pages.units.own_units import led_units
from sms_gateway.pages.units.unit_form import empty_form, read_unit
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled

Page = Response | str | tuple[str, int]


def units() -> str:
    """List the units, those that match a search first asked for."""
    return _page()


def new_unit() -> Page:
    """Show the form for a new unit, or add it. The first unit becomes the focal unit: filing needs one."""
    if request.method == "GET":
        return _new(empty_form())
    form = Filled()
    unit_id = dependencies().new_id()
    with dependencies().database.read() as connection:
        known, calendars = list_units(connection), list_calendars(connection)
    made = read_unit(form, None, unit_id, units=known, calendars=calendars)
    if made is None:
        return _new(form), 400
    with changing(Action.UNIT_CHANGED, f"unit:{unit_id}", "added") as connection:
        add_unit(connection, made)
        if not any(one.is_focal for one in known):
            make_focal(connection, unit_id)
    return done(url_for("admin.unit", unit_id=unit_id), "done.unit_added")


def _new(form: Filled) -> str:
    with dependencies().database.read() as connection:
        known, calendars = list_units(connection), list_calendars(connection)
    return render_template("units/new_unit.html", form=form, units=known, calendars=calendars)


def _page() -> str:
    form = Filled(values={"name": request.args.get("name", "")[:NAME_LETTERS]})
    asked = phrase_of(form.value("name"))
    with dependencies().database.read() as connection:
        own = led_units(connection)
        known = list_units(connection)
        calendars = {one.id: one.name for one in list_calendars(connection)}
        contacts = Counter(one.unit_id for one in list_contacts(connection))
    shown = [one for one in known if (own is None or one.id in own) and _matches(one, asked)]
    return render_template(
        "units/units.html",
        units=shown,
        count=len(shown),
        names={one.id: one.name for one in known},
        calendars=calendars,
        contacts=contacts,
        form=form,
        lacks_focal=not any(one.is_focal and not one.disabled for one in known),
    )


def _matches(unit: UnitRow, asked: str) -> bool:
    return not asked or asked in unit.folded or asked in phrase_of(unit.code)
