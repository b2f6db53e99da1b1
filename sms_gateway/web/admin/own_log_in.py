"""An operator's own log-in: the password, the second factor, the sessions."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from db.audit import Action
from db.operator_row import Operator
from db.operator_sessions import close_sessions_of, list_sessions, revoke_session
from db.operators import change_password, record_success
from db.second_factor import recovery_codes_left, remove_second_factor, set_second_factor
from sms_gateway.log import event, logger_of
from sms_gateway.web.admin.done import done, what_was_done
from sms_gateway.web.admin.log_in import Page, tried
from sms_gateway.web.admin.noted import note
from sms_gateway.web.admin.one_time_codes import enrolment_picture, matching_step, new_recovery_codes, new_secret
from sms_gateway.web.admin.passwords import LEAST_CHARACTERS, hash_password, is_long_enough
from sms_gateway.web.admin.session import current_session, hand_over, own_mark, start_session
from sms_gateway.web.forms import open_value, seal_value, short_field
from sms_gateway.web.language import say
from sms_gateway.web.parts import current_parts

_LOG = logger_of(__name__)
_PLACE = "web.new_secret"


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
        note(connection, Action.PASSWORD_CHANGED, f"operator:{operator.name}")
        change_password(connection, operator.id, hashed)
        token = start_session(connection, operator.id, parts.now())
    event(_LOG, "password_changed", operator=operator.id)
    return hand_over(done(url_for("admin.today"), "done.password_changed"), token)


def second_factor() -> Page:
    """Show how to set up an authenticator app, or take its first code; the next page shows the recovery codes, once."""
    operator = current_session().operator
    if request.method == "GET":
        told = what_was_done()
        if told is not None and told.secrets:
            return render_template("recovery_codes.html", codes=told.secrets)
        return _second_factor_page(operator, None)
    secret = open_value(short_field("secret"), _PLACE)
    if secret is None or operator.totp_secret is not None:
        abort(400)
    if matching_step(secret, short_field("code"), current_parts().now()) is None:
        return _second_factor_page(operator, say("second.wrong"), secret=secret), 400
    codes = new_recovery_codes()
    with current_parts().database.write() as connection:
        set_second_factor(connection, operator.id, secret, codes)
        note(connection, Action.SECOND_FACTOR_SET, f"operator:{operator.name}")
    return done(url_for("admin.second_factor"), "done.second_factor_set", secrets=codes)


def remove_own_second_factor() -> Page:
    """Take the second factor away, against the password."""
    operator = current_session().operator
    if not _fits(operator, request.form.get("current", "")):
        return _second_factor_page(operator, say("password.wrong")), 400
    with current_parts().database.write() as connection:
        remove_second_factor(connection, operator.id)
        note(connection, Action.SECOND_FACTOR_REMOVED, f"operator:{operator.name}")
    return done(url_for("admin.second_factor"), "done.second_factor_removed")


def sessions() -> str:
    """List one's own sessions: where one is logged in."""
    parts = current_parts()
    with parts.database.read() as connection:
        found = list_sessions(connection, current_session().operator.id, parts.now())
    return render_template("sessions.html", sessions=found, own=own_mark())


def end_own_session() -> Response:
    """End one of one's own sessions, or all others."""
    operator, mark = current_session().operator, short_field("session")
    parts = current_parts()
    with parts.database.write() as connection:
        note(connection, Action.SESSION_REVOKED, f"operator:{operator.name}", "others" if mark == "others" else "one")
        if mark == "others":
            close_sessions_of(connection, operator.id, besides=own_mark())
        else:
            revoke_session(connection, operator.id, mark)
    return done(url_for("admin.sessions"), "done.sessions_ended" if mark == "others" else "done.session_ended")


def _second_factor_page(operator: Operator, fault: str | None, *, secret: str | None = None) -> str:
    with current_parts().database.read() as connection:
        left = recovery_codes_left(connection, operator.id)
    offered = None if operator.totp_secret is not None else secret or new_secret()
    return render_template(
        "second_factor.html",
        fault=fault,
        left=left,
        secret=offered,
        sealed=seal_value(offered, _PLACE) if offered else "",
        picture=Markup(enrolment_picture(offered, operator.name, say("product"))) if offered else "",  # noqa: S704 - SVG that segno drew
    )


def _password_fault(operator: Operator) -> str | None:
    new = request.form.get("new", "")
    if not is_long_enough(new):
        return say("password.short", least=LEAST_CHARACTERS)
    if new != request.form.get("again", ""):
        return say("password.differ")
    current = request.form.get("current", "")
    if new == current:
        return say("password.same")
    return None if _fits(operator, current) else say("password.wrong")


def _fits(operator: Operator, current: str) -> bool:
    """Try the present password, counted like a log-in: an open desk must not become a place to guess at leisure."""
    if tried(operator.name, current) is None:
        return False
    with current_parts().database.write() as connection:
        record_success(connection, operator.id)
    return True
