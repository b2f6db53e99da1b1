"""All texts of one number and their answers, as a chat, with the accounts of the number.

The address names one of the number's texts, never the number.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, render_template, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.citizens.accounts import Account, find_by_phone
from db.reports.message_log import read_conversation, sender_of
from db.reports.message_log_filter import LogFilter
from db.reports.unsolicited_messages import read_lone_answers
from db.staff.audit import Action
from db.store.address import Address, as_msisdn
from sms_gateway.pages.actions.action_result import reveal, reveals
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.display.paging import bounded, read_before
from sms_gateway.pages.messages.message_log import Line, LoneLine, shown_lines, with_lone
from sms_gateway.pages.messages.row_display import MOST_IN_CHAT, in_short
from sms_gateway.pages.site.withheld import open_entries, open_lone
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.masking import readable


def conversation(inbound_id: int) -> str:
    """Show the conversation of the sender of this text, masked, and record who looked.

    On the page after a reveal it is unmasked: that is recorded already.
    """
    return _page(inbound_id, clear=reveals(_subject(inbound_id)))


def reveal_conversation(inbound_id: int) -> Response:
    """Let the next page show it unmasked, once, and record who sees it."""
    before = read_before()
    with dependencies().database.write() as connection:
        if sender_of(connection, bounded(inbound_id)) is None:
            abort(404)
        note(connection, Action.REVEALED, f"inbound:{inbound_id}")
    return reveal(url_for("admin.conversation", inbound_id=inbound_id, before=before), _subject(inbound_id))


def _subject(inbound_id: int) -> str:
    return f"conversation:{inbound_id}"


def _page(inbound_id: int, *, clear: bool) -> str:
    before = read_before()
    with dependencies().database.write() as connection:
        sender = sender_of(connection, bounded(inbound_id))
        if sender is None:
            abort(404)
        if not clear:
            note(connection, Action.CONVERSATION_SEEN, f"inbound:{inbound_id}")
        page = read_conversation(connection, sender, before=before)
        lone = read_lone_answers(connection, LogFilter(sender=sender), since=page.older, before=before)
        entries, lone = open_entries(connection, page.entries), open_lone(connection, lone)
        accounts = _accounts_of(connection, sender)
    lines = with_lone(shown_lines(entries, most=MOST_IN_CHAT), lone)
    return render_template(
        "messages/conversation.html",
        inbound_id=inbound_id,
        number=sender if clear else dependencies().addresses.mask(sender),
        clear=clear,
        turns=[(line, _words(line, clear=clear)) for line in reversed(lines)],
        before=before,
        older=page.older,
        accounts=accounts,
    )


def _accounts_of(connection: Connection, sender: Address) -> Sequence[Account]:
    """Return the accounts of a phone; an address of another kind has none."""
    phone = as_msisdn(sender)
    return () if phone is None else find_by_phone(connection, phone)


def _words(line: Line | LoneLine, *, clear: bool) -> tuple[str, list[str]]:
    """Return the words of a text, if there is one, and of each answer; one with a secret shows its masked text."""
    if isinstance(line, LoneLine):
        return "", [readable(line.lone.answer.shown or "") if clear else line.shown]
    answers = [
        readable(answer.shown or "") if clear else line.answers[place]
        for place, answer in enumerate(line.entry.answers)
    ]
    body = in_short(readable(line.entry.text.body[: MOST_IN_CHAT + 1]), MOST_IN_CHAT) if clear else line.text.body
    return body, answers
