"""Webhooks: how each system that gets events is, the last events, and sending one again."""

from __future__ import annotations

import json

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from db.processes.webhook_deliveries import (
    Delivery,
    DeliveryFilter,
    EndpointCounts,
    EndpointState,
    count_deliveries,
    list_deliveries,
    read_endpoints,
    send_again,
    start_again,
)
from db.schema import WebhookState
from db.staff.audit import Action
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.web.dependencies import dependencies

_SUBJECTS = ("account", "dossier", "number", "ticket", "message")
"""Names in the data of an event of what it is about; staff know a ticket by its number."""


def webhooks() -> str:
    """Show the systems and the last events, of one state where the address names it."""
    parts = dependencies()
    names = list(parts.settings.receiving_systems)
    wanted = request.args.get("state", "")
    state = WebhookState(wanted) if wanted in WebhookState.__members__.values() else None
    with parts.database.read() as connection:
        states = read_endpoints(connection)
        counts = count_deliveries(connection)
        events = list_deliveries(connection, DeliveryFilter(state=state))
    return render_template(
        "webhooks/webhooks.html",
        systems=[(states.get(name, EndpointState(name=name)), counts.get(name, EndpointCounts())) for name in names],
        settings=parts.settings.receiving_systems,
        events=events,
        subjects={one.key: _subject_of(one) for one in events},
        state=state,
        choices=list(WebhookState),
        again=frozenset({WebhookState.DELIVERED, WebhookState.GIVEN_UP}),
        now=parts.now(),
    )


def _subject_of(event: Delivery) -> str:
    """Return what an event is about, as its receiver is told: the id of an account, a ticket or a text, or a code."""
    data = json.loads(event.payload)["data"]
    return str(next((data[name] for name in _SUBJECTS if name in data), ""))


def send_webhook(key: str) -> Response:
    """Send an event again, with the id that it had."""
    parts = dependencies()
    with parts.database.write() as connection:
        if not send_again(connection, key, now=parts.now()):
            abort(409)
        note(connection, Action.WEBHOOK_SENT_AGAIN, f"webhook:{key}")
    return done(url_for("admin.webhooks"), "done.webhook_sent_again")


def start_webhook(name: str) -> Response:
    """Let a system that said 410, or that failed, get events again at once."""
    parts = dependencies()
    if name not in parts.settings.receiving_systems:
        abort(404)
    with parts.database.write() as connection:
        if not start_again(connection, name):
            abort(409)
        note(connection, Action.WEBHOOK_STARTED, f"webhook:{name}")
    return done(url_for("admin.webhooks"), "done.webhook_started", system=name)
