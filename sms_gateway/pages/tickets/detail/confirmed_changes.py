"""What is asked before it is done to a ticket: merge and undo it, close it as spam, call people on duty, block."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, request
from sqlalchemy import Connection

from db.tickets.states import TicketEvent, events_of
from db.tickets.whole_ticket import Ticket, find_ticket
from parsers.fields.codes.ticket_numbers import PREFIX, find_numbers
from parsers.text.folding import fold
from sms_gateway.back_office.tickets import closing, working
from sms_gateway.back_office.tickets.drafts import How, draft
from sms_gateway.back_office.tickets.results import ACTS, Refused, refused
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.block_form import block_number, usual_block, wanted_block
from sms_gateway.pages.actions.confirmation import Question, ask, sms_of
from sms_gateway.pages.tickets.acting import acting, office, status_of, why_not
from sms_gateway.pages.tickets.detail.answering import next_ticket
from sms_gateway.pages.tickets.detail.changes import Act, Page, change, not_done
from sms_gateway.pages.tickets.detail.ticket import address_of, subject_of
from sms_gateway.pages.tickets.scope import Sight, seen_ticket, sight
from sms_gateway.pages.tickets.shown_words import shown_phone
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import say

LONGEST_NUMBER = 40


def merge_ticket(ticket_id: int) -> Page:
    """Ask, with the SMS; then close a ticket whose matter goes on in another one."""
    number = number_in(request.args.get("into", "") if request.method == "GET" else short_field("into"))
    if request.method == "POST":
        return change(ticket_id, "merge", lambda c, parts, who: closing.merge(c, parts, who, number))
    with dependencies().database.read() as connection:
        found, seen = _found(connection, ticket_id)
        target = find_ticket(connection, number, seen.scope)
        refusal = None if target is None else closing.refusal_to_merge(found, target)
        question = None if target is None or refusal is not None else _merging(connection, found, seen, target)
    if question is not None:
        return ask(question)
    if refusal is None:
        return not_done(ticket_id, fault=say(ACTS.message("refused.unknown")), status=404)
    return not_done(ticket_id, fault=why_not(refusal), status=status_of(refusal))


def undo_merge(ticket_id: int) -> Page:
    """Ask; then give a merged ticket back its state."""
    return _asked(ticket_id, "undo", closing.undo, lambda ticket: closing.refusal_to_undo(ticket, office().now))


def close_as_spam(ticket_id: int) -> Page:
    """Ask; then close a ticket as spam; the next ticket opens."""
    return _asked(ticket_id, "spam", closing.spam, _refusal_of_spam, opens_next=True)


def call_duty(ticket_id: int) -> Page:
    """Ask; then make a ticket urgent and text the people on duty."""
    return _asked(ticket_id, "call_duty", working.confirm_urgent, _refusal_of_call)


def block_citizen(ticket_id: int) -> Page:
    """Ask for how long and why; then answer the number of a ticket no more."""
    with dependencies().database.read() as connection:
        found, _ = _found(connection, ticket_id)
    if found.phone is None:
        abort(409)
    question = Question(
        title=say("blocks.block_title", number=shown_phone(found.phone)),
        leads=[say("blocks.block_lead")],
        button=say("message.block"),
        back=address_of(found.id),
        asks_block=True,
    )
    if request.method == "GET":
        return ask(question, usual_block())
    form = Filled()
    wanted = wanted_block(form)
    if wanted is None:
        return ask(question, form), 400
    with dependencies().database.write() as connection:
        block_number(connection, found.phone, wanted, subject_of(found.id))
    return done(address_of(found.id), "done.blocked", count=wanted.days)


def number_in(typed: str) -> str:
    """Return the number of a ticket as it was typed anywhere in a field; empty when there is none."""
    found = find_numbers(fold(typed[:LONGEST_NUMBER]))
    return PREFIX + found[0].digits if found else ""


def _asked(
    ticket_id: int, name: str, act: Act, refusal_of: Callable[[Ticket], Refused | None], *, opens_next: bool = False
) -> Page:
    """Ask before an act, unless it would be refused as the ticket is now; then act."""
    if request.method == "POST":
        return change(ticket_id, name, act, leads_to=next_ticket if opens_next else None)
    with dependencies().database.read() as connection:
        found, _ = _found(connection, ticket_id)
    refusal = refusal_of(found)
    if refusal is not None:
        return not_done(ticket_id, fault=why_not(refusal), status=status_of(refusal))
    return ask(_question(found, name))


def _refusal_of_spam(ticket: Ticket) -> Refused | None:
    return None if TicketEvent.SPAM in events_of(ticket.state) else refused("state", number=ticket.number)


def _refusal_of_call(ticket: Ticket) -> Refused | None:
    parts = office()
    units = parts.parts.units()
    if units is None:
        return refused("off")
    sms = working.duty_call_about(ticket, parts, units)
    return sms if isinstance(sms, Refused) else None


def _question(found: Ticket, name: str) -> Question:
    return Question(
        title=say(f"ticket_ask.{name}", number=found.number),
        leads=[say(f"ticket_ask.{name}_lead")],
        button=say(f"ticket.{name}"),
        back=address_of(found.id),
        fields={"version": str(found.version)},
    )


def _merging(connection: Connection, found: Ticket, seen: Sight, target: Ticket) -> Question:
    who = acting(found, seen, found.version)
    text = draft(connection, office(), who, How.MERGE, target.number)
    sms = None
    if text is not None and found.phone is not None:
        sms = sms_of(text.text, shown_phone(found.phone), by=found.reply_link)
    return Question(
        title=say("ticket_ask.merge", number=found.number, other=target.number),
        leads=[say("ticket_ask.merge_lead", number=target.number)],
        button=say("ticket.merge"),
        back=address_of(found.id),
        sms=sms,
        fields={"version": str(found.version), "into": target.number},
    )


def _found(connection: Connection, ticket_id: int) -> tuple[Ticket, Sight]:
    seen = sight(connection)
    return seen_ticket(connection, ticket_id, seen.scope), seen
