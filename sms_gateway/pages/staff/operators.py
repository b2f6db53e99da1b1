"""Operators: who may log in, and with which role; for administrators."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from flask import abort, render_template, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.schema import OperatorRole
from db.staff.audit import Action
from db.staff.log_in_attempts import locked_places
from db.staff.operator_row import Operator
from db.staff.operators import (
    ONE_TIME,
    add_operator,
    find_alike,
    find_operator_by_id,
    is_name,
    list_operators,
    normal_name,
    open_administrators,
    reset_password,
    set_disabled,
    set_role,
)
from db.staff.sessions import close_sessions_of, list_sessions
from db.units.memberships import memberships_of
from handlers.first_passwords import prepare
from sms_gateway.back_office.tickets.working import release_all
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.session import current_session, idle_time
from sms_gateway.pages.site.access import lacks_second_factor
from sms_gateway.settings.switches import CONVERSATION
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import local_time, say

LONGEST_TYPED = 64
"""The longest name of the field; `is_name` checks it."""

Page = Response | str | tuple[str, int]


def operators() -> str:
    """List the operators, and what each role may open."""
    return _page()


def add() -> Page:
    """Add an operator; the next page shows the one-time password, once."""
    form = Filled()
    name = normal_name(form.text("name", most=LONGEST_TYPED))
    role = form.choice("role", set(_roles()))
    if not is_name(name):
        form.refuse("name", say("operators.name_fault"))
    if not form.is_sound:
        return _page(form=form), 400
    password = prepare()
    parts = dependencies()
    with parts.database.write() as connection:
        alike = find_alike(connection, name)
        added = add_operator(
            connection,
            operator_id=parts.new_id(),
            name=name,
            password_hash=password.hashed,
            role=OperatorRole(role),
            now=parts.now(),
        )
        if added:
            note(connection, Action.OPERATOR_ADDED, f"operator:{name}", role)
    if not added:
        form.refuse("name", say("operators.name_taken" if alike == name else "operators.name_alike", name=alike))
        return _page(form=form), 400
    return _show_once(name, password.clear)


def change(operator_id: int) -> Page:
    """Reset, disable, enable, give another role, or end the sessions of an operator."""
    wanted = short_field("action")
    parts = dependencies()
    with parts.database.read() as connection:
        found = find_operator_by_id(connection, operator_id)
    if found is None:
        abort(404)
    if wanted == "reset":
        return _reset(found)
    if wanted not in _CHANGES:
        abort(400)
    with parts.database.write() as connection:
        fault = _refusal(connection, found, wanted)
        if fault is None:
            _CHANGES[wanted](connection, found)
    if fault is not None:
        return _page(fault=fault), 409
    return done(url_for("admin.operators"), f"done.operator_{wanted}", name=found.name)


def _show_once(name: str, password: str) -> Response:
    until = local_time(dependencies().now() + ONE_TIME)
    return done(url_for("admin.operators"), "operators.once", name=name, time=until, secrets=[password])


def _reset(found: Operator) -> Response:
    password = prepare()
    parts = dependencies()
    with parts.database.write() as connection:
        reset_password(connection, found.name, password.hashed, parts.now())
        note(connection, Action.OPERATOR_RESET, f"operator:{found.name}")
    return _show_once(found.name, password.clear)


def _refusal(connection: Connection, found: Operator, wanted: str) -> str | None:
    """Prevent that the last administrator is removed, and that operators lock themselves out by mistake."""
    demotes = wanted == "disable" or (wanted == "role" and short_field("role") != OperatorRole.ADMINISTRATOR)
    if not demotes:
        return None
    if found.id == current_session().operator.id:
        return say("operators.not_oneself")
    is_last = found.role is OperatorRole.ADMINISTRATOR and open_administrators(connection) <= 1
    return say("operators.last") if is_last else None


def _disable(connection: Connection, found: Operator) -> None:
    set_disabled(connection, found.id, disabled=True)
    _return_tickets(connection, found, ())
    note(connection, Action.OPERATOR_DISABLED, f"operator:{found.name}")


def _return_tickets(connection: Connection, found: Operator, keeps: Collection[int]) -> None:
    """Give the tickets of an operator who sees only those of some units from now on back to their queues."""
    parts, by = dependencies(), current_session().operator.name
    release_all(connection, found.id, keeps=keeps, by=by, now=parts.now(), new_id=parts.new_id)


def _enable(connection: Connection, found: Operator) -> None:
    set_disabled(connection, found.id, disabled=False)
    note(connection, Action.OPERATOR_ENABLED, f"operator:{found.name}")


def _give_role(connection: Connection, found: Operator) -> None:
    role = short_field("role")
    if role not in set(_roles()):
        abort(400)
    set_role(connection, found.id, OperatorRole(role))
    if role == OperatorRole.VIEWER:
        _return_tickets(connection, found, ())
    elif role == OperatorRole.AGENT:
        own = memberships_of(connection, found.id, dependencies().now())
        _return_tickets(connection, found, [one.unit_id for one in own])
    note(connection, Action.OPERATOR_ROLE_CHANGED, f"operator:{found.name}", f"{found.role} -> {role}")


def _end_sessions(connection: Connection, found: Operator) -> None:
    close_sessions_of(connection, found.id)
    note(connection, Action.SESSION_REVOKED, f"operator:{found.name}", "all")


_CHANGES: Mapping[str, Callable[[Connection, Operator], None]] = {
    "disable": _disable,
    "enable": _enable,
    "role": _give_role,
    "end": _end_sessions,
}


def _roles() -> Sequence[OperatorRole]:
    """Return the roles that can be given: agents have nothing to do without tickets."""
    has_tickets = dependencies().is_on(CONVERSATION)
    return [role for role in OperatorRole if has_tickets or role is not OperatorRole.AGENT]


def _page(*, fault: str | None = None, form: Filled | None = None) -> str:
    now = dependencies().now()
    since = now - idle_time()
    with dependencies().database.read() as connection:
        found = list_operators(connection)
        waiting = {one.id: locked_places(connection, one.id, now) for one in found}
        counts = {one.id: len(list_sessions(connection, one.id, now, used_since=since)) for one in found}
    return render_template(
        "staff/operators.html",
        operators=found,
        sessions=counts,
        roles=_roles(),
        lacking={one.id for one in found if lacks_second_factor(one)},
        waiting=waiting,
        now=now,
        fault=fault,
        form=form or Filled(),
    )
