"""What the acts of tickets need of a request, and what a page shows of their result."""

from __future__ import annotations

from flask import abort, request
from sqlalchemy import Connection

from db.staff.audit import Action
from db.tickets.whole_ticket import Ticket
from sms_gateway.back_office.tickets.results import Acting, NeedsConfirmation, Office, Overtaken, Refused
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.tickets.scope import Sight
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import say


def office() -> Office:
    """Return what acts need; raise 404 where the conversation is off."""
    return dependencies().office() or abort(404)


def acting(found: Ticket, seen: Sight, version: int | None = None) -> Acting:
    """Return who acts on a ticket, as the page showed it: with the version of its form, or one of the caller."""
    return Acting(
        ticket_id=found.id,
        version=_version() if version is None else version,
        operator_id=seen.operator.id,
        operator=seen.operator.name,
        scope=seen.scope,
        unit_id=seen.unit_id,
    )


def note_act(connection: Connection, action: Action, ticket_id: int, act: str) -> None:
    """Record an act in the audit log."""
    note(connection, action, f"ticket:{ticket_id}", f"ticket {act}")


def why_not(result: Overtaken | Refused | NeedsConfirmation) -> str:
    """Return why an act was not done, in words."""
    match result:
        case Overtaken():
            return say(result.message)
        case Refused():
            return " ".join(say(fault) for fault in result.faults)
        case NeedsConfirmation():
            return say("ticket.own_links")


def status_of(result: Overtaken | Refused | NeedsConfirmation) -> int:
    """Return the HTTP status of an act that was not done."""
    return 409 if isinstance(result, Overtaken) else 400


def _version() -> int:
    written = short_field("version")
    if not (written.isascii() and written.isdecimal() and len(written) < 10):  # noqa: PLR2004 - digits of an Integer
        abort(400)
    return int(written) if request.method == "POST" else abort(405)
