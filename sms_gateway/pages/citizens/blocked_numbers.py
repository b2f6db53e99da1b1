"""Blocked numbers: who gets no answer, until when and why; block and unblock, by hand or from a message.

Addresses hold a number encrypted, for one operator and one hour.
"""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.citizens.block_list import LOOP_BREAKER, Block, is_on_list, read_list, take_off_list
from db.reports.message_log import sender_of
from db.staff.audit import Action
from db.staff.operators import COMMAND_LINE
from db.store.address import Address
from sms_gateway.pages.actions.action_result import done, reveal, reveals
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.actions.block_form import block_number, usual_block, wanted_block
from sms_gateway.pages.actions.confirmation import Question, ask
from sms_gateway.pages.display.paging import bounded
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import open_for_operator, seal_for_operator
from sms_gateway.web.language import say

MOST_SHOWN = 500
"""Lines of the page, those that end first. Blocks of machines that answer us end within hours."""

_SEALED = "web.block"
_SUBJECT = "block"
_FROM_PAGE = "operator"  # the reason of blocks that earlier versions made on a message's page

Page = Response | str | tuple[str, int]


def blocks() -> str:
    """Show the list, masked; unmasked on the page after a reveal."""
    return _page()


def reveal_blocks() -> Response:
    """Let the next page show the numbers unmasked, once, and record who sees them."""
    with dependencies().database.write() as connection:
        note(connection, Action.REVEALED, _SUBJECT)
    return reveal(url_for("admin.blocks"), _SUBJECT)


def add_block() -> Page:
    """Block a number that was typed."""
    form = Filled()
    number, wanted = form.address("number"), wanted_block(form)
    if number is None:
        form.refuse("number", say("form.phone"))
    if number is None or wanted is None:
        return _page(form), 400
    with dependencies().database.write() as connection:
        block_number(connection, number, wanted, _SUBJECT)
    return done(url_for("admin.blocks"), "done.blocked", count=wanted.days)


def unblock_number() -> Page:
    """Ask; then answer a number of the list again."""
    token = request.args.get("who", "")
    number = Address(open_for_operator(token, _SEALED) or abort(410))
    back = url_for("admin.blocks")
    if request.method == "GET":
        return _ask_unblock(number, back)
    with dependencies().database.write() as connection:
        _unblock(connection, number, _SUBJECT)
    return done(back, "done.unblocked")


def block_sender(inbound_id: int) -> Page:
    """Ask for how long and why; then stop answering the sender of a text."""
    number, back = _sender(inbound_id), url_for("admin.message", inbound_id=inbound_id)
    question = Question(
        title=say("blocks.block_title", number=dependencies().addresses.mask(number)),
        leads=[say("blocks.block_lead")],
        button=say("message.block"),
        back=back,
        asks_block=True,
    )
    if request.method == "GET":
        return ask(question, usual_block())
    form = Filled()
    wanted = wanted_block(form)
    if wanted is None:
        return ask(question, form), 400
    with dependencies().database.write() as connection:
        block_number(connection, number, wanted, f"inbound:{inbound_id}")
    return done(back, "done.blocked", count=wanted.days)


def unblock_sender(inbound_id: int) -> Page:
    """Ask; then answer the sender of a text again."""
    number, back = _sender(inbound_id), url_for("admin.message", inbound_id=inbound_id)
    if request.method == "GET":
        return _ask_unblock(number, back)
    with dependencies().database.write() as connection:
        _unblock(connection, number, f"inbound:{inbound_id}")
    return done(back, "done.unblocked")


def _ask_unblock(number: Address, back: str) -> Page:
    parts = dependencies()
    with parts.database.read() as connection:
        if not is_on_list(connection, number, now=parts.now()):
            return redirect(back)
    return ask(
        Question(
            title=say("blocks.unblock_title", number=dependencies().addresses.mask(number)),
            leads=[say("blocks.unblock_lead")],
            button=say("message.unblock"),
            back=back,
        )
    )


def _unblock(connection: Connection, number: Address, subject: str) -> None:
    if not take_off_list(connection, number):
        abort(409)
    note(connection, Action.UNBLOCKED, subject)


def _sender(inbound_id: int) -> Address:
    with dependencies().database.read() as connection:
        return sender_of(connection, bounded(inbound_id)) or abort(404)


def _shown_reason(entry: Block) -> str:
    """Return the reason in words: an operator's, or the service's."""
    if entry.made_by == LOOP_BREAKER:
        return say("blocks.loop")
    return say("blocks.no_reason") if entry.reason == _FROM_PAGE else entry.reason


def _shown_maker(name: str) -> str:
    return {LOOP_BREAKER: say("blocks.by_service"), COMMAND_LINE: say("audit.command_line")}.get(name, name)


def _page(form: Filled | None = None) -> str:
    parts, clear = dependencies(), reveals(_SUBJECT)
    with parts.database.read() as connection:
        found = read_list(connection, now=parts.now(), most=MOST_SHOWN + 1)
    lines = [
        {
            "number": entry.number if clear else dependencies().addresses.mask(entry.number),
            "reason": _shown_reason(entry),
            "by": _shown_maker(entry.made_by),
            "since": entry.since,
            "until": entry.until,
            "unblock": url_for("admin.unblock_number", who=seal_for_operator(entry.number, _SEALED)),
        }
        for entry in found[:MOST_SHOWN]
    ]
    return render_template(
        "citizens/blocks.html", lines=lines, is_cut=len(found) > MOST_SHOWN, clear=clear, form=form or usual_block()
    )
