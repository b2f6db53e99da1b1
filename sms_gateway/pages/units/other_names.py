"""Other names of a unit, as people write them: abbreviations, and the names of offices that it took over."""

from __future__ import annotations

from flask import abort, url_for
from werkzeug.wrappers import Response

from db.staff.audit import Action
from db.units.unit_rows import NAME_LETTERS, AliasRow, list_aliases, list_units, remove_alias, set_alias
from handlers.conversation.routing.phrase_index import phrase_of
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.units.changing import changing
from sms_gateway.pages.units.own_units import known_unit
from sms_gateway.pages.units.unit import show_unit
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import say

Page = Response | str | tuple[str, int]


def add_name(unit_id: int) -> Page:
    """Let another name lead to a unit. A name that leads to another unit is refused."""
    form = Filled()
    folded = phrase_of(form.text("alias", most=NAME_LETTERS))
    until = form.day("alias_until")
    if not folded:
        form.refuse("alias", say("unit.no_name"))
    with dependencies().database.read() as connection:
        known_unit(connection, unit_id)
        holder = {one.folded: one.unit_id for one in list_aliases(connection)}.get(folded, unit_id)
        names = {one.id: one.name for one in list_units(connection)}
    if holder != unit_id:
        form.refuse("alias", say("unit.alias_taken", name=names[holder]))
    if not form.is_sound:
        return show_unit(unit_id, alias=form), 400
    with changing(Action.UNIT_CHANGED, f"unit:{unit_id}", "name added") as connection:
        set_alias(connection, AliasRow(folded=folded, unit_id=unit_id, until=until))
    return done(url_for("admin.unit", unit_id=unit_id), "done.alias_added")


def remove_name(unit_id: int) -> Page:
    """Let a name lead to a unit no more."""
    with changing(Action.UNIT_CHANGED, f"unit:{unit_id}", "name removed") as connection:
        if not remove_alias(connection, short_field("alias"), unit_id):
            abort(409)
    return done(url_for("admin.unit", unit_id=unit_id), "done.alias_removed")
