"""The pages of tickets; without the conversation there are none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from db.schema import OperatorRole
from sms_gateway.pages.site.page import BOTH, GET, POST, Page, PageGroup, Top
from sms_gateway.pages.tickets.caller import new_ticket
from sms_gateway.pages.tickets.canned import add_canned, canned_answers, change_canned
from sms_gateway.pages.tickets.detail import changes, confirmed_changes, refiling
from sms_gateway.pages.tickets.detail.answering import answer_ticket
from sms_gateway.pages.tickets.detail.ticket import reveal_ticket, ticket
from sms_gateway.pages.tickets.inbox import filter_inbox, inbox
from sms_gateway.pages.tickets.to_sort import file_text, set_text_aside, to_sort
from sms_gateway.settings.switches import CONVERSATION

if TYPE_CHECKING:
    from flask.typing import RouteCallable

_ONE = "/tickets/<int:ticket_id>"
_ENTRY = f"{_ONE}/entries/<int:entry_id>"
_KEPT = "/tickets/sort/<int:first_id>"


def _page(rule: str, view: RouteCallable, methods: Sequence[str] = GET, entry: str = "") -> Page:
    """Return a page for agents and operators; each shows and changes what `units_of` allows."""
    return Page(rule=rule, view=view, least=OperatorRole.OPERATOR, agents=True, methods=methods, entry=entry)


TICKETS = PageGroup(
    top=Top.TICKETS,
    service=CONVERSATION,
    pages=(
        _page("/tickets", inbox, entry="menu.tickets"),
        _page("/tickets/filter", filter_inbox, POST),
        _page("/tickets/new", new_ticket, BOTH, entry="menu.new_ticket"),
        _page("/tickets/sort", to_sort, entry="menu.to_sort"),
        _page(f"{_KEPT}/file", file_text, POST),
        _page(f"{_KEPT}/aside", set_text_aside, POST),
        _page("/tickets/answers", canned_answers, entry="menu.canned"),
        _page("/tickets/answers/add", add_canned, POST),
        _page("/tickets/answers/<int:answer_id>", change_canned, POST),
        _page(_ONE, ticket),
        _page(f"{_ONE}/reveal", reveal_ticket, POST),
        _page(f"{_ONE}/answer", answer_ticket, POST),
        _page(f"{_ONE}/note", changes.note_ticket, POST),
        _page(f"{_ONE}/take", changes.take_ticket, POST),
        _page(f"{_ONE}/release", changes.release_ticket, POST),
        _page(f"{_ONE}/resume", changes.resume_ticket, POST),
        _page(f"{_ONE}/route", changes.confirm_route, POST),
        _page(f"{_ONE}/assign", changes.assign_ticket, POST),
        _page(f"{_ONE}/transfer", changes.transfer_ticket, POST),
        _page(f"{_ONE}/priority", changes.set_ticket_priority, POST),
        _page(f"{_ONE}/dossier", changes.link_ticket_dossier, POST),
        _page(f"{_ONE}/sort", changes.sort_ticket, POST),
        _page(f"{_ONE}/name", changes.name_ticket_citizen, POST),
        _page(f"{_ONE}/merge", confirmed_changes.merge_ticket, BOTH),
        _page(f"{_ONE}/undo-merge", confirmed_changes.undo_merge, BOTH),
        _page(f"{_ONE}/spam", confirmed_changes.close_as_spam, BOTH),
        _page(f"{_ONE}/duty", confirmed_changes.call_duty, BOTH),
        _page(f"{_ONE}/block", confirmed_changes.block_citizen, BOTH),
        _page(f"{_ENTRY}/move", refiling.move_entry, BOTH),
        _page(f"{_ENTRY}/split", refiling.split_entry, BOTH),
    ),
)
