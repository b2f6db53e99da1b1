"""Undoing a filing: what a citizen wrote moves to another ticket, or becomes one of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, render_template, request
from sqlalchemy import Connection

from db.schema import EntryKind, TicketKind, TicketState
from db.tickets.inbox import read_inbox
from db.tickets.inbox.filters import InboxFilter, View
from db.tickets.whole_ticket import Entry, OfferedTicket, Ticket, read_entries
from sms_gateway.back_office.tickets import moving
from sms_gateway.pages.tickets.detail.changes import Page, change
from sms_gateway.pages.tickets.detail.ticket import address_of
from sms_gateway.pages.tickets.scope import seen_ticket, sight
from sms_gateway.pages.tickets.shown_words import shown_words
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import short_field

MOST_OFFERED = 20
LONGEST_NUMBER = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Offered:
    """A ticket to which words can be moved."""

    number: str
    subject: str
    state: str


def move_entry(ticket_id: int, entry_id: int) -> Page:
    """Offer the other tickets of the same phone; then move the words there."""
    if request.method == "POST":
        form = Filled()
        number = form.text("number", most=LONGEST_NUMBER)
        return change(ticket_id, "move", lambda c, parts, who: moving.move_entry(c, parts, who, entry_id, number))
    return _page(ticket_id, entry_id, "move")


def split_entry(ticket_id: int, entry_id: int) -> Page:
    """Ask for the kind; then open a ticket of its own for the words."""
    if request.method == "POST":
        kind = short_field("kind")
        if kind not in set(TicketKind):
            abort(400)
        return change(ticket_id, "split", lambda c, parts, who: moving.split(c, parts, who, entry_id, TicketKind(kind)))
    return _page(ticket_id, entry_id, "split")


def tickets_of_phone(connection: Connection, found: Ticket) -> Sequence[Offered]:
    """Return the other tickets of the phone that the operator may see and that can take a text, newest first."""
    seen = sight(connection)
    if found.phone is None:
        return []
    wanted = InboxFilter(view=View.EVERY, sender=found.phone)
    page = read_inbox(connection, wanted, seen.scope, now=dependencies().now(), size=MOST_OFFERED)
    return [offered(one) for one in page.tickets if one.id != found.id and one.state is not TicketState.CLOSED]


def offered(ticket: Ticket | OfferedTicket) -> Offered:
    """Return a ticket as a choice."""
    return Offered(number=ticket.number, subject=shown_words(ticket.subject), state=ticket.state)


def _page(ticket_id: int, entry_id: int, way: str) -> str:
    with dependencies().database.read() as connection:
        found = seen_ticket(connection, ticket_id, sight(connection).scope)
        entry = _entry(read_entries(connection, found.id), entry_id)
        others = tickets_of_phone(connection, found) if way == "move" else []
    return render_template(
        "tickets/refile.html",
        way=way,
        ticket=found,
        entry=entry,
        words=shown_words(entry.body),
        others=others,
        kinds=list(TicketKind),
        back=address_of(found.id),
        address=f"{request.script_root}{request.full_path}".removesuffix("?"),
    )


def _entry(entries: Sequence[Entry], entry_id: int) -> Entry:
    """Return words of the citizen that can be filed elsewhere; raise 404 for any other line."""
    written = [one for one in entries if one.kind is EntryKind.CITIZEN]
    return next((one for one in written[1:] if one.id == entry_id), None) or abort(404)
