"""The web application: built from its parts, importing it starts nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, abort, jsonify, redirect, render_template, request, url_for
from jinja2 import StrictUndefined
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from db.store.phone_numbers import mask_number
from sms_gateway.channels.http.bodies.packing import MAX_BODY_OCTETS
from sms_gateway.channels.http.endpoint import endpoints, is_for_endpoint
from sms_gateway.channels.http.network import http_channel, http_channels
from sms_gateway.channels.http.networks import plain
from sms_gateway.channels.http.ports import EndpointParts
from sms_gateway.pages.actions.action_result import forget_done, what_was_done
from sms_gateway.pages.citizens.dossier_import import MOST_OCTETS
from sms_gateway.pages.display.reading_names import shown_reading
from sms_gateway.pages.messages.misreads import say_alike
from sms_gateway.pages.messages.row_display import in_short
from sms_gateway.pages.routes import admin_pages
from sms_gateway.pages.service.link_down_causes import shown_cause
from sms_gateway.pages.site.access import home, may
from sms_gateway.pages.site.menu import menu
from sms_gateway.pipeline.intake.recipients import ShortCodes
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import Settings
from sms_gateway.web.card_tables import as_cards
from sms_gateway.web.dependencies import EXTENSION, ExtraPage, WebDependencies
from sms_gateway.web.forms import (
    TOKEN_FIELD,
    current_session_or_none,
    form_is_ours,
    form_token,
    give_visitor_cookie,
    holds_nul,
)
from sms_gateway.web.headers import STATIC_SECONDS, WithHeaders
from sms_gateway.web.health import health, metrics
from sms_gateway.web.hosts import OnlyForHosts
from sms_gateway.web.language import (
    choose_language,
    chosen_language,
    local_birth_date,
    local_day,
    local_moment,
    local_time,
    say,
    say_or,
    say_span,
)
from sms_gateway.web.masking import mask_text, without_controls
from sms_gateway.web.prefix import UnderPrefix
from sms_gateway.web.proxies import BehindProxies
from sms_gateway.web.request_reader import BACK_OFFICE
from sms_gateway.web.unavailable import show_trouble

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["WebDependencies", "create_app"]

_HERE = Path(__file__).parents[1]


def create_app(parts: WebDependencies, extra_pages: Sequence[ExtraPage] = ()) -> Flask:
    """Build the application around its parts, with extra pages such as the demo's."""
    app = Flask(
        "sms_gateway.web", static_folder=_HERE / "web" / "static", template_folder=str(_HERE / "pages" / "templates")
    )
    app.extensions[EXTENSION] = parts
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY_OCTETS, SEND_FILE_MAX_AGE_DEFAULT=STATIC_SECONDS)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.finalize = without_controls
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        say=say,
        language=chosen_language,
        answer_language=lambda: parts.service.wording.language,
        form_token=form_token,
        token_field=TOKEN_FIELD,
        local_time=local_time,
        local_day=local_day,
        local_moment=local_moment,
        span=say_span,
        may=may,
        say_or=say_or,
        shown_reading=shown_reading,
    )
    app.jinja_env.filters.update(
        mask_address=parts.addresses.mask,
        mask_number=mask_number,
        mask_text=mask_text,
        in_short=in_short,
        shown_cause=shown_cause,
        say_alike=say_alike,
        as_cards=as_cards,
        local_birth_date=local_birth_date,
    )
    app.register_blueprint(endpoints(_endpoint_parts(parts)))
    if parts.settings.back_office.enabled:
        app.register_blueprint(_back_office(parts.settings))
    app.register_blueprint(admin_pages(parts.is_on))
    for page in extra_pages:
        app.register_blueprint(page.blueprint)
    app.context_processor(partial(_frame, extra_pages))
    app.add_url_rule("/", "start", _start)
    app.add_url_rule("/healthz", "health", health)
    app.add_url_rule("/metrics", "metrics", metrics)
    app.add_url_rule("/language", "language", choose_language, methods=["POST"])
    app.before_request(_allow_files)
    app.before_request(_guard_forms)
    app.before_request(_refuse_nul)  # a form is read only when it is ours
    app.after_request(give_visitor_cookie)
    app.after_request(forget_done)
    app.register_error_handler(HTTPException, _show_error)
    app.register_error_handler(SQLAlchemyError, show_trouble)
    web = parts.settings.web
    known = OnlyForHosts(app.wsgi_app, web.hosts)
    inner: WSGIApplication = WithHeaders(known, secure=web.secure_cookie, with_subdomains=web.hsts_subdomains)
    if web.prefix:
        inner = UnderPrefix(inner, web.prefix)
    behind_proxies = BehindProxies(inner, web.trusted_proxies, sees_all=parts.sees_all_headers)
    app.wsgi_app = behind_proxies  # type: ignore[method-assign]  # the way that Flask names
    return app


def _back_office(settings: Settings) -> Blueprint:
    """Make the endpoints for systems of the city. They are off by default: their models take time at the start."""
    from sms_gateway.back_office_api.endpoints import back_office_endpoints  # noqa: PLC0415 - as above
    from sms_gateway.back_office_api.operations import operations_of  # noqa: PLC0415 - as above

    operations = operations_of(settings.back_office, has_tables=settings.lookups.enabled)
    return back_office_endpoints(settings.back_office.requests_a_minute, operations)


def _endpoint_parts(parts: WebDependencies) -> EndpointParts:
    short_codes = parts.settings.short_codes
    return EndpointParts(
        channels=http_channels(parts.settings.channels, parts.networks),
        nobody=http_channel("unknown", ChannelSettings(), plain.NETWORK),
        short_codes=ShortCodes(known=frozenset(short_codes), default=short_codes[0]),
        now=parts.now,
        text_intake=parts.text_intake,
        answers=parts.answer_for,
        counters=parts.counters,
        refusals=parts.refusals,
    )


def _frame(extra_pages: Sequence[ExtraPage]) -> dict[str, object]:
    """Give the frame of every page what it shows: who is logged in, and which pages they may open."""
    session = current_session_or_none()
    return {
        "operator_name": session.operator.name if session else None,
        "was_done": what_was_done(),
        "menu": menu(),
        "extra_pages": extra_pages,
    }


def _start() -> AnyResponse:
    session = current_session_or_none()
    return redirect(url_for("admin.today" if session is None else home(session.operator.role)))


_TAKES_FILES = frozenset({"admin.import_dossiers", "admin.new_table", "admin.import_units"})


def _allow_files() -> None:
    """Let an operator upload a file. Every other request stays as small as a text."""
    if request.endpoint in _TAKES_FILES and may(request.endpoint):
        request.max_content_length = MOST_OCTETS + MAX_BODY_OCTETS


def _refuse_nul() -> None:
    """Refuse a NUL, which no page sends. The HTTP endpoints read octets themselves and store them sealed."""
    if not _asks_endpoint() and holds_nul():
        abort(400)


def _asks_endpoint() -> bool:
    """Return whether a system asks an HTTP endpoint: an aggregator, or one of the city."""
    return is_for_endpoint(request.path) or f"{request.path}/".startswith(f"{BACK_OFFICE}/")


def _guard_forms() -> tuple[str, int] | None:
    """Refuse a POST that did not come from a page of ours. The HTTP endpoints have secrets instead."""
    if request.method != "POST" or _asks_endpoint() or form_is_ours():
        return None
    return render_template("error.html", code=400, words=say("error.form")), 400


def _show_error(error: HTTPException) -> tuple[str, int] | tuple[Response, int]:
    """Show an error as a page, or as JSON at an HTTP endpoint. Neither quotes the request."""
    code = error.code or 500
    if _asks_endpoint():
        response = jsonify(error=error.name)
        if allowed := error.get_response().headers.get("Allow"):
            response.headers["Allow"] = allowed
        return response, code
    key = f"error.{code}" if code in {400, 401, 403, 404, 405, 409, 410, 413, 503} else "error.500"
    return render_template("error.html", code=code, words=say(key)), code
