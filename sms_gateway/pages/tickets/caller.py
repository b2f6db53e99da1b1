"""A new ticket for somebody who called or came to the desk; its number goes out by SMS, which the page shows first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import abort, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.schema import TicketChannel, TicketKind
from db.staff.audit import Action
from db.tickets.whole_ticket import read_ticket
from sms_gateway.back_office.tickets.callers import Caller, draft_for, open_for
from sms_gateway.back_office.tickets.results import ACTS, Acted, Draft, Refused
from sms_gateway.pages.actions.action_result import report
from sms_gateway.pages.tickets.acting import note_act, office, status_of, why_not
from sms_gateway.pages.tickets.detail.ticket import address_of
from sms_gateway.pages.tickets.inbox_filter import choice_of_address
from sms_gateway.pages.tickets.scope import Sight, sight
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled, holding
from sms_gateway.web.forms import open_for_operator, seal_for_operator, short_field
from sms_gateway.web.language import say

MOST_WORDS = 1_000
MOST_NAME = 80
_PLACE = "web.caller"
WAYS = (TicketChannel.CALL, TicketChannel.VISIT)

Page = Response | str | tuple[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Filled:
    """The form as it was filled, with the SMS for it."""

    form: Filled
    caller: Caller | None
    sms: Draft | None
    seen: str
    faults: Sequence[str] = ()


def new_ticket() -> Page:
    """Show the form with the SMS for what is filled in, or open the ticket."""
    with dependencies().database.read() as connection:
        seen = sight(connection)
        filled = _read(connection, seen) if request.method == "POST" else _empty()
    if request.method == "GET" or "preview" in request.form:
        return _page(seen, filled)
    if filled.caller is None or filled.sms is None:
        return _page(seen, filled), 400
    ticket_id = _id_of_form(filled.caller, filled.sms)
    if ticket_id is None:
        return _page(seen, filled, [say("ticket.read_first")]), 400
    with dependencies().database.write() as connection:
        result = open_for(connection, office(), replace(filled.caller, ticket_id=ticket_id))
        if isinstance(result, Acted):
            if not result.is_repeated:
                note_act(connection, Action.TICKET_OPENED, result.ticket_id, filled.caller.channel.value)
            is_seen = read_ticket(connection, result.ticket_id, seen.scope) is not None
    if isinstance(result, Acted):
        return report(address_of(result.ticket_id) if is_seen else choice_of_address().address(), result.message)
    return _page(seen, filled, [why_not(result)]), status_of(result)


def _empty() -> _Filled:
    return _Filled(
        form=holding({"channel": TicketChannel.CALL, "kind": TicketKind.QUESTION}), caller=None, sms=None, seen=""
    )


def _read(connection: Connection, seen: Sight) -> _Filled:
    form = Filled()
    caller = _caller(form, seen)
    if caller is None:
        return _Filled(form=form, caller=None, sms=None, seen="")
    written = draft_for(connection, office(), caller)
    if isinstance(written, Refused):
        return _Filled(form=form, caller=caller, sms=None, seen="", faults=[why_not(written)])
    return _Filled(form=form, caller=caller, sms=written, seen=_token(caller, written))


def _caller(form: Filled, seen: Sight) -> Caller | None:
    phone, name = form.phone("phone"), form.text("name", most=MOST_NAME)
    kind, channel = form.choice("kind", set(TicketKind)), form.choice("channel", set(WAYS))
    unit = form.choice("unit", {"", *(str(one.id) for one in seen.units)})
    words = _words(form)
    if phone is None:
        form.refuse("phone", say("form.phone"))
    if not words:
        form.refuse("words", say(ACTS.message("refused.empty")))
    if phone is None or not form.is_sound:
        return None
    return Caller(
        operator=seen.operator.name,
        phone=phone,
        kind=TicketKind(kind),
        words=words,
        channel=TicketChannel(channel),
        unit_id=int(unit) if unit else None,
        name=name or None,
    )


def _words(form: Filled) -> str:
    """Read what was said; line ends become blanks."""
    typed = request.form.get("words", "")
    if len(typed) > 2 * MOST_WORDS:
        abort(413)
    words = " ".join(typed.split())
    form.values["words"] = words
    if len(words) > MOST_WORDS:
        form.refuse("words", say("form.too_long", most=MOST_WORDS, count=len(words)))
    return words


def _token(caller: Caller, sms: Draft) -> str:
    """Return what the form holds: the id for its ticket, and that a page showed this SMS for it."""
    return seal_for_operator(f"{dependencies().new_id()} {_mark(caller, sms.text)}", _PLACE)


def _id_of_form(caller: Caller, sms: Draft) -> int | None:
    """Return the id that the form has for its ticket; None when no page showed this SMS for it.

    A form that is sent twice has one id, so it opens one ticket.
    """
    ticket_id, _, mark = (open_for_operator(short_field("seen"), _PLACE) or "").partition(" ")
    return int(ticket_id) if mark and mark == _mark(caller, sms.text) else None


def _mark(caller: Caller, sms: str) -> str:
    """Return what proves that a page showed this SMS for this form."""
    shown = "\0".join((caller.phone, caller.kind, caller.channel, str(caller.unit_id), caller.words, sms))
    return dependencies().database.keyring.mark(b"web.caller", shown.encode("utf-8", "replace")).hex()


def _page(seen: Sight, filled: _Filled, faults: Sequence[str] = ()) -> str:
    return render_template(
        "tickets/new.html",
        form=filled.form,
        sms=filled.sms,
        seen=filled.seen,
        faults=[*faults, *filled.faults],
        kinds=list(TicketKind),
        channels=WAYS,
        units=[one for one in seen.units if not one.disabled],
    )
