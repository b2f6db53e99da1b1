"""All pages under `/admin`, and the check of each request: nobody sees a page without a log-in and the role for it."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from sms_gateway.pages.citizens.routes import ACCOUNTS, BLOCKS, DOSSIERS, NOTICE_LIST, PERSON
from sms_gateway.pages.leaflet.routes import LEAFLET
from sms_gateway.pages.live import is_renewal
from sms_gateway.pages.lookups.routes import LOOKUPS
from sms_gateway.pages.messages.figures.routes import FIGURES
from sms_gateway.pages.messages.routes import MESSAGES
from sms_gateway.pages.service.routes import ALARM_LIST, SERVICE, TODAY
from sms_gateway.pages.session import load_session
from sms_gateway.pages.site.access import confined_to, opens
from sms_gateway.pages.site.page import BLUEPRINT, site, site_of
from sms_gateway.pages.staff.routes import OWN, STAFF, SYSTEMS
from sms_gateway.pages.tickets.routes import TICKETS
from sms_gateway.pages.units.routes import NUMBERS, UNITS
from sms_gateway.pages.webhooks.routes import RECEIVERS
from sms_gateway.settings.switches import IsOn
from sms_gateway.web.forms import current_session_or_none

GROUPS = (
    *(TODAY, FIGURES, MESSAGES, BLOCKS, TICKETS, NUMBERS, UNITS),
    *(DOSSIERS, NOTICE_LIST, ACCOUNTS, SERVICE, ALARM_LIST, LEAFLET, LOOKUPS, RECEIVERS, STAFF, SYSTEMS, PERSON, OWN),
)
"""Every page, in the order of the menu."""


def admin_pages(is_on: IsOn) -> Blueprint:
    """Build the blueprint of `/admin`, without the pages of services that are off."""
    blueprint = Blueprint(BLUEPRINT, __name__, url_prefix="/admin")
    blueprint.before_request(_demand_operator)
    site_of(GROUPS, is_on).add_to(blueprint)
    blueprint.record(_load_sessions_first)
    return blueprint


def _load_sessions_first(state: BlueprintSetupState) -> None:
    # For the whole application: the form guard and the error pages need the operator too.
    state.app.before_request(load_session)


def _demand_operator() -> Response | None:
    """Refuse requests without a log-in or the role. Lead operators who must do something first to that page.

    A route of the blueprint that is not in the table opens for nobody.
    """
    endpoint = request.endpoint or ""
    page = site().pages.get(endpoint)
    if page is not None and page.least is None:
        return None
    session = current_session_or_none()
    if session is None:
        if is_renewal() or request.method != "GET":
            abort(401)
        return redirect(url_for("admin.log_in"))
    only = confined_to(session.operator)
    if only and endpoint not in only:
        return redirect(url_for(only[0]), code=303)
    if page is None or not opens(session.operator.role, page):
        abort(403)
    return None
