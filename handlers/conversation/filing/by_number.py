"""Texts that name a ticket: F2, and the commands of F1 that want a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from db.schema.ticket_states import AskKind, TicketState
from handlers.conversation.filing.entries import add_to
from handlers.conversation.filing.filed import Does, Filed, Rule, on
from handlers.conversation.filing.heard import Heard
from handlers.conversation.filing.own_numbers import Meant, NotYours, Several, choose
from handlers.conversation.filing.reactions import rate, react, react_to_why_low
from handlers.conversation.situation import OwnTicket, Situation
from parsers.commands.conversation import (
    AcknowledgeUrgent,
    RateTicket,
    ReplyToTicket,
    ShowTicketStatus,
    TicketNumber,
    WithdrawTicket,
)
from parsers.fields.codes.ticket_numbers import PREFIX
from parsers.grammars.conversation.content import count_words
from parsers.text.normal_form import NormalText, fold
from parsers.text.reactions import Reaction, ReactionKind, read_reaction

_WORDS_OF_REPLY = 3
"""Words behind `TT` and a number that make a reply of it."""


def note(heard: Heard, situation: Situation) -> Filed | None:
    """Take a text of a duty phone with a number that is not its own for an internal note."""
    if not situation.is_duty or not isinstance(choose(heard.numbers, situation), NotYours):
        return None
    whole = next((one for one in heard.numbers if one.is_whole), None)
    return Filed(rule=Rule.KEYWORD, does=Does.NOTE, ticket=f"{PREFIX}{whole.digits}") if whole is not None else None


def number_in_text(heard: Heard, situation: Situation) -> Filed | None:
    """File a remark with a ticket number by that number (F2)."""
    if not heard.is_remark or not heard.numbers:
        return None
    return note(heard, situation) or _add_words(heard, heard.numbers, heard.words, Rule.NUMBER, situation)


def reply(heard: Heard, command: ReplyToTicket, situation: Situation) -> Filed:
    """File words for a ticket that is named: TL, or a number in front."""
    return _add_words(heard, command.numbers, command.words, Rule.KEYWORD, situation)


def status(heard: Heard, command: ShowTicketStatus, situation: Situation) -> Filed:
    """Show a ticket; three words behind its number are a reply; a number alone may be a choice."""
    chosen = choose(command.numbers, situation)
    if count_words(fold(command.words)) >= _WORDS_OF_REPLY and chosen is not None:
        return _add_words(heard, command.numbers, command.words, Rule.KEYWORD, situation)
    match chosen:
        case Meant(ticket=ticket, is_exact=is_exact):
            asked = situation.live_of(AskKind.WHICH)
            if asked is not None and is_exact and not command.has_keyword and ticket.number in asked.choices:
                return add_to(ticket, Rule.NUMBER)
            return on(ticket, Rule.KEYWORD, Does.COMMAND)
        case Several(is_exact=False) as several:
            return _which(several, Rule.KEYWORD)
        case NotYours():
            return Filed(rule=Rule.KEYWORD, does=Does.NOT_YOURS)
        case _:
            return Filed(rule=Rule.KEYWORD, does=Does.COMMAND)


def rating(command: RateTicket, situation: Situation) -> Filed:
    """Rate the ticket that is named, that we asked about, or that was answered last."""
    chosen = choose(command.numbers, situation)
    match chosen:
        case Several() as several:
            return _which(several, Rule.NUMBER if several.is_exact else Rule.KEYWORD)
        case NotYours():
            return Filed(rule=Rule.KEYWORD, does=Does.NOT_YOURS)
        case Meant():
            ticket: OwnTicket | None = chosen.ticket
        case None:
            ticket = _last_answered(situation)
    if ticket is None or not _can_be_rated(ticket, situation):
        return Filed(rule=Rule.KEYWORD, does=Does.HELP)
    if command.score is None:
        return on(ticket, Rule.KEYWORD, Does.ASK_SCORE)
    return rate(ticket, command.score, Rule.KEYWORD)


def is_no_rating(command: RateTicket, situation: Situation) -> bool:
    """Return whether DG begins words without a score and without a number, and nothing can be rated."""
    is_scored = command.score is not None or read_reaction(NormalText(command.words)) is not None
    return not is_scored and not command.numbers and _last_answered(situation) is None


def withdrawal(command: WithdrawTicket, situation: Situation) -> Filed:
    """Withdraw exactly one ticket that is named without a slip, or end notices; ask back about everything else."""
    chosen = choose(command.numbers, situation)
    match chosen:
        case None:
            ends = situation.is_subscribed or bool(command.codes)
            return Filed(rule=Rule.KEYWORD, does=Does.STOP if ends else Does.HELP)
        case NotYours():
            ends = situation.is_subscribed and bool(command.codes)
            return Filed(rule=Rule.KEYWORD, does=Does.STOP if ends else Does.NOT_YOURS)
        case Meant(ticket=ticket, is_exact=True) if len(command.numbers) == 1 and not command.has_more_words:
            return on(ticket, Rule.KEYWORD, Does.WITHDRAW, TicketState.CLOSED)
        case _:
            return Filed(rule=Rule.KEYWORD, does=Does.ASK_BACK)


def acknowledgement(command: AcknowledgeUrgent, situation: Situation) -> Filed:
    """Let a duty contact take an urgent ticket."""
    if not situation.is_duty or not command.numbers[0].is_whole:
        return Filed(rule=Rule.KEYWORD, does=Does.NOT_YOURS)
    return Filed(rule=Rule.KEYWORD, does=Does.COMMAND, ticket=f"{PREFIX}{command.numbers[0].digits}")


def _add_words(heard: Heard, numbers: Sequence[TicketNumber], words: str, rule: Rule, situation: Situation) -> Filed:
    match choose(numbers, situation):
        case Meant(ticket=ticket):
            reaction = read_reaction(NormalText(words))
            if reaction is not None:
                return _react(reaction, ticket, rule, situation)
            return replace(add_to(ticket, rule), is_urgent=heard.has_urgent_phrase)
        case Several() as several:
            return _which(several, Rule.NUMBER if several.is_exact else rule)
        case _:
            return Filed(rule=rule, does=Does.NOT_YOURS)


def _react(reaction: Reaction, ticket: OwnTicket, rule: Rule, situation: Situation) -> Filed:
    """Return what a number and only a reaction does; what we asked about this ticket counts."""
    asked = situation.live_of(AskKind.RATE, AskKind.WHY_LOW)
    is_about_it = asked is not None and situation.find(asked.ticket) == ticket
    is_over = ticket.state in (TicketState.RESOLVED, TicketState.CLOSED)
    if is_about_it and is_over and asked is not None and asked.kind is AskKind.WHY_LOW:
        if reaction.kind is ReactionKind.STOP:
            return Filed(rule=Rule.STOP, does=Does.STOP)
        return react_to_why_low(reaction, ticket, rule)
    return react(reaction, ticket, rule, is_rating_asked=is_about_it)


def _which(several: Several, rule: Rule) -> Filed:
    return Filed(rule=rule, does=Does.ASK_WHICH, is_kept=several.is_exact, choices=several.numbers)


def _last_answered(situation: Situation) -> OwnTicket | None:
    asked = situation.live_of(AskKind.RATE)
    ticket = situation.find(asked.ticket) if asked is not None else None
    if ticket is not None and _can_be_rated(ticket, situation):
        return ticket
    answered = (one for one in situation.tickets if one.can_be_rated)
    return min(answered, key=lambda one: one.hours, default=None)


def _can_be_rated(ticket: OwnTicket, situation: Situation) -> bool:
    asked = situation.live_of(AskKind.RATE)
    is_asked = asked is not None and situation.find(asked.ticket) == ticket
    is_answered = ticket.state in (TicketState.RESOLVED, TicketState.CLOSED)
    return ticket.can_be_rated or (is_asked and is_answered)
