"""Opening a ticket: F12 finds the same matter, F13 stops the sixth of a day."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from db.schema.ticket_states import TicketKind, TicketState
from handlers.conversation.filing.filed import Does, Filed, Rule, on
from handlers.conversation.filing.policy import Policy
from handlers.conversation.situation import OwnTicket, Situation
from parsers.text.normal_form import fold, normalise
from parsers.text.questions import overlap

UNANSWERED = (TicketState.NEW, TicketState.OPEN, TicketState.PENDING_CITIZEN, TicketState.PENDING_THIRD)
_SAME_MATTER = 0.8
_HOURS_OF_A_DAY = 24.0


class Opening(NamedTuple):
    """A ticket that a rule would open."""

    rule: Rule
    kind: TicketKind
    words: str
    is_urgent: bool = False
    is_forced: bool = False
    """Whether it is opened although the matter has a ticket."""
    is_unlimited: bool = False
    """Whether it is opened although the number opened enough today."""


def open_ticket(opening: Opening, situation: Situation, policy: Policy) -> Filed:
    """Open a ticket, add to the one of the same matter, or keep the text as unfiled."""
    same = None if opening.is_forced else _same_matter(opening, situation)
    if same is not None:
        state = TicketState.OPEN if same.state is TicketState.PENDING_CITIZEN else same.state
        return replace(on(same, Rule.REPEATED, Does.ENTRY, state), is_repeated=True)
    if situation.new_today >= policy.most_new_a_day and not opening.is_unlimited:
        return Filed(rule=Rule.TOO_MANY, does=Does.UNFILED)
    return Filed(
        rule=opening.rule,
        does=Does.NEW_TICKET,
        state=TicketState.NEW,
        is_urgent=opening.is_urgent,
        kind=opening.kind,
    )


def newest(tickets: list[OwnTicket]) -> OwnTicket | None:
    """Return the ticket that was opened last; where that is not known, the first."""
    return min(tickets, key=_age, default=None)


def _age(ticket: OwnTicket) -> float:
    return ticket.opened_hours if ticket.opened_hours is not None else float("inf")


def _same_matter(opening: Opening, situation: Situation) -> OwnTicket | None:
    words = fold(opening.words)
    same = [
        ticket
        for ticket in situation.tickets
        if ticket.state in UNANSWERED
        and ticket.kind is opening.kind
        and _age(ticket) < _HOURS_OF_A_DAY
        and overlap(words, fold(normalise(ticket.words))) >= _SAME_MATTER
    ]
    return newest(same)
