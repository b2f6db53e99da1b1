"""Texts that open a ticket: from a keyword, from urgent words, or from kept texts that the citizen sends."""

from __future__ import annotations

from db.schema import EntryKind, TicketKind
from db.tickets.asks import end_ask
from db.tickets.kept_texts import lock_kept, mark_filed
from db.tickets.opening import Opened
from db.tickets.states import TicketEvent
from db.tickets.transitions import NewEntry, Step, take_step
from handlers.answer import Outcome
from handlers.conversation.answers import about_service
from handlers.conversation.answers.intake import OpenedBy
from handlers.conversation.effects.effect import Call, Effect, FiledText, FilingDesk, Opening
from handlers.conversation.effects.outcomes import FilingOutcome
from handlers.conversation.new_tickets import OPENINGS, Matter, Planned, plan, told
from parsers.commands.conversation import (
    CallUrgently,
    FileSuggestion,
    RateTicket,
    ReplyToTicket,
    ShowTicketStatus,
    TicketText,
)
from parsers.text.normal_form import normalise


def open_ticket(text: FiledText, desk: FilingDesk) -> Opening:
    """Plan the ticket that a text opens."""
    matter = _matter(text, words_of(text), text.body, text.inbound_id)
    planned = plan(matter, desk.units, desk.load_of)
    return Opening(planned=planned, finish=lambda opened: _opened(text, planned, opened))


def words_of(text: FiledText) -> str:
    """Return the words of a text without its keyword and without the numbers of tickets behind it."""
    reading = text.reading
    if isinstance(reading, TicketText | ReplyToTicket | RateTicket | ShowTicketStatus):
        return reading.words
    return normalise(text.body)


def open_kept(text: FiledText, desk: FilingDesk) -> Opening | Effect:
    """Plan the ticket that kept texts open, which the citizen sends now."""
    asked = text.ask
    kept = lock_kept(desk.connection, asked.subject_id) if asked is not None else ()
    if asked is None or not kept:
        return Effect(outcome=Outcome.HELPED, text=about_service.short_help(text.service))
    words = normalise(" ".join(one.body for one in kept))
    planned = plan(_matter(text, words, kept[0].body, kept[0].inbound_id), desk.units, desk.load_of)

    def finish(opened: Opened) -> Effect:
        for one in kept[1:]:
            entry = NewEntry(kind=EntryKind.CITIZEN, at=text.at, body=one.body, inbound_id=one.inbound_id)
            step = Step(ticket_id=opened.id, event=TicketEvent.WRITE, entry=entry)
            take_step(desk.connection, step, new_id=desk.new_id)
        mark_filed(desk.connection, kept, opened.id, at=desk.now)
        end_ask(desk.connection, text.sender, text.short_code, made_at=asked.made_at)
        return _opened(text, planned, opened)

    return Opening(planned=planned, finish=finish)


def _matter(text: FiledText, words: str, body: str, inbound_id: int) -> Matter:
    return Matter(
        kind=text.filed.kind or TicketKind.QUESTION,
        words=words,
        body=body,
        sender=text.sender,
        short_code=text.short_code,
        reply_link=text.link,
        language=text.language,
        at=text.at,
        inbound_id=inbound_id,
        is_urgent=text.filed.is_urgent,
        is_call=isinstance(text.reading, CallUrgently),
    )


def _opened(text: FiledText, planned: Planned, opened: Opened) -> Effect:
    new = planned.new
    opening = OpenedBy.SUGGESTION if isinstance(text.reading, FileSuggestion) else OPENINGS[new.kind]
    ward = planned.routed.ward
    words = "" if new.is_accusation else new.subject  # an accusation is for the leads of the focal unit alone
    call = Call(number=opened.number, unit_id=new.unit_id, words=words, ward=None if ward is None else ward.name)
    return Effect(
        outcome=FilingOutcome.OPENED,
        text=told(planned, opened.number, opening, text.service),
        call=call if planned.is_called and opened.is_new else None,
    )
