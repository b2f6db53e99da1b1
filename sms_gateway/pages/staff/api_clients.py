"""The systems of the city that may call the back office's endpoints: their keys, for administrators."""

from __future__ import annotations

import json
from datetime import timedelta

from flask import Response as FlaskResponse
from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from db.back_office.api_clients import (
    Added,
    ApiClient,
    Scope,
    add_client,
    disable_client,
    is_name,
    list_clients,
    rotate_key,
)
from db.staff.audit import Action
from sms_gateway.back_office.client_keys import ClientKeys, new_keys
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.session import current_session
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import local_time, say

LONGEST_TYPED = 64
OVERLAP = timedelta(hours=24)
"""For how long the previous key is taken; the command line can choose another time."""

Page = Response | str | tuple[str, int]


def api_clients() -> str:
    """List the systems, with the form for another one."""
    return _page(Filled())


def add_api_client() -> Page:
    """Add a system; the next page shows its key, once."""
    form = Filled()
    name = form.text("name", most=LONGEST_TYPED)
    scopes = {scope for scope in Scope if scope in request.form.getlist("scope")}
    if not is_name(name):
        form.refuse("name", say("api_clients.name_fault"))
    if not scopes:
        form.refuse("scope", say("api_clients.scope_fault"))
    if not form.is_sound:
        return _page(form), 400
    parts, keys = dependencies(), new_keys(signs="signs" in request.form)
    with parts.database.write() as connection:
        added = add_client(
            connection,
            client_id=parts.new_id(),
            name=name,
            scopes=scopes,
            key=keys.key,
            secret=keys.secret,
            now=parts.now(),
            made_by=current_session().operator.name,
        )
        if added is Added.ADDED:
            note(connection, Action.API_CLIENT_ADDED, f"api_client:{name}", " ".join(sorted(scopes)))
    if added is not Added.ADDED:
        form.refuse("name", say(f"api_clients.{added}"))
        return _page(form), 409
    return _show_once("api_clients.once", name, keys)


def change_api_client(name: str) -> Page:
    """Give a system another key, or take its keys away."""
    wanted = short_field("action")
    parts = dependencies()
    now = parts.now()
    if wanted not in {"rotate", "disable"}:
        abort(400)
    with parts.database.write() as connection:
        found = next((one for one in list_clients(connection) if one.name == name), None)
        if found is None or found.disabled_at is not None:
            abort(404)
        if wanted == "disable":
            disable_client(connection, name, now)
            note(connection, Action.API_CLIENT_DISABLED, f"api_client:{name}")
            return done(url_for("admin.api_clients"), "done.api_client_disabled", name=name)
        keys = new_keys(signs=found.signs)
        rotate_key(
            *(connection, name),
            key=keys.key,
            secret=keys.secret,
            previous_until=now + OVERLAP,
            now=now,
            made_by=current_session().operator.name,
        )
        note(connection, Action.API_CLIENT_ROTATED, f"api_client:{name}", f"previous key for {_hours()} h")
    return _show_once("api_clients.rotated", name, keys, time=local_time(now + OVERLAP))


def show_openapi() -> FlaskResponse:
    """Return the OpenAPI document of the endpoints, with the address that a proxy gives the service."""
    from sms_gateway.back_office_api.openapi import openapi_document  # noqa: PLC0415 - its models take time at the start

    body = json.dumps(openapi_document(root=request.script_root), ensure_ascii=False, indent=2)
    return FlaskResponse(body + "\n", content_type="application/json")


def _show_once(key: str, name: str, keys: ClientKeys, **values: str) -> Response:
    secrets = [keys.key] if keys.secret is None else [keys.key, keys.secret]
    return done(url_for("admin.api_clients"), key, secrets=secrets, name=name, **values)


def _hours() -> int:
    return OVERLAP // timedelta(hours=1)


def _page(form: Filled) -> str:
    with dependencies().database.read() as connection:
        found: list[ApiClient] = list(list_clients(connection))
    return render_template(
        "staff/api_clients.html", clients=found, scopes=list(Scope), form=form, now=dependencies().now()
    )
