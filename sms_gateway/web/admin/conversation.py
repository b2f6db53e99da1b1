"""Everything that one number wrote and was answered, as a chat, with the accounts behind it.

The address names one of the number's texts, never the number.
"""

from __future__ import annotations

from flask import abort, render_template

from db.accounts import find_by_phone
from db.audit import Action
from db.message_log import read_conversation, sender_of
from sms_gateway.web.admin.log import read_before, shown_lines
from sms_gateway.web.admin.message import bounded
from sms_gateway.web.admin.noted import note
from sms_gateway.web.masking import mask_number, readable
from sms_gateway.web.parts import current_parts


def conversation(inbound_id: int) -> str:
    """Show the conversation of whoever wrote this text, masked, and write down who looked."""
    return _page(inbound_id, clear=False)


def reveal_conversation(inbound_id: int) -> str:
    """Show it unmasked, and write down who saw it."""
    return _page(inbound_id, clear=True)


def _page(inbound_id: int, *, clear: bool) -> str:
    before = read_before()
    with current_parts().database.write() as connection:
        sender = sender_of(connection, bounded(inbound_id))
        if sender is None:
            abort(404)
        note(connection, Action.REVEALED if clear else Action.CONVERSATION_SEEN, f"inbound:{inbound_id}")
        page = read_conversation(connection, sender, before=before)
        accounts = find_by_phone(connection, sender)
    lines = shown_lines(page.entries)
    bodies = [
        (
            readable(line.entry.text.body) if clear else line.text.body,
            [
                readable(answer.shown or "") if clear else line.answers[place]
                for place, answer in enumerate(line.entry.answers)
            ],
        )
        for line in lines
    ]
    return render_template(
        "conversation.html",
        inbound_id=inbound_id,
        number=sender if clear else mask_number(sender),
        clear=clear,
        turns=list(reversed(list(zip(lines, bodies, strict=True)))),
        older=page.older,
        accounts=accounts,
    )
