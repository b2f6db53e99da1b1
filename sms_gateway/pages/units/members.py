"""Who works for a unit: leads, capacity, topics, and until when."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask import abort, request, url_for
from werkzeug.wrappers import Response

from db.schema import OperatorRole
from db.staff.audit import Action
from db.staff.operators import list_operators
from db.units.memberships import Membership, memberships_of, remove_membership, set_membership
from db.units.route_rules import list_topics
from sms_gateway.back_office.tickets.working import release_all
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.session import current_session
from sms_gateway.pages.units.changing import changing
from sms_gateway.pages.units.own_units import known_unit
from sms_gateway.pages.units.unit import show_unit
from sms_gateway.pages.units.unit_form import MOST_CAPACITY
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import say

MOST_TOPICS = 500

Page = Response | str | tuple[str, int]


def set_member(unit_id: int) -> Page:
    """Let an operator work for a unit, or change how."""
    form = Filled()
    with dependencies().database.read() as connection:
        known_unit(connection, unit_id)
        operators = {str(one.id): one for one in list_operators(connection)}
        known_topics = {one.code for one in list_topics(connection)}
    chosen = form.choice("operator", {"", *operators})
    capacity = form.count("member_capacity", most=MOST_CAPACITY) if short_field("member_capacity") else None
    until = form.day("member_until")
    topics = [one for one in request.form.getlist("topics")[:MOST_TOPICS] if one in known_topics]
    form.values.update(leads=request.form.get("leads", ""), topics=" ".join(topics))
    if not chosen:
        form.refuse("operator", say("members.no_operator"))
    if until is not None and until < dependencies().now().astimezone(LOCAL_ZONE).date():
        form.refuse("member_until", say("members.past"))
    if not form.is_sound:
        return show_unit(unit_id, member=form), 400
    made = Membership(
        operator_id=int(chosen),
        unit_id=unit_id,
        leads=bool(form.value("leads")),
        capacity=capacity,
        topics=topics or None,
        until=None if until is None else datetime.combine(until + timedelta(days=1), time(), LOCAL_ZONE),
    )
    name = operators[chosen].name
    with changing(Action.UNIT_CHANGED, f"unit:{unit_id}", f"member {name}") as connection:
        set_membership(connection, made)
    return done(url_for("admin.unit", unit_id=unit_id), "done.member_set", name=name)


def remove_member(unit_id: int) -> Page:
    """Let an operator work for a unit no more."""
    with dependencies().database.read() as connection:
        known_unit(connection, unit_id)
        operators = {str(one.id): one for one in list_operators(connection)}
    found = operators.get(short_field("operator")) or abort(404)
    with changing(Action.UNIT_CHANGED, f"unit:{unit_id}", f"no member {found.name}") as connection:
        remove_membership(connection, found.id, unit_id)
        if found.role is OperatorRole.AGENT:  # sees the tickets of this unit no more
            parts, by = dependencies(), current_session().operator.name
            keeps = [one.unit_id for one in memberships_of(connection, found.id, parts.now())]
            release_all(connection, found.id, keeps=keeps, by=by, now=parts.now(), new_id=parts.new_id)
    return done(url_for("admin.unit", unit_id=unit_id), "done.member_removed", name=found.name)
