"""Remarks that name no ticket: F15, F4, F5, F6 and F7, by the tickets that are at hand."""

from __future__ import annotations

from db.schema.ticket_states import AskKind, TicketState
from handlers.conversation.filing.entries import add_details, add_unnamed
from handlers.conversation.filing.filed import Does, Filed, Rule, on
from handlers.conversation.filing.heard import Heard
from handlers.conversation.filing.reactions import COURTESY, react
from handlers.conversation.situation import NEW, OwnTicket, Situation
from parsers.text.reactions import ReactionKind

SECONDS_OF_ONE_THOUGHT = 90.0
"""A remark this soon after another text goes on with it."""


def continued(heard: Heard, situation: Situation) -> Filed | None:
    """Add a remark to the ticket of the text just before (F15)."""
    previous = situation.previous
    if previous is None or previous.seconds > SECONDS_OF_ONE_THOUGHT:
        return None
    if not heard.is_remark or heard.reaction is not None or heard.remark.near is not None:
        return None
    ticket = situation.find(previous.ticket)
    if ticket is None or ticket.state is TicketState.CLOSED:
        return None
    return add_unnamed(ticket, Rule.CONTINUED, situation)


def details_are_asked(situation: Situation) -> bool:
    """Return whether our question for details is live; a ticket that waits, with no question given, had one."""
    if situation.ask is None or situation.ask.is_out_of_date:
        return len(situation.waiting) == 1
    asked = situation.live_of(AskKind.DETAILS)
    return asked is not None and situation.find(asked.ticket) in situation.waiting


def waiting(heard: Heard, situation: Situation) -> Filed | None:
    """Add a remark to the ticket that waits for it (F4); of the reactions, thanks are no answer."""
    ticket = _the_waiting(situation)
    if ticket is None or not (heard.is_remark or heard.is_bare):
        return None
    if heard.reaction is not None and heard.reaction.kind is ReactionKind.THANKS:
        return on(ticket, Rule.DETAILS, Does.SILENT)
    return add_details(ticket, Rule.DETAILS, situation)


def several_waiting(heard: Heard, situation: Situation) -> Filed | None:
    """Ask for which of two or more tickets a remark is that wait for one (F5)."""
    return _which(heard, situation, Rule.SEVERAL_WAITING) if len(situation.waiting) > 1 else None


def one(heard: Heard, situation: Situation) -> Filed | None:
    """Add a remark to the only ticket at hand (F6); a question about an account or a dossier may be another matter."""
    if len(situation.at_hand) != 1 or not heard.is_remark:
        return None
    ticket = situation.at_hand[0]
    if heard.reaction is not None:
        return react(heard.reaction, ticket, Rule.ONE)
    if heard.remark.about is not None:
        return Filed(rule=Rule.ONE, does=Does.ASK_WHICH, is_kept=True, choices=(ticket.number, NEW))
    return add_unnamed(ticket, Rule.ONE, situation)


def several(heard: Heard, situation: Situation) -> Filed | None:
    """Ask for which of two or more tickets a remark is (F7)."""
    return _which(heard, situation, Rule.SEVERAL) if len(situation.at_hand) > 1 else None


def rule_of_which(situation: Situation) -> Rule:
    """Return the rule by which these tickets are asked about."""
    if len(situation.waiting) > 1:
        return Rule.SEVERAL_WAITING
    return Rule.SEVERAL if len(situation.at_hand) > 1 else Rule.ONE


def offered(situation: Situation) -> tuple[str, ...]:
    """Return what *which* offers: at most two tickets, the newest first, and a new one."""
    at_hand = situation.waiting if len(situation.waiting) > 1 else situation.at_hand
    newest = sorted(at_hand, key=lambda one: one.hours if one.opened_hours is None else one.opened_hours)
    return (*(ticket.number for ticket in newest[:2]), NEW)


def _the_waiting(situation: Situation) -> OwnTicket | None:
    waits = situation.waiting
    if len(waits) != 1:
        return None
    asked = situation.live_of(AskKind.DETAILS)
    is_asked = asked is not None and situation.find(asked.ticket) == waits[0]
    return waits[0] if is_asked or len(situation.at_hand) == 1 else None


def _which(heard: Heard, situation: Situation, rule: Rule) -> Filed | None:
    if not heard.is_remark:
        return None
    if heard.reaction is not None:
        return Filed(rule=rule, does=Does.SILENT if heard.reaction.kind in COURTESY else Does.HELP)
    return Filed(rule=rule, does=Does.ASK_WHICH, is_kept=True, choices=offered(situation))
