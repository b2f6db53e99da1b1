"""Logging in, in one step or two, and logging out.

A wrong name, a wrong password and a locked or disabled account all end in the same words after the same work. At a
locked address nothing is hashed, with any name. How tries are counted: sms_gateway.pages.staff.log_in_attempts.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from db.staff import address_lockout
from db.staff.audit import Action
from db.staff.log_in_attempts import record_success
from db.staff.operator_row import Operator
from db.staff.operators import find_operator_by_id
from sms_gateway.log import event, logger_of
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note, note_of
from sms_gateway.pages.session import end_session, forget, hand_over, start_session
from sms_gateway.pages.site.access import home
from sms_gateway.pages.staff.log_in_attempts import (
    Refused,
    address_waits,
    count_address,
    count_second_step,
    counted_address,
    find_by_name,
    note_refused,
    place_of,
    remember_browser,
    take_back_try,
    takes_code,
    tried,
)
from sms_gateway.pages.staff.passwords import hashing_slot
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import (
    MAX_FIELD_CHARACTERS,
    current_session_or_none,
    open_value,
    seal_value,
    short_field,
)
from sms_gateway.web.language import say

_LOG = logger_of(__name__)

SECOND_STEP_TIME = timedelta(minutes=5)
"""A right password waits so long for its second factor."""

_PLACE = "web.second_step"

Page = Response | str | tuple[str, int]


def log_in() -> Page:
    """Show the log-in form, or read it."""
    session = current_session_or_none()
    if session is not None:
        return redirect(url_for(home(session.operator.role)), code=303)
    if request.method == "GET":
        return render_template("staff/log_in.html", form=Filled(), fault=None)
    form = Filled()
    name = form.text("name", most=MAX_FIELD_CHARACTERS)
    known = find_by_name(name)
    with hashing_slot() as is_free:  # also for an address that waits: its refusals are recorded too
        if not is_free:
            abort(503)
        if address_waits(known):
            note_refused(known, Refused.ADDRESS_LOCKED)
            return _refuse(form)
        operator = tried(name, form.secret("password"))
    if isinstance(operator, Refused):
        count_address(known)
        return _refuse(form, operator)
    if operator.totp_secret is not None:
        take_back_try(operator)
        return render_template("staff/second_step.html", pending=_pending(operator), form=Filled())
    return _welcome(operator)


def second_step() -> Page:
    """Check the code that follows a right password: of the authenticator app, or a recovery code."""
    operator, is_in_time = _waiting()
    if operator is None or operator.totp_secret is None or not is_in_time:
        note_refused(operator, Refused.TOO_LATE)
        return _refuse()
    if address_waits(operator):
        note_refused(operator, Refused.ADDRESS_LOCKED)
        return _refuse()
    if not count_second_step(operator):
        note_refused(operator, Refused.LOCKED)
        return _refuse()
    if not takes_code(operator, operator.totp_secret, short_field("code")):
        count_address(operator)
        note_refused(operator, Refused.WRONG_CODE)
        form = Filled(faults={"code": say("second.wrong")})
        return render_template("staff/second_step.html", pending=short_field("pending"), form=form), 401
    return _welcome(operator)


def log_out() -> Page:
    """End the session, here and in the database."""
    with dependencies().database.write() as connection:
        note(connection, Action.LOGGED_OUT)
        end_session(connection)
    return forget(done(url_for("admin.log_in"), "done.logged_out"))


def _welcome(operator: Operator) -> Response:
    parts = dependencies()
    address = counted_address()
    with parts.database.write() as connection:
        record_success(connection, operator.id, place_of(operator))
        if address is not None:
            address_lockout.forgive(connection, address)
        token = start_session(connection, operator.id, parts.now())
        note_of(connection, operator.name, Action.LOGGED_IN)
    event(_LOG, "logged_in", operator=operator.id)
    welcomed = done(url_for(home(operator.role)), "done.logged_in", name=operator.name)
    return remember_browser(hand_over(welcomed, token), operator)


def _refuse(form: Filled | None = None, why: Refused | None = None) -> tuple[str, int]:
    """Report every failure in the same words but one: with a right one-time password, that its time is over."""
    words = say("log_in.expired") if why is Refused.EXPIRED else say("log_in.fault")
    return render_template("staff/log_in.html", form=form or Filled(), fault=words), 401


def _pending(operator: Operator) -> str:
    until = dependencies().now() + SECOND_STEP_TIME
    return seal_value(f"{operator.id} {until.isoformat()}", _PLACE)


def _waiting() -> tuple[Operator | None, bool]:
    """Return the operator whose password was right before, if any, and whether that was a moment ago."""
    opened = open_value(short_field("pending"), _PLACE)
    if opened is None:
        return None, False
    operator_id, until = opened.split(" ")
    parts = dependencies()
    with parts.database.read() as connection:
        return find_operator_by_id(connection, int(operator_id)), parts.now() < datetime.fromisoformat(until)
