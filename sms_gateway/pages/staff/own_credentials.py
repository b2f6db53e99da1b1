"""An operator's own log-in: the password, the second factor, the sessions."""

from __future__ import annotations

from datetime import datetime

from flask import abort, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from db.staff import audit
from db.staff.audit import Action
from db.staff.operator_row import Operator
from db.staff.operators import change_password
from db.staff.second_factor import recovery_codes_left, remove_second_factor, set_second_factor
from db.staff.sessions import close_sessions_of, list_sessions, revoke_session
from sms_gateway.log import event, logger_of
from sms_gateway.pages.actions.action_result import done, what_was_done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.session import current_session, hand_over, idle_time, own_mark, renew_session
from sms_gateway.pages.site.access import home, lacks_second_factor
from sms_gateway.pages.staff.log_in import Page
from sms_gateway.pages.staff.log_in_attempts import prove
from sms_gateway.pages.staff.one_time_codes import enrolment_picture, matching_step, new_recovery_codes, new_secret
from sms_gateway.pages.staff.passwords import LEAST_CHARACTERS, MOST_CHARACTERS, Weak, hash_password, weakness
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import open_for_operator, seal_for_operator, short_field
from sms_gateway.web.language import say

_LOG = logger_of(__name__)
_PLACE = "web.new_secret"

CHANGES = (Action.PASSWORD_CHANGED, Action.SECOND_FACTOR_SET, Action.SECOND_FACTOR_REMOVED, Action.RECOVERY_CODE_USED)
"""What the sessions page shows of one's own log-in, beside log-ins and failed ones."""

LATEST = 10


def choose_password() -> Page:
    """Show the form for a new password, or store it; every other session of the operator ends."""
    operator, form = current_session().operator, Filled()
    if request.method == "GET":
        return _password_page(operator, form)
    new = form.secret("new")
    _check_new_password(operator, new, form)
    if not form.is_sound:
        return _password_page(operator, form), 400
    hashed = hash_password(new)
    with dependencies().database.write() as connection:
        note(connection, Action.PASSWORD_CHANGED, f"operator:{operator.name}")
        change_password(connection, operator.id, hashed)
        token = renew_session(connection, operator.id)
    event(_LOG, "password_changed", operator=operator.id)
    after = url_for(home(operator.role) if operator.must_change else "admin.sessions")
    return hand_over(done(after, "done.password_changed"), token)


def second_factor() -> Page:
    """Show how to set up an authenticator app, or check its first code; the next page shows the recovery codes."""
    operator, form = current_session().operator, Filled()
    if request.method == "GET":
        told = what_was_done()
        if told is not None and told.secrets:
            return render_template("staff/recovery_codes.html", codes=told.secrets)
        return _second_factor_page(operator, form)
    secret = open_for_operator(short_field("secret"), _PLACE)
    if secret is None or operator.totp_secret is not None:
        abort(400)
    step = matching_step(secret, short_field("code"), dependencies().now())
    if step is None:
        form.refuse("code", say("second.wrong"))
    if step is None or not prove(operator, form):
        return _second_factor_page(operator, form, secret=secret), 400
    codes = new_recovery_codes()
    with dependencies().database.write() as connection:
        set_second_factor(connection, operator.id, secret, codes, step=step)
        note(connection, Action.SECOND_FACTOR_SET, f"operator:{operator.name}")
        token = renew_session(connection, operator.id)
    event(_LOG, "second_factor_set", operator=operator.id)
    return hand_over(done(url_for("admin.second_factor"), "done.second_factor_set", secrets=codes), token)


def remove_own_second_factor() -> Page:
    """Remove the second factor, after its code and the password; every other session ends."""
    operator, form = current_session().operator, Filled()
    if not prove(operator, form):
        return _second_factor_page(operator, form), 400
    with dependencies().database.write() as connection:
        remove_second_factor(connection, operator.id)
        note(connection, Action.SECOND_FACTOR_REMOVED, f"operator:{operator.name}")
        token = renew_session(connection, operator.id)
    event(_LOG, "second_factor_removed", operator=operator.id)
    return hand_over(done(url_for("admin.sessions"), "done.second_factor_removed"), token)


def sessions() -> str:
    """List one's own sessions: where one is logged in, until when, and what changed of one's log-in lately."""
    operator, now = current_session().operator, dependencies().now()
    with dependencies().database.read() as connection:
        found = list_sessions(connection, operator.id, now, used_since=now - idle_time())
        kinds = (*CHANGES, Action.LOGGED_IN, Action.LOG_IN_REFUSED)
        lately = audit.latest_of(connection, operator.name, kinds, most=LATEST)
    return render_template(
        "staff/sessions.html",
        sessions=found,
        own=own_mark(),
        ends={one.mark: _end(one.expires_at, one.seen_at) for one in found},
        minutes=dependencies().settings.web.idle_minutes,
        lately=lately,
    )


def _end(expires_at: datetime, seen_at: datetime) -> datetime:
    return min(expires_at, seen_at + idle_time())


def end_own_session() -> Response:
    """End one of one's own sessions, or all others; a session that has already ended is reported as none."""
    operator, mark = current_session().operator, short_field("session")
    subject, back = f"operator:{operator.name}", url_for("admin.sessions")
    with dependencies().database.write() as connection:
        if mark == "others":
            note(connection, Action.SESSION_REVOKED, subject, "others")
            close_sessions_of(connection, operator.id, besides=own_mark())
            return done(back, "done.sessions_ended")
        if not revoke_session(connection, operator.id, mark):
            return done(back, "done.no_session")
        note(connection, Action.SESSION_REVOKED, subject, "one")
    return done(back, "done.session_ended")


def _second_factor_page(operator: Operator, form: Filled, *, secret: str | None = None) -> str:
    with dependencies().database.read() as connection:
        left = recovery_codes_left(connection, operator.id)
    offered = None if operator.totp_secret is not None else secret or new_secret()
    return render_template(
        "staff/second_factor.html",
        form=form,
        forced=lacks_second_factor(operator),
        left=left,
        secret=offered,
        sealed=seal_for_operator(offered, _PLACE) if offered else "",
        picture=Markup(enrolment_picture(offered, operator.name, say("product"))) if offered else "",  # noqa: S704 - SVG that segno drew
    )


def _password_page(operator: Operator, form: Filled) -> str:
    return render_template(
        "staff/password.html",
        form=form,
        least=LEAST_CHARACTERS,
        forced=operator.must_change,
        until=operator.password_until,
        asks_code=operator.totp_secret is not None,
    )


def _check_new_password(operator: Operator, new: str, form: Filled) -> None:
    if new != form.secret("again"):
        form.refuse("again", say("password.differ"))
    elif new == form.secret("current"):
        form.refuse("new", say("password.same"))
    elif (weak := weakness(new, operator.name)) is not None:
        form.refuse("new", _words_of(weak))
    else:
        prove(operator, form)


def _words_of(weak: Weak) -> str:
    match weak:
        case Weak.SHORT:
            return say("password.short", least=LEAST_CHARACTERS)
        case Weak.LONG:
            return say("password.long", most=MOST_CHARACTERS)
        case Weak.OWN_WORDS:
            return say("password.own_words")
        case Weak.COMMON:
            return say("password.common")
        case Weak.REPEATED:
            return say("password.repeated")
