"""Answering: the preview, the canned answers and the sending of what an agent wrote to a citizen."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.schema import TicketState
from db.staff.audit import Action
from db.tickets.inbox import read_inbox
from db.tickets.inbox.filters import NEWEST_FIRST, View
from handlers.conversation.outgoing_check import FAULTS
from sms_gateway.back_office.tickets import answering, closing, working
from sms_gateway.back_office.tickets.drafts import How
from sms_gateway.back_office.tickets.results import (
    Acted,
    Acting,
    NeedsConfirmation,
    Office,
    Overtaken,
    Refused,
    Result,
    overtaken,
)
from sms_gateway.pages.actions.action_result import report
from sms_gateway.pages.tickets.acting import acting, note_act, office, status_of, why_not
from sms_gateway.pages.tickets.canned import canned_for, filled_in
from sms_gateway.pages.tickets.detail.answer_box import answer_box, ways_of
from sms_gateway.pages.tickets.detail.ticket import address_of, ticket_page
from sms_gateway.pages.tickets.detail.ticket_rows import WholeTicket, read_whole
from sms_gateway.pages.tickets.inbox_filter import InboxChoice, choice_of_address
from sms_gateway.pages.tickets.scope import sight
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import say

MOST_WORDS = 2_000
"""Characters of an answer that are read; three segments have fewer."""
MOST_LINKS = 20
MOST_PAGES = 4
"""Pages of a list in which the next ticket is looked for."""
WORDS_FIELD = "words"

_OF_WAITING = frozenset({View.MINE, View.UNASSIGNED, View.WAITING, View.DUE_SOON, View.LATE})
"""Lists that are worked through: the others hold no ticket that waits for an agent, or those to be looked at."""

Page = Response | str | tuple[str, int]


def answer_ticket(ticket_id: int) -> Page:
    """Show the SMS for what is written, put in a canned answer, or send it and open the next ticket."""
    words, way = _words(), short_field("way")
    with dependencies().database.read() as connection:
        whole = read_whole(connection, ticket_id)
        if "insert" in request.form:
            words = _with_canned(connection, whole, words)
        box = answer_box(connection, whole, way=way, words=words, confirmed=_links())
    if "preview" in request.form or "insert" in request.form:
        return ticket_page(whole, box=box)
    if way not in set(How):
        abort(400)
    if not words:
        return _again(whole, way, words, [say(FAULTS.message("empty"))])
    who = acting(whole.ticket, whole.seen)
    if who.version != whole.ticket.version:
        with dependencies().database.read() as connection:
            return _not_sent(overtaken(connection, whole.ticket, who.version), ticket_id, How(way), words)
    if box.faults or way not in ways_of(whole):
        return _again(whole, way, words, [] if box.faults else [say("ticket.not_in_this_state")])
    if short_field("seen") != box.seen:
        return _again(whole, way, words, [say("ticket.read_first")])
    return _send(whole, who, How(way), words)


def next_ticket(ticket_id: int) -> str:
    """Return the address of the next ticket of the list from which this one was opened, else of the list.

    It is the first that waits for the operator. One that waits for its citizen, or that a colleague has, is left out.
    """
    choice = choice_of_address()
    if choice.view in NEWEST_FIRST:
        return choice.address()
    with dependencies().database.read() as connection:
        following = _following(connection, choice, ticket_id)
    return choice.address() if following is None else address_of(following, WORDS_FIELD)


def _following(connection: Connection, choice: InboxChoice, ticket_id: int) -> int | None:
    seen, now, after = sight(connection), dependencies().now(), None
    for _ in range(MOST_PAGES):
        page = read_inbox(connection, choice.wanted(seen.operator.id), seen.scope, now=now, after=after)
        others = [one for one in page.tickets if one.id != ticket_id]
        if choice.view not in _OF_WAITING:
            return next((one.id for one in others), None)
        waiting = (one for one in others if one.state in (TicketState.NEW, TicketState.OPEN))
        found = next((one.id for one in waiting if one.assignee_id in (None, seen.operator.id)), None)
        after = page.next_key
        if found is not None or after is None:
            return found
    return None


def _send(whole: WholeTicket, who: Acting, way: How, words: str) -> Page:
    with dependencies().database.write() as connection:
        result = _act(connection, office(), who, way, words)
        if isinstance(result, Acted):
            note_act(connection, Action.TICKET_ANSWERED, whole.ticket.id, way.value)
    if isinstance(result, Acted):
        stays = way is How.ANSWER
        return report(address_of(whole.ticket.id) if stays else next_ticket(whole.ticket.id), result.message)
    return _not_sent(result, whole.ticket.id, way, words)


def _act(connection: Connection, parts: Office, who: Acting, way: How, words: str) -> Result:
    links = _links()
    match way:
        case How.RESOLVE:
            return answering.resolve(connection, parts, who, words, confirmed=links)
        case How.ANSWER:
            return answering.answer(connection, parts, who, words, confirmed=links)
        case How.ASK:
            return answering.ask(connection, parts, who, words, confirmed=links)
        case How.WAIT:
            return working.wait_third(connection, parts, who, words, confirmed=tuple(links))
        case How.NOT_OURS:
            return closing.not_ours(connection, parts, who, words, confirmed=links)
        case How.MERGE:  # has a page of its own, and no words
            return abort(400)


def _not_sent(result: Overtaken | Refused | NeedsConfirmation, ticket_id: int, way: How, words: str) -> Page:
    """Show the ticket as it is now, with the words that were not sent; one that is gone is not found."""
    with dependencies().database.read() as connection:
        now = read_whole(connection, ticket_id)
        said = [] if isinstance(result, Overtaken) else [why_not(result)]
        box = answer_box(connection, now, way=way, words=words, faults=said, confirmed=_links())
    fault = why_not(result) if isinstance(result, Overtaken) else None
    return ticket_page(now, box=box, fault=fault), status_of(result)


def _again(whole: WholeTicket, way: str, words: str, faults: Sequence[str]) -> Page:
    with dependencies().database.read() as connection:
        box = answer_box(connection, whole, way=way, words=words, faults=faults, confirmed=_links())
    return ticket_page(whole, box=box), 400


def _with_canned(connection: Connection, whole: WholeTicket, words: str) -> str:
    offered = canned_for(connection, whole.seen, whole.ticket.language)
    chosen = next((one for one in offered if str(one.id) == short_field("canned")), None)
    if chosen is None:
        return words
    unit = next((one for one in whole.units if one.id == whole.ticket.unit_id), None)
    return f"{words} {filled_in(chosen, whole.ticket, unit)}".strip()


def _words() -> str:
    """Read the words as typed; line ends become blanks, as in the SMS."""
    typed = request.form.get(WORDS_FIELD, "")
    return " ".join(typed[:MOST_WORDS].split()) if len(typed) <= MOST_WORDS else abort(413)


def _links() -> Sequence[str]:
    return request.form.getlist("links")[:MOST_LINKS]
