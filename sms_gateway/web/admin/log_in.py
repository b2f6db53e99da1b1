"""Logging in, changing the password, logging out."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from db.operators import Operator, change_password, count_try, may_try, record_success
from sms_gateway.log import event, logger_of
from sms_gateway.web.admin.passwords import (
    LEAST_CHARACTERS,
    hash_password,
    hashing_slot,
    is_long_enough,
    password_fits,
)
from sms_gateway.web.admin.session import current_session, end_session, forget, hand_over, start_session
from sms_gateway.web.forms import current_session_or_none, short_field
from sms_gateway.web.language import say
from sms_gateway.web.parts import current_parts

_LOG = logger_of(__name__)

Page = Response | str | tuple[str, int]


def log_in() -> Page:
    """Show the log-in form, or take it.

    Every failure has the same words and about the same time: wrong name, wrong password, disabled, locked.
    """
    if current_session_or_none() is not None:
        return redirect(url_for("admin.log"), code=303)
    if request.method == "GET":
        return render_template("log_in.html", fault=None)
    with hashing_slot() as is_free:
        if not is_free:
            abort(503)
        operator = _tried(short_field("name"), request.form.get("password", ""))
    if operator is None:
        event(_LOG, "log_in_refused", level="warning")
        return render_template("log_in.html", fault=say("log_in.fault")), 401
    parts = current_parts()
    with parts.database.write() as connection:
        record_success(connection, operator.id)
        token = start_session(connection, operator.id, parts.now())
    event(_LOG, "logged_in", operator=operator.id)
    return hand_over(redirect(url_for("admin.log"), code=303), token)


def choose_password() -> Page:
    """Show the form for a new password, or take it; every other session of the operator ends."""
    operator = current_session().operator
    if request.method == "GET":
        return render_template("password.html", fault=None, least=LEAST_CHARACTERS, forced=operator.must_change)
    fault = _password_fault(operator)
    if fault is not None:
        page = render_template("password.html", fault=fault, least=LEAST_CHARACTERS, forced=operator.must_change)
        return page, 400
    hashed = hash_password(request.form["new"])
    parts = current_parts()
    with parts.database.write() as connection:
        change_password(connection, operator.id, hashed)
        token = start_session(connection, operator.id, parts.now())
    event(_LOG, "password_changed", operator=operator.id)
    return hand_over(redirect(url_for("admin.log"), code=303), token)


def log_out() -> Page:
    """End the session, here and in the database."""
    with current_parts().database.write() as connection:
        end_session(connection)
    return forget(redirect(url_for("admin.log_in"), code=303))


def _tried(name: str, password: str) -> Operator | None:
    parts = current_parts()
    operator = None
    with parts.database.read() as connection:
        is_open = may_try(connection, name, parts.now())
    if is_open:
        with parts.database.write() as connection:
            operator = count_try(connection, name, parts.now())
    # Outside the transaction: hashing is slow on purpose, and the road waits for the same lock.
    fits = password_fits(operator.password_hash if operator else None, password)
    return operator if fits else None


def _password_fault(operator: Operator) -> str | None:
    new = request.form.get("new", "")
    if not is_long_enough(new):
        return say("password.short", least=LEAST_CHARACTERS)
    if new != request.form.get("again", ""):
        return say("password.differ")
    current = request.form.get("current", "")
    if new == current:
        return say("password.same")
    return None if _tried_again(operator, current) else say("password.wrong")


def _tried_again(operator: Operator, current: str) -> bool:
    """Try the present password, counted like a log-in: an open desk must not become a place to guess at leisure."""
    if _tried(operator.name, current) is None:
        return False
    with current_parts().database.write() as connection:
        record_success(connection, operator.id)
    return True
