"""One unit: its facts, other names, members, contacts and wards; and how it is disabled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import abort, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.staff.audit import Action
from db.staff.operators import list_operators
from db.tickets.backlog import count_unanswered
from db.units.calendars import list_calendars
from db.units.contacts import list_contacts
from db.units.memberships import Membership, list_memberships
from db.units.route_rules import list_topics
from db.units.unit_rows import UnitRow, change_unit, list_aliases, list_units, list_wards, make_duty, make_focal
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pages.actions.action_result import done, reveals
from sms_gateway.pages.site.access import may
from sms_gateway.pages.units.calendar_hours import write_hours, write_time
from sms_gateway.pages.units.changing import changing
from sms_gateway.pages.units.own_units import known_unit, visible_unit
from sms_gateway.pages.units.unit_form import form_of, read_unit
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled, holding
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import local_day, say

Page = Response | str | tuple[str, int]


def unit(unit_id: int) -> str:
    """Show a unit; to somebody who only leads it, without forms. The address can name a member, to change how."""
    with dependencies().database.read() as connection:
        visible_unit(connection, unit_id)
        members = {str(one.operator_id): one for one in list_memberships(connection, unit_id)}
    chosen = members.get(request.args.get("member", ""))
    return show_unit(unit_id) if chosen is None else show_unit(unit_id, member=_form_of_member(chosen))


def change(unit_id: int) -> Page:
    """Write the facts of a unit."""
    form = Filled()
    with dependencies().database.read() as connection:
        before = known_unit(connection, unit_id)
        known, calendars = list_units(connection), list_calendars(connection)
    made = read_unit(form, before, unit_id, units=known, calendars=calendars)
    if made is None:
        return show_unit(unit_id, form=form), 400
    with changing(Action.UNIT_CHANGED, f"unit:{unit_id}") as connection:
        change_unit(connection, made)
    return done(url_for("admin.unit", unit_id=unit_id), "done.unit_changed")


def mark(unit_id: int) -> Page:
    """Make a unit the focal or the duty unit, disable it, or use it again."""
    wanted = short_field("mark")
    with dependencies().database.read() as connection:
        found = known_unit(connection, unit_id)
        tickets = count_unanswered(connection, unit_id)
    if wanted not in {"focal", "duty", "no_duty", "disable", "enable"}:
        abort(400)
    refused = _refusal(found, wanted, tickets)
    if refused:
        return show_unit(unit_id, fault=refused), 409
    with changing(Action.UNIT_CHANGED, f"unit:{unit_id}", wanted) as connection:
        _mark(connection, found, wanted)
    return done(url_for("admin.unit", unit_id=unit_id), f"done.unit_{wanted}")


def _refusal(unit: UnitRow, wanted: str, tickets: int) -> str:
    """Refuse what would leave filing without a focal unit, or tickets without anybody.

    An answered ticket keeps no unit in use: it closes by itself, and an objection goes to the focal unit.
    """
    if wanted == "disable" and unit.is_focal:
        return say("unit.focal_stays")
    if wanted == "disable" and tickets:
        return say("unit.has_tickets", count=tickets)
    return say("unit.disabled_first") if wanted in {"focal", "duty"} and unit.disabled else ""


def _mark(connection: Connection, unit: UnitRow, wanted: str) -> None:
    match wanted:
        case "focal":
            make_focal(connection, unit.id)
        case "duty" | "no_duty":
            make_duty(connection, unit.id if wanted == "duty" else None)
        case _:
            change_unit(connection, replace(unit, disabled=wanted == "disable"))


def show_unit(unit_id: int, *, form: Filled | None = None, fault: str = "", **forms: Filled) -> str:
    """Render the page of a unit; `forms` are the other forms of the page as they were filled."""
    subject = f"unit:{unit_id}"
    clear = reveals(subject)
    with dependencies().database.read() as connection:
        found = known_unit(connection, unit_id)
        known, calendars = list_units(connection), list_calendars(connection)
        aliases = [one for one in list_aliases(connection) if one.unit_id == unit_id]
        contacts = list_contacts(connection, unit_id)
        members = list_memberships(connection, unit_id)
        wards = [one for one in list_wards(connection) if one.unit_id == unit_id]
        operators, topics = list_operators(connection), list_topics(connection)
    mask = dependencies().addresses.mask
    calendar = next(one for one in calendars if one.id == found.calendar_id)
    return render_template(
        "units/unit.html",
        unit=found,
        form=form or form_of(found),
        fault=fault,
        units=[one for one in known if one.id != unit_id],
        calendars=calendars,
        calendar=calendar,
        hours=write_hours(calendar.hours),
        clock=write_time,
        aliases=aliases,
        contacts=contacts,
        phones={one.id: one.phone if clear else mask(one.phone) for one in contacts},
        clear=clear,
        members=members,
        wards=wards,
        topics=topics,
        topic_names={one.code: one.name for one in topics},
        operators={one.id: one for one in operators},
        now=dependencies().now(),
        can_change=may("admin.change_unit"),
        forms={name: forms.get(name, Filled()) for name in ("alias", "contact", "member")},
    )


def _form_of_member(member: Membership) -> Filled:
    """Return the form that shows a member of a unit."""
    last = "" if member.until is None else local_day(member.until.astimezone(LOCAL_ZONE).date() - timedelta(days=1))
    return holding(
        {
            "operator": str(member.operator_id),
            "member_capacity": str(member.capacity or ""),
            "member_until": last,
            "leads": "1" if member.leads else "",
            "topics": " ".join(member.topics or ()),
        }
    )
