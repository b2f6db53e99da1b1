"""Wards, of today and of before: each leads a report to the unit that looks after it."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from db.staff.audit import Action
from db.units.unit_rows import NAME_LETTERS, WardRow, add_ward, change_ward, list_units, list_wards, remove_ward
from handlers.conversation.routing.directory import bare_ward
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.units.changing import changing
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled, holding
from sms_gateway.web.language import say

MOST_SHOWN = 500

Page = Response | str | tuple[str, int]


def wards() -> str:
    """List the wards, or those of a search."""
    return _list(Filled())


def add() -> Page:
    """Add a ward."""
    form = Filled()
    made = _read(form, dependencies().new_id())
    if made is None:
        return _list(form), 400
    with changing(Action.UNIT_CHANGED, f"unit:{made.unit_id}", "ward added") as connection:
        add_ward(connection, made)
    return done(url_for("admin.wards"), "done.ward_added")


def ward(ward_id: int) -> Page:
    """Show a ward's form, or write it."""
    found = _find(ward_id)
    if request.method == "GET":
        until = "" if found.until is None else f"{found.until:%d/%m/%Y}"
        return _page(found, holding({"name": found.name, "unit": str(found.unit_id), "until": until}))
    form = Filled()
    made = _read(form, ward_id)
    if made is None:
        return _page(found, form), 400
    with changing(Action.UNIT_CHANGED, f"unit:{made.unit_id}", "ward changed") as connection:
        change_ward(connection, made)
    return done(url_for("admin.wards"), "done.ward_changed")


def remove(ward_id: int) -> Page:
    """Delete a ward."""
    found = _find(ward_id)
    with changing(Action.UNIT_CHANGED, f"unit:{found.unit_id}", "ward removed") as connection:
        if not remove_ward(connection, ward_id):
            abort(409)
    return done(url_for("admin.wards"), "done.ward_removed")


def _find(ward_id: int) -> WardRow:
    with dependencies().database.read() as connection:
        return next((one for one in list_wards(connection) if one.id == ward_id), None) or abort(404)


def _read(form: Filled, ward_id: int) -> WardRow | None:
    with dependencies().database.read() as connection:
        units = {str(one.id) for one in list_units(connection)}
    name, unit = form.text("name", most=NAME_LETTERS), form.choice("unit", {"", *units})
    until = form.day("until")
    if not bare_ward(name):
        form.refuse("name", say("unit.no_name"))
    if not unit:
        form.refuse("unit", say("wards.no_unit"))
    if not form.is_sound:
        return None
    return WardRow(id=ward_id, name=name, folded=bare_ward(name), unit_id=int(unit), until=until)


def _list(form: Filled) -> str:
    search = request.args.get("search", "")[:NAME_LETTERS]
    asked = bare_ward(search)
    with dependencies().database.read() as connection:
        units = list_units(connection)
        found = [one for one in list_wards(connection) if asked in one.folded]
    return render_template(
        "units/wards.html",
        wards=found[:MOST_SHOWN],
        count=len(found),
        most=MOST_SHOWN,
        units=units,
        names={one.id: one.name for one in units},
        search=Filled(values={"search": search}),
        form=form,
    )


def _page(found: WardRow, form: Filled) -> str:
    with dependencies().database.read() as connection:
        units = list_units(connection)
    return render_template("units/ward.html", ward=found, form=form, units=units)
