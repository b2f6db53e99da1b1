"""The box for an answer: what to do, the words, and the exact SMS with its segments beside the button."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from db.tickets.states import TicketEvent, events_of
from db.units.canned_answers import CannedAnswer
from sms_gateway.back_office.tickets.drafts import How, draft
from sms_gateway.back_office.tickets.results import Draft
from sms_gateway.pages.display.ways_out import WayOut, way_out
from sms_gateway.pages.tickets.acting import acting, office
from sms_gateway.pages.tickets.canned import canned_for
from sms_gateway.pages.tickets.detail.ticket_rows import WholeTicket
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import say

WAYS: Sequence[tuple[How, TicketEvent]] = (
    (How.RESOLVE, TicketEvent.RESOLVE),
    (How.ANSWER, TicketEvent.ANSWER),
    (How.ASK, TicketEvent.ASK),
    (How.WAIT, TicketEvent.WAIT),
    (How.NOT_OURS, TicketEvent.NOT_OURS),
)
"""What can be done with words, in the order in which it is offered, and the event that must be allowed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerBox:
    """The box as the page shows it."""

    ways: Sequence[How]
    way: How | None
    words: str = field(default="", repr=False)
    sms: Draft | None = None
    seen: str = ""
    """Proves that the page showed this SMS beside its button."""
    faults: Sequence[str] = ()
    links: Sequence[str] = ()
    canned: Sequence[CannedAnswer] = ()
    has_segments: bool = True
    """False: the citizen gets a message that is no SMS."""


def ways_of(whole: WholeTicket) -> Sequence[How]:
    """Return what the state of a ticket allows; nothing without a telephone number."""
    allowed = set(events_of(whole.ticket.state)) if whole.ticket.phone is not None else set()
    return [way for way, event in WAYS if event in allowed]


def answer_box(
    connection: Connection,
    whole: WholeTicket,
    *,
    way: str = "",
    words: str = "",
    faults: Sequence[str] = (),
    confirmed: Collection[str] = (),
) -> AnswerBox:
    """Return the box with the SMS for these words; without words there is no SMS yet."""
    ways = ways_of(whole)
    chosen = How(way) if way in ways else next(iter(ways), None)
    written = _draft(connection, whole, chosen, words) if chosen is not None and words else None
    told = [say(fault) for fault in written.faults] if written is not None else []
    return AnswerBox(
        ways=ways,
        way=chosen,
        words=words,
        sms=written,
        seen="" if written is None or chosen is None else mark_of(whole.ticket.id, chosen, words, written.text),
        faults=[*faults, *told],
        links=[one for one in written.links if one not in confirmed] if written is not None else (),
        canned=canned_for(connection, whole.seen, whole.ticket.language),
        has_segments=way_out(whole.ticket.reply_link) is not WayOut.MESSAGE,
    )


def mark_of(ticket_id: int, way: How, words: str, sms: str) -> str:
    """Return what proves that a page showed this SMS for these words."""
    shown = "\0".join((str(ticket_id), way, words, sms))
    return dependencies().database.keyring.mark(b"web.answer", shown.encode("utf-8", "replace")).hex()


def _draft(connection: Connection, whole: WholeTicket, way: How, words: str) -> Draft | None:
    who = acting(whole.ticket, whole.seen, whole.ticket.version)
    return draft(connection, office(), who, way, words)
