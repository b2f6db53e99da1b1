"""Words for a ticket: where they lead by its state."""

from __future__ import annotations

from db.schema.ticket_states import AskKind, TicketState
from handlers.conversation.filing.filed import Does, Filed, Rule, on
from handlers.conversation.situation import SECONDS_UNTIL_LIVE, OwnTicket, Situation

_OVER = (TicketState.RESOLVED, TicketState.CLOSED)
_PENDING = (TicketState.PENDING_CITIZEN, TicketState.PENDING_THIRD)


def add_to(ticket: OwnTicket, rule: Rule) -> Filed:
    """Add words to a ticket that the sender named or chose: what waited goes on, what was over is reopened."""
    if ticket.state in _OVER:
        return on(ticket, rule, Does.REOPEN, TicketState.OPEN)
    return on(ticket, rule, Does.ENTRY, TicketState.OPEN if ticket.state in _PENDING else ticket.state)


def add_unnamed(ticket: OwnTicket, rule: Rule, situation: Situation) -> Filed:
    """Add words that name no ticket: what waits for another body goes on waiting."""
    if ticket.state is TicketState.PENDING_CITIZEN:
        return add_details(ticket, rule, situation)
    if ticket.state is TicketState.PENDING_THIRD:
        return on(ticket, rule, Does.ENTRY)
    return add_to(ticket, rule)


def add_details(ticket: OwnTicket, rule: Rule, situation: Situation) -> Filed:
    """Add words to a ticket that waits for the citizen; before our question was sent they cannot answer it."""
    ask = situation.ask
    is_unsent = (
        ask is not None
        and ask.kind is AskKind.DETAILS
        and situation.find(ask.ticket) == ticket
        and ask.seconds < SECONDS_UNTIL_LIVE
    )
    return on(ticket, rule, Does.ENTRY, TicketState.PENDING_CITIZEN if is_unsent else TicketState.OPEN)
