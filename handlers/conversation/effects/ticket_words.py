"""A ticket as answers tell it."""

from __future__ import annotations

from datetime import datetime

from db.schema import EntryKind, TicketState, TimerKind
from db.tickets.timers import time_of
from db.tickets.whole_ticket import Ticket, read_entries
from handlers.conversation.answers.ticket_facts import TicketFacts
from handlers.conversation.effects.effect import FilingDesk
from handlers.conversation.ticket_clock import RATED_WITHIN
from handlers.conversation.units_now import sms_name


def facts_of(ticket: Ticket, desk: FilingDesk) -> TicketFacts:
    """Return what a sentence about a ticket may say; of an accusation no words: others read on the same phone."""
    closed = ticket.is_accusation
    zone = desk.units.calendar(ticket.unit_id).zone
    resolved = ticket.resolved_at
    closes = _closes(ticket, desk)
    return TicketFacts(
        number=ticket.number,
        state=ticket.state,
        unit=sms_name(desk.units.unit(ticket.unit_id)),
        subject=None if closed else ticket.subject,
        due=ticket.promised_at,
        is_late=ticket.promised_at <= desk.now,
        asked=None if closed else _asked(ticket, desk),
        reply_by=None if closes is None else closes.astimezone(zone).date(),
        reason=None if closed else ticket.public_reason,
        answered=None if resolved is None else resolved.astimezone(zone).date(),
        last_day=None if resolved is None else (resolved + RATED_WITHIN).astimezone(zone).date(),
        close_reason=ticket.close_reason,
    )


def _asked(ticket: Ticket, desk: FilingDesk) -> str | None:
    """Return the last question of an agent, while the ticket waits for the citizen."""
    if ticket.state is not TicketState.PENDING_CITIZEN:
        return None
    entries = read_entries(desk.connection, ticket.id)
    return next((one.body for one in reversed(entries) if one.kind is EntryKind.QUESTION), None)


def _closes(ticket: Ticket, desk: FilingDesk) -> datetime | None:
    if ticket.state is not TicketState.PENDING_CITIZEN:
        return None
    return time_of(desk.connection, ticket.id, TimerKind.NO_REPLY)
