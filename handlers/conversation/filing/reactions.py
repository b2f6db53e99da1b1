"""The table of reactions: what yes, no, thanks, a digit or a score mean for one ticket, by its state."""

from __future__ import annotations

from dataclasses import replace

from db.schema.ticket_states import TicketState
from handlers.conversation.filing.filed import Does, Filed, Rule, on
from handlers.conversation.situation import OwnTicket
from parsers.text.reactions import Reaction, ReactionKind

COURTESY = (ReactionKind.THANKS, ReactionKind.OK, ReactionKind.POLITE)
"""Reactions that say no more than that our message came."""

RATINGS = (ReactionKind.DIGIT, ReactionKind.SCORE)
LOWEST_GOOD = 3
"""A lower score leaves the ticket as it is, and its sender is asked why."""


def react(reaction: Reaction, ticket: OwnTicket, rule: Rule, *, is_rating_asked: bool = False) -> Filed:
    """Return what a reaction does to the one ticket that it can be about."""
    if reaction.kind is ReactionKind.STOP:
        return Filed(rule=Rule.STOP, does=Does.STOP)
    match ticket.state:
        case TicketState.PENDING_CITIZEN:
            return _while_waiting(reaction, ticket, rule)
        case TicketState.RESOLVED:
            return _when_answered(reaction, ticket, rule)
        case TicketState.CLOSED:
            return _when_closed(reaction, ticket, rule, can_be_rated=is_rating_asked or ticket.can_be_rated)
        case _:
            return _while_ongoing(reaction, ticket, rule)


def react_to_why_low(reaction: Reaction, ticket: OwnTicket, rule: Rule) -> Filed:
    """Return what a reaction does after we asked why the score was low."""
    if reaction.kind in (*COURTESY, ReactionKind.NO, ReactionKind.DONE):
        return on(ticket, rule, Does.SILENT)
    return on(ticket, rule, Does.REOPEN, TicketState.OPEN)


def rate(ticket: OwnTicket, score: int, rule: Rule) -> Filed:
    """Rate a ticket that was answered; with a good score it is closed."""
    is_good = score >= LOWEST_GOOD
    state = TicketState.CLOSED if is_good else ticket.state
    return replace(on(ticket, rule, Does.RATE, state), score=score)


def _while_waiting(reaction: Reaction, ticket: OwnTicket, rule: Rule) -> Filed:
    if reaction.kind is ReactionKind.THANKS:
        return on(ticket, rule, Does.SILENT)
    return on(ticket, rule, Does.ENTRY, TicketState.OPEN)


def _while_ongoing(reaction: Reaction, ticket: OwnTicket, rule: Rule) -> Filed:
    if reaction.kind in COURTESY:
        return on(ticket, rule, Does.SILENT)
    if reaction.kind is ReactionKind.DONE:
        return on(ticket, rule, Does.CLOSE, TicketState.CLOSED)
    if reaction.kind is ReactionKind.UNCLEAR:
        return on(ticket, rule, Does.ASK_UNCLEAR)
    return on(ticket, rule, Does.ENTRY)


def _when_answered(reaction: Reaction, ticket: OwnTicket, rule: Rule) -> Filed:
    if reaction.kind in (*COURTESY, ReactionKind.YES, ReactionKind.DONE):
        return on(ticket, rule, Does.CLOSE, TicketState.CLOSED)
    if reaction.kind is ReactionKind.NO:
        return on(ticket, rule, Does.REOPEN, TicketState.OPEN)
    return _scored(reaction, ticket, rule)


def _when_closed(reaction: Reaction, ticket: OwnTicket, rule: Rule, *, can_be_rated: bool) -> Filed:
    """Return what a reaction does to a closed ticket that is named, or that we asked a rating for."""
    if reaction.kind in (*COURTESY, ReactionKind.YES, ReactionKind.DONE):
        return on(ticket, rule, Does.SILENT)
    if reaction.kind is ReactionKind.NO:
        return on(ticket, rule, Does.REOPEN, TicketState.OPEN)
    if reaction.kind is not ReactionKind.UNCLEAR and not can_be_rated:
        return on(ticket, rule, Does.HELP)
    return _scored(reaction, ticket, rule)


def _scored(reaction: Reaction, ticket: OwnTicket, rule: Rule) -> Filed:
    if reaction.kind in RATINGS and reaction.value is not None:
        return rate(ticket, reaction.value, rule)
    asked = Does.ASK_UNCLEAR if reaction.kind is ReactionKind.UNCLEAR else Does.ASK_SCORE
    return on(ticket, rule, asked)
