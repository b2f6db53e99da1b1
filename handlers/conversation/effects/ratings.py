"""Ratings, and short words that end a ticket: thanks, yes, done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from db.schema import AskKind, EntryKind, TicketState
from db.tickets.ratings import Rating
from db.tickets.ratings import rate as rate_row
from db.tickets.states import TicketEvent
from db.tickets.transitions import Filed, NewEntry, Step, Taken, take_step
from db.tickets.whole_ticket import Ticket, read_entries
from handlers.answer import Outcome
from handlers.conversation.answers import about_service, asks, status
from handlers.conversation.effects.effect import Effect, FiledText, FilingDesk, Question, ticket_of
from handlers.conversation.effects.outcomes import FilingOutcome
from handlers.conversation.effects.words import answered
from handlers.conversation.filing.reactions import LOWEST_GOOD
from parsers.commands.conversation import RateTicket
from parsers.text.normal_form import normalise
from parsers.text.reactions import read_reaction

WHY_WITHIN = timedelta(days=7)
"""How long words tell why a score was low."""


def agree(text: FiledText, desk: FilingDesk) -> Effect:
    """Close an answered ticket whose citizen agrees; one that is not answered is done by itself."""
    ticket = ticket_of(text, desk, text.filed.ticket)
    if ticket is None:
        return Effect(outcome=FilingOutcome.QUIET)
    is_answered = ticket.state is TicketState.RESOLVED
    event = TicketEvent.ACCEPT if is_answered else TicketEvent.DONE
    done = take_step(desk.connection, _step(text, ticket, event), new_id=desk.new_id)
    if is_answered or not isinstance(done, Taken | Filed):
        return Effect(outcome=FilingOutcome.AGREED)
    return Effect(outcome=FilingOutcome.DONE, text=status.withdrawn(ticket.number, text.service, is_done=True))


def rate(text: FiledText, desk: FilingDesk, *, has_words: bool = True) -> Effect:
    """Note a score. A good one closes the ticket; a low one is asked why, and its words reopen the ticket.

    Without `has_words` only the score gets into the ticket: the words are filed elsewhere.
    """
    ticket, score = ticket_of(text, desk, text.filed.ticket), text.filed.score
    if ticket is None or score is None:
        return Effect(outcome=Outcome.HELPED, text=about_service.short_help(text.service))
    if not rate_row(desk.connection, _rating(text, desk, ticket, score, has_words=has_words)):
        return Effect(outcome=Outcome.HELPED, text=asks.nothing_to_rate(text.service))
    is_good = score >= LOWEST_GOOD
    closes = is_good and ticket.state is TicketState.RESOLVED
    step = _step(text, ticket, TicketEvent.ACCEPT if closes else TicketEvent.NOTE)
    if not has_words:
        step = replace(step, entry=NewEntry(kind=EntryKind.CITIZEN, at=text.at, body=str(score)))
    take_step(desk.connection, step, new_id=desk.new_id)
    if is_good:
        answered(text, desk, ticket.id)
    question = Question(kind=AskKind.WHY_LOW, subject_id=ticket.id, until=desk.now + WHY_WITHIN)
    return Effect(
        outcome=FilingOutcome.RATED,
        text=asks.rated(ticket.number, score, text.service),
        question=None if is_good else question,
    )


def _rating(text: FiledText, desk: FilingDesk, ticket: Ticket, score: int, *, has_words: bool) -> Rating:
    reading = text.reading
    if isinstance(reading, RateTicket):
        by_words, words = reading.by_words, (reading.words or None) if has_words else None
    else:
        reaction = read_reaction(normalise(text.body))
        by_words, words = reaction is not None and reaction.by_words, None
    return Rating(
        ticket_id=ticket.id,
        score=score,
        by_words=by_words,
        unit_id=ticket.unit_id,
        at=text.at,
        operator=_answered_by(ticket, desk),
        words=words,
    )


def _answered_by(ticket: Ticket, desk: FilingDesk) -> str | None:
    entries = read_entries(desk.connection, ticket.id)
    return next((one.operator for one in reversed(entries) if one.kind is EntryKind.ANSWER), None)


def _step(text: FiledText, ticket: Ticket, event: TicketEvent) -> Step:
    entry = NewEntry(kind=EntryKind.CITIZEN, at=text.at, body=text.body, inbound_id=text.inbound_id)
    return Step(ticket_id=ticket.id, event=event, entry=entry)
