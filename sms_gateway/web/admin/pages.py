"""The operators' pages: which address shows what, and nobody sees any of it without a log-in."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from sms_gateway.web.admin.access import OPEN_TO_ALL, WITH_A_ONE_TIME_PASSWORD, opens
from sms_gateway.web.admin.audit import audit
from sms_gateway.web.admin.export import export_log
from sms_gateway.web.admin.links import control_link, links
from sms_gateway.web.admin.log import filter_log, log
from sms_gateway.web.admin.log_in import log_in, log_out, second_step
from sms_gateway.web.admin.message import message
from sms_gateway.web.admin.misreads import misreads
from sms_gateway.web.admin.operators import add, change, operators
from sms_gateway.web.admin.own_log_in import (
    choose_password,
    end_own_session,
    remove_own_second_factor,
    second_factor,
    sessions,
)
from sms_gateway.web.admin.session import load_session
from sms_gateway.web.admin.system import system
from sms_gateway.web.admin.today import today
from sms_gateway.web.forms import current_session_or_none

LIVE_HEADER = "X-Live"
"""Sent by our script when it looks for news; it wants to hear 401, not to be led to the log-in page."""

BOTH = ("GET", "POST")


def admin_pages() -> Blueprint:
    """Build the blueprint of `/admin`."""
    blueprint = Blueprint("admin", __name__, url_prefix="/admin")
    blueprint.before_request(_demand_operator)
    rule = blueprint.add_url_rule
    rule("/log-in", view_func=log_in, methods=BOTH)
    rule("/log-in/second", view_func=second_step, methods=["POST"])
    rule("/log-out", view_func=log_out, methods=["POST"])
    rule("/password", view_func=choose_password, methods=BOTH)
    rule("/second-factor", view_func=second_factor, methods=BOTH)
    rule("/second-factor/remove", view_func=remove_own_second_factor, methods=["POST"])
    rule("/sessions", view_func=sessions)
    rule("/sessions/end", view_func=end_own_session, methods=["POST"])
    rule("", view_func=today)
    rule("/messages", view_func=log)
    rule("/messages/filter", view_func=filter_log, methods=["POST"])
    rule("/messages/export", view_func=export_log, methods=["POST"])
    rule("/messages/<int:inbound_id>", view_func=message)
    rule("/misreads", view_func=misreads)
    rule("/links", view_func=links)
    rule("/links/<name>", view_func=control_link, methods=["POST"])
    rule("/operators", view_func=operators)
    rule("/operators/add", "add_operator", add, methods=["POST"])
    rule("/operators/<int:operator_id>", "change_operator", change, methods=["POST"])
    rule("/audit", view_func=audit)
    rule("/system", view_func=system)
    blueprint.record(_load_sessions_first)
    return blueprint


def _load_sessions_first(state: BlueprintSetupState) -> None:
    # For the whole application: the form guard and the error pages want to know the operator too.
    state.app.before_request(load_session)


def _demand_operator() -> Response | None:
    """Refuse whoever is not logged in or whose role does not reach, and lead a one-time password to its change."""
    endpoint = request.endpoint or ""
    if endpoint in OPEN_TO_ALL:
        return None
    session = current_session_or_none()
    if session is None:
        if request.headers.get(LIVE_HEADER) or request.method != "GET":
            abort(401)
        return redirect(url_for("admin.log_in"))
    if session.operator.must_change and endpoint not in WITH_A_ONE_TIME_PASSWORD:
        return redirect(url_for("admin.choose_password"), code=303)
    if not opens(session.operator.role, endpoint):
        abort(403)
    return None
