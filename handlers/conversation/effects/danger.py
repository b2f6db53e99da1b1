"""Danger to life in words for a ticket that exists: it becomes urgent, and people on duty are texted.

An urgent ticket that loses its agent, or is reopened, is called out again: nobody looks at it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from db.schema import Priority, TicketState, TimerKind
from db.store.record import record
from db.tickets.states import TicketEvent, after
from db.tickets.timers import time_of
from db.tickets.transitions import Clock, Step
from db.tickets.whole_ticket import Ticket
from handlers.conversation.effects.effect import Call, FiledText, FilingDesk
from handlers.conversation.new_tickets import is_certain
from handlers.conversation.ticket_clock import escalation_timers, started
from parsers.commands.conversation import CallUrgently
from parsers.text.normal_form import normalise
from parsers.text.urgent_phrases import urgent_phrases

_CAN_BE_CALLED = (TicketState.NEW, TicketState.OPEN, TicketState.PENDING_THIRD)


@record
class Danger:
    """A step with what danger to life adds to it; `is_called`: the first person on duty is to be texted now."""

    step: Step
    is_called: bool = False


def is_danger(text: FiledText, desk: FilingDesk) -> bool:
    """Return whether a text speaks of danger to life; filing leaves the same words again (F12) to this room."""
    if text.filed.is_urgent or not (text.filed.is_repeated and desk.policy.has_urgent):
        return text.filed.is_urgent
    return isinstance(text.reading, CallUrgently) or bool(urgent_phrases(normalise(text.body)))


def with_danger(step: Step, ticket: Ticket, desk: FilingDesk, text: FiledText) -> Danger:
    """Make a ticket urgent where its citizen writes of danger, and let people on duty be texted while nobody has it."""
    danger, was_urgent = is_danger(text, desk), ticket.priority is Priority.URGENT
    if not (danger or was_urgent):
        return Danger(step=step)
    has_nobody = step.to_queue or ticket.assignee_id is None
    is_lost = has_nobody and (ticket.assignee_id is not None or step.event is TicketEvent.REOPEN)
    is_certain_now = danger and (isinstance(text.reading, CallUrgently) or is_certain(text.body))
    is_first = is_certain_now and has_nobody and time_of(desk.connection, ticket.id, TimerKind.URGENT_5) is None
    if danger and not was_urgent:
        step = _made_urgent(step, ticket, desk, text)
    elif not (is_lost or is_first):
        return Danger(step=step)
    if has_nobody:
        escalation = escalation_timers(text.at, is_called=was_urgent or is_certain_now)
        step = replace(step, timers={**step.timers, **escalation})
    change = after(ticket.state, step.event)
    return Danger(step=step, is_called=is_certain_now and change is not None and change.state in _CAN_BE_CALLED)


def was_called(ticket: Ticket, desk: FilingDesk) -> bool:
    """Return whether people on duty are texted about a ticket one after the other."""
    return time_of(desk.connection, ticket.id, TimerKind.URGENT_5) is not None


def call_about(ticket: Ticket, body: str) -> Call:
    """Return the text to the first person on duty."""
    words = "" if ticket.is_accusation else body  # for the leads of the focal unit alone
    return Call(number=ticket.number, unit_id=ticket.unit_id, words=words)


def _made_urgent(step: Step, ticket: Ticket, desk: FilingDesk, text: FiledText) -> Step:
    """Make a ticket urgent with this step.

    The citizen is told no sooner time. So the final due time and the apology stay those of the step, or of the ticket.
    """
    level = desk.units.level(ticket.kind, Priority.URGENT)
    clock = started(text.at, level, desk.units.calendar(ticket.unit_id))
    warnings: dict[TimerKind, datetime] = {
        kind: at for kind, at in clock.timers.items() if kind is not TimerKind.APOLOGY
    }
    return replace(
        step,
        details=replace(step.details, priority=Priority.URGENT),
        clock=Clock(first_due=clock.first_due, final_due=(step.clock or ticket).final_due),
        timers={**step.timers, **warnings},
    )
