"""Wards, of today and of before: each leads a report to the unit that looks after it."""

from __future__ import annotations

from flask import render_template, request

from db.staff.audit import Action
from db.units.unit_rows import NAME_LETTERS, WardRow, add_ward, change_ward, list_units, list_wards, remove_ward
from handlers.conversation.routing.directory import bare_ward
from sms_gateway.pages.units.routing.row_pages import Audit, Page, RowPages
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled, holding
from sms_gateway.web.language import local_day, say

MOST_SHOWN = 500


def wards() -> str:
    """List the wards, or those of a search."""
    return _list(Filled())


def add() -> Page:
    """Add a ward."""
    return _pages().add()


def ward(ward_id: int) -> Page:
    """Show a ward's form, or write it."""
    return _pages().row(ward_id)


def remove(ward_id: int) -> Page:
    """Delete a ward."""
    return _pages().remove(ward_id)


def _pages() -> RowPages[WardRow]:
    return RowPages(
        name="ward",
        read_all=list_wards,
        read=_read,
        form_of=_form_of,
        show_list=_list,
        show_row=_page,
        add_row=add_ward,
        change_row=change_ward,
        remove_row=remove_ward,
        name_of=lambda row: row.name,
        audit=lambda row: Audit(action=Action.UNIT_CHANGED, subject=f"unit:{row.unit_id}", prefix="ward"),
    )


def _form_of(found: WardRow) -> Filled:
    return holding({"name": found.name, "unit": str(found.unit_id), "until": local_day(found.until)})


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
