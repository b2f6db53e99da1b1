"""The inbox: the tickets of the operator's units in lists, with counts and a filter; it renews itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.schema import Priority, TicketKind
from db.staff.audit import Action
from db.staff.operators import names_of
from db.tickets.inbox import COUNTED, InboxCounts, count_inbox, read_inbox
from db.tickets.inbox.filters import Key, View
from db.tickets.whole_ticket import Ticket, find_ticket
from db.units.route_rules import list_topics
from parsers.fields.codes.ticket_numbers import PREFIX, find_numbers
from parsers.text.folding import fold
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.display.paging import MAX_KEY, addresses_of
from sms_gateway.pages.tickets.inbox_filter import LISTS, InboxChoice, choice_of_address, choice_of_form
from sms_gateway.pages.tickets.scope import Sight, sight
from sms_gateway.pages.tickets.shown_words import shown_phone, shown_words
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled, holding
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import say

MOST_SUBJECT = 90


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A ticket as the inbox shows it."""

    ticket: Ticket
    address: str
    subject: str
    phone: str
    unit: str
    assignee: str
    is_late: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ListEntry:
    """A list of the inbox, its address and how many tickets it has."""

    view: View
    address: str
    count: str
    is_current: bool


def inbox() -> str:
    """Show a list of tickets."""
    return _page(choice_of_address())


def filter_inbox() -> Response | tuple[str, int]:
    """Read a filter and redirect to its page; the number of a ticket leads to the ticket.

    It comes by POST because an address must hold no clear number and no words.
    """
    form = Filled()
    with dependencies().database.read() as connection:
        found = _ticket_typed(connection, sight(connection))
    if found is not None:
        return redirect(url_for("admin.ticket", ticket_id=found), code=303)
    typed = _number_typed()
    if typed:
        form.values["number"] = typed
        form.refuse("number", say("inbox.no_ticket", number=typed))
        return _page(choice_of_address(), form=form), 404
    choice = choice_of_form(form)
    if not form.is_sound:
        return _page(choice_of_address(), form=form), 400
    if short_field("number"):
        with dependencies().database.write() as connection:
            note(connection, Action.NUMBER_SEARCHED, "ticket")
    return redirect(choice.address(), code=303)


def _ticket_typed(connection: Connection, seen: Sight) -> int | None:
    """Return the ticket whose number was typed into the field for numbers, if it may be seen."""
    numbers = find_numbers(fold(short_field("number")))
    found = find_ticket(connection, PREFIX + numbers[0].digits, seen.scope) if numbers else None
    return None if found is None else found.id


def _number_typed() -> str:
    """Return the number of a ticket that was typed with its letters; empty for a telephone number."""
    return next((PREFIX + one.digits for one in find_numbers(fold(short_field("number"))) if not one.is_bare), "")


def _page(choice: InboxChoice, *, form: Filled | None = None) -> str:
    parts = dependencies()
    now = parts.now()
    with parts.database.read() as connection:
        seen = sight(connection)
        if choice.unit_id is not None and choice.unit_id not in seen.names():
            abort(404)
        page = read_inbox(connection, choice.wanted(seen.operator.id), seen.scope, now=now, after=_key())
        counts = count_inbox(connection, seen.scope, operator_id=seen.operator.id, now=now)
        names = names_of(connection, {one.assignee_id for one in page.tickets if one.assignee_id is not None})
        topics = list_topics(connection)
    next_key = page.next_key
    return render_template(
        "tickets/inbox.html",
        choice=choice,
        place=choice.query(),
        lines=_lines(page.tickets, choice, seen, names, now),
        lists=_lists(choice, counts),
        next=None if next_key is None else choice.address(after=_written(next_key)),
        stopped_short=page.stopped_short,
        is_first="after" not in request.args,
        form=form or holding(choice.shown()),
        seen=seen,
        topics=topics,
        kinds=list(TicketKind),
        priorities=list(Priority),
        views=list(View),
        phone=None if choice.sender is None else shown_phone(choice.sender),
    )


def _lines(
    tickets: Sequence[Ticket], choice: InboxChoice, seen: Sight, names: Mapping[int, str], now: datetime
) -> Sequence[Line]:
    units, address_of = seen.names(), addresses_of("admin.ticket", "ticket_id", **choice.query())
    return [
        Line(
            ticket=one,
            address=address_of(one.id),
            subject=_in_short(shown_words(one.subject)),
            phone=shown_phone(one.phone),
            unit=units.get(one.unit_id, ""),
            assignee="" if one.assignee_id is None else names.get(one.assignee_id, ""),
            is_late=one.resolved_at is None and one.closed_at is None and one.final_due < now,
        )
        for one in tickets
    ]


def _lists(choice: InboxChoice, counts: InboxCounts) -> Sequence[ListEntry]:
    return [
        ListEntry(
            view=view,
            address=choice.of(view).address(),
            count=_shown(getattr(counts, view.value)),
            is_current=view is choice.view,
        )
        for view in LISTS
    ]


def _shown(count: int) -> str:
    """Return a count, of which the greatest stands for every greater one."""
    return str(count) if count <= COUNTED else f"{COUNTED}+"


def _in_short(words: str) -> str:
    return words if len(words) <= MOST_SUBJECT else f"{words[:MOST_SUBJECT]}…"


def _written(key: Key) -> str:
    urgent = f"~{Priority.URGENT}" if key.is_urgent else ""
    return f"{key.due.isoformat()}~{key.id}{urgent}"


def _key() -> Key | None:
    """Return where the page begins, from its address; raise 404 for a place that no list has."""
    written = request.args.get("after")
    if written is None:
        return None
    moment, _, rest = written.partition("~")
    row_id, _, urgent = rest.partition("~")
    try:
        due = datetime.fromisoformat(moment)
    except ValueError:
        abort(404)
    if due.tzinfo is None or not row_id.isdecimal() or not row_id.isascii() or int(row_id[:20]) > MAX_KEY:
        abort(404)
    if urgent not in ("", Priority.URGENT):
        abort(404)
    return Key(due, int(row_id), is_urgent=bool(urgent))
