"""One ticket: what was said, when it is due, who has it, and everything that can be done with it."""

from __future__ import annotations

from datetime import datetime, time
from urllib.parse import urlencode

from flask import render_template, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.schema import Priority, TicketState
from db.staff import audit
from db.staff.audit import Action
from db.store.address import as_msisdn
from db.tickets.states import events_of
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pages.actions.action_result import reveal, reveals
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.tickets.acting import office
from sms_gateway.pages.tickets.detail.answer_box import AnswerBox, answer_box
from sms_gateway.pages.tickets.detail.conversation_lines import conversation_lines, shown_routing
from sms_gateway.pages.tickets.detail.ticket_rows import WholeTicket, read_whole
from sms_gateway.pages.tickets.inbox_filter import choice_of_address
from sms_gateway.pages.tickets.scope import seen_ticket, sight
from sms_gateway.pages.tickets.shown_words import shown_phone, shown_words
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled


def ticket(ticket_id: int) -> str:
    """Show one ticket, masked, and record once a day that the operator opened it; unmasked after a reveal."""
    with dependencies().database.read() as connection:
        whole = read_whole(connection, ticket_id)
        is_noted = _was_opened_today(connection, whole)
        box = answer_box(connection, whole)
    if not is_noted:
        with dependencies().database.write() as connection:
            note(connection, Action.TICKET_SEEN, subject_of(whole.ticket.id))
    return ticket_page(whole, box=box)


def reveal_ticket(ticket_id: int) -> Response:
    """Let the next page show numbers and words clear, once, and record who sees them."""
    with dependencies().database.write() as connection:
        found = seen_ticket(connection, ticket_id, sight(connection).scope)
        note(connection, Action.REVEALED, subject_of(found.id))
    return reveal(address_of(found.id), subject_of(found.id))


def subject_of(ticket_id: int) -> str:
    """Return the name of a ticket in the audit log."""
    return f"ticket:{ticket_id}"


def address_of(ticket_id: int, fragment: str | None = None) -> str:
    """Return the address of a ticket's page, in the list from which it was opened."""
    query = urlencode(choice_of_address().query())
    address = url_for("admin.ticket", ticket_id=ticket_id) + (f"?{query}" if query else "")
    return f"{address}#{fragment}" if fragment else address


def ticket_page(whole: WholeTicket, *, box: AnswerBox, form: Filled | None = None, fault: str | None = None) -> str:
    """Render the page; `box` is the answer box, `form` another form that was refused, `fault` why nothing was done."""
    found, choice = whole.ticket, choice_of_address()
    clear = reveals(subject_of(found.id))
    shown = form or Filled()
    shown.values.setdefault("citizen_name", found.citizen_name or "")
    ends = found.resolved_at or found.closed_at or dependencies().now()
    return render_template(
        "tickets/ticket.html",
        whole=whole,
        ticket=found,
        clear=clear,
        subject=shown_words(found.subject, clear=clear),
        phone=shown_phone(found.phone, clear=clear),
        can_be_called=found.phone is not None and as_msisdn(found.phone) is not None,
        reason=shown_words(found.public_reason, clear=clear) if found.public_reason else "",
        lines=conversation_lines(whole.entries, clear=clear),
        routed=shown_routing(found.routed_by, whole.rule),
        unit=whole.seen.names().get(found.unit_id, ""),
        allowed=[event.value for event in events_of(found.state)],
        calls_duty=office().parts.urgent,
        is_late=found.final_due < ends,
        is_over=found.state is TicketState.CLOSED,
        is_mine=found.assignee_id == whole.seen.operator.id,
        priorities=[one for one in Priority if one is not Priority.URGENT],
        place=choice.query(),
        inbox=choice.address(),
        answer=box,
        form=shown,
        fault=fault,
    )


def _was_opened_today(connection: Connection, whole: WholeTicket) -> bool:
    now = dependencies().now()
    today = datetime.combine(now.astimezone(LOCAL_ZONE).date(), time(), tzinfo=LOCAL_ZONE)
    name, subject = whole.seen.operator.name, subject_of(whole.ticket.id)
    return audit.has_done(connection, name, Action.TICKET_SEEN, subject, since=today)
