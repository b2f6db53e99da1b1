"""What is done to a ticket without a text to its citizen: take, assign, transfer, sort, note, priority, dossier."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.schema import Priority
from db.staff.audit import Action
from db.tickets.whole_ticket import read_ticket
from sms_gateway.back_office.tickets import callers, working
from sms_gateway.back_office.tickets.results import Acted, Acting, Office, Result
from sms_gateway.pages.actions.action_result import report
from sms_gateway.pages.display.paging import MAX_KEY
from sms_gateway.pages.tickets.acting import acting, note_act, office, status_of, why_not
from sms_gateway.pages.tickets.detail.answer_box import answer_box
from sms_gateway.pages.tickets.detail.ticket import address_of, ticket_page
from sms_gateway.pages.tickets.detail.ticket_rows import read_whole
from sms_gateway.pages.tickets.inbox_filter import choice_of_address
from sms_gateway.pages.tickets.scope import sight
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import short_field

MOST_WHY = 200
MOST_CODE = 64
MOST_NAME = 80

Page = Response | str | tuple[str, int]
Act = Callable[[Connection, Office, Acting], Result]


def take_ticket(ticket_id: int) -> Page:
    """Take a ticket."""
    return change(ticket_id, "take", working.take, assigns=True)


def release_ticket(ticket_id: int) -> Page:
    """Give a ticket back to the queue of its unit."""
    return change(ticket_id, "release", working.release)


def resume_ticket(ticket_id: int) -> Page:
    """End the waiting."""
    return change(ticket_id, "resume", working.resume)


def confirm_route(ticket_id: int) -> Page:
    """Confirm that an unsure ticket is with the right unit."""
    return change(ticket_id, "route", working.confirm_route)


def assign_ticket(ticket_id: int) -> Page:
    """Give a ticket to another agent of its unit."""
    operator_id = _row_id("operator")
    return change(ticket_id, "assign", lambda c, parts, who: working.assign(c, parts, who, operator_id), assigns=True)


def transfer_ticket(ticket_id: int) -> Page:
    """Give a ticket to another unit, with words for its agents."""
    form, unit_id = Filled(), _row_id("unit")
    why = form.text("why", most=MOST_WHY)
    return change(ticket_id, "transfer", lambda c, parts, who: working.transfer(c, parts, who, unit_id, why), form=form)


def note_ticket(ticket_id: int) -> Page:
    """Add words for agents alone."""
    form = Filled()
    words = short_field("note")
    form.values["note"] = words
    return change(ticket_id, "note", lambda c, parts, who: working.note(c, parts, who, words), form=form)


def set_ticket_priority(ticket_id: int) -> Page:
    """Give a ticket another priority; an urgent one also calls people on duty, which has a page of its own."""
    chosen = short_field("priority")
    if chosen not in set(Priority) or chosen == Priority.URGENT:
        abort(400)
    priority = Priority(chosen)
    return change(ticket_id, "priority", lambda c, parts, who: working.set_priority(c, parts, who, priority))


def link_ticket_dossier(ticket_id: int) -> Page:
    """Link a ticket to a dossier by its code; agents look up no other dossiers."""
    form = Filled()
    code = form.text("code", most=MOST_CODE)
    return change(ticket_id, "dossier", lambda c, parts, who: working.link_dossier(c, parts, who, code), form=form)


def sort_ticket(ticket_id: int) -> Page:
    """Set the topic and the ward of a ticket; it stays with its unit."""
    form = Filled()
    with dependencies().database.read() as connection:
        whole = read_whole(connection, ticket_id)
    topic = form.choice("topic", {"", *(str(one.id) for one in whole.topics)})
    ward = form.choice("ward", {"", *(str(one.id) for one in whole.wards)})
    topic_id, ward_id = int(topic) if topic else None, int(ward) if ward else None
    return change(
        ticket_id,
        "sort",
        lambda c, parts, who: working.sort(c, parts, who, topic_id=topic_id, ward_id=ward_id),
        form=form,
    )


def name_ticket_citizen(ticket_id: int) -> Page:
    """Note the name of the citizen, in all tickets of the telephone; an empty one is forgotten."""
    form = Filled()
    name = form.text("citizen_name", most=MOST_NAME)
    return change(ticket_id, "name", lambda c, parts, who: callers.name(c, parts, who, name), form=form)


def change(
    ticket_id: int,
    name: str,
    act: Act,
    *,
    form: Filled | None = None,
    assigns: bool = False,
    leads_to: Callable[[int], str] | None = None,
) -> Page:
    """Do an act, record it and report it; where it was not done, show the ticket as it is, with what was typed."""
    with dependencies().database.write() as connection:
        whole = read_whole(connection, ticket_id)
        if assigns and not whole.may_take:
            abort(403)
        result = act(connection, office(), acting(whole.ticket, whole.seen)) if _is_sound(form) else None
        if isinstance(result, Acted):
            note_act(connection, Action.TICKET_CHANGED, whole.ticket.id, name)
            after = _after(connection, result.ticket_id)
    if isinstance(result, Acted):
        return report(after if leads_to is None else leads_to(ticket_id), result.message)
    fault, status = (None, 400) if result is None else (why_not(result), status_of(result))
    return not_done(ticket_id, form=form, fault=fault, status=status)


def not_done(ticket_id: int, *, form: Filled | None = None, fault: str | None, status: int) -> tuple[str, int]:
    """Show the ticket as it is now, with why nothing was done and what was typed."""
    with dependencies().database.read() as connection:
        whole = read_whole(connection, ticket_id)
        box = answer_box(connection, whole)
    return ticket_page(whole, box=box, form=form, fault=fault), status


def _is_sound(form: Filled | None) -> bool:
    return form is None or form.is_sound


def _after(connection: Connection, ticket_id: int) -> str:
    """Return the address of the ticket; of the inbox, when it is with a unit that the operator does not see."""
    is_seen = read_ticket(connection, ticket_id, sight(connection).scope) is not None
    return address_of(ticket_id) if is_seen else choice_of_address().address()


def _row_id(name: str) -> int:
    written = short_field(name)
    if not (written.isascii() and written.isdecimal()) or int(written[:20]) > MAX_KEY:
        abort(400)
    return int(written)
