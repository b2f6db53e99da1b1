"""The operators' pages: which address shows what, and nobody sees any of it without a log-in."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from sms_gateway.web.admin.log import filter_log, log
from sms_gateway.web.admin.log_in import choose_password, log_in, log_out
from sms_gateway.web.admin.message import message
from sms_gateway.web.admin.session import load_session
from sms_gateway.web.forms import current_session_or_none

LIVE_HEADER = "X-Live"
"""Sent by our script when it looks for news; it wants to hear 401, not to be led to the log-in page."""

OPEN_TO_ALL = frozenset({"admin.log_in"})


def admin_pages() -> Blueprint:
    """Build the blueprint of `/admin`."""
    blueprint = Blueprint("admin", __name__, url_prefix="/admin")
    blueprint.before_request(_demand_operator)
    blueprint.add_url_rule("/log-in", view_func=log_in, methods=["GET", "POST"])
    blueprint.add_url_rule("/log-out", view_func=log_out, methods=["POST"])
    blueprint.add_url_rule("/password", view_func=choose_password, methods=["GET", "POST"])
    blueprint.add_url_rule("", view_func=log)
    blueprint.add_url_rule("/filter", view_func=filter_log, methods=["POST"])
    blueprint.add_url_rule("/messages/<int:inbound_id>", view_func=message)
    blueprint.record(_load_sessions_first)
    return blueprint


def _load_sessions_first(state: BlueprintSetupState) -> None:
    # For the whole application: the form guard and the error pages want to know the operator too.
    state.app.before_request(load_session)


def _demand_operator() -> Response | None:
    """Refuse whoever is not logged in, and lead a one-time password to its change: for every page but the log-in."""
    if request.endpoint in OPEN_TO_ALL:
        return None
    session = current_session_or_none()
    if session is None:
        if request.headers.get(LIVE_HEADER) or request.method != "GET":
            abort(401)
        return redirect(url_for("admin.log_in"))
    if session.operator.must_change and request.endpoint not in {"admin.choose_password", "admin.log_out"}:
        return redirect(url_for("admin.choose_password"), code=303)
    return None
