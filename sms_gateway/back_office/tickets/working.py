"""What an agent does without writing to the citizen: take, assign, transfer, note, wait, sort."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from db.citizens.dossiers import canonical, find_by_lookalike, lookalike_key
from db.messages.outbox import NewOutbound
from db.schema import EntryKind, Priority, TicketState, TimerKind
from db.tickets.states import TicketEvent
from db.tickets.transitions import Clock, Details, NewEntry, Step, Taken, take_step
from db.tickets.transitions import Overtaken as RowOvertaken
from db.tickets.whole_ticket import Ticket, agents_gone, read_tickets, tickets_of
from db.units.memberships import memberships_of
from handlers.conversation.steps import resuming
from handlers.conversation.ticket_clock import escalation_timers, started
from handlers.conversation.units_now import Units
from sms_gateway.back_office.tickets.drafts import How, written
from sms_gateway.back_office.tickets.results import (
    Acted,
    Acting,
    NeedsConfirmation,
    Office,
    Overtaken,
    Refused,
    Result,
    acted,
    find,
    new_assignee,
    not_taken,
    refused,
)
from sms_gateway.pipeline.conversation.duty_calls import UrgentTicket, call, people_on_duty


@dataclass(frozen=True, kw_only=True, slots=True)
class _Work:
    """One step of an agent."""

    event: TicketEvent
    key: str
    note: str | None = None
    kind: EntryKind = EntryKind.STAFF
    assignee_id: int | None = None
    to_queue: bool = False
    clock: Clock | None = None
    details: Details = field(default_factory=Details)
    timers: Mapping[TimerKind, datetime] = field(default_factory=dict)


def take(connection: Connection, office: Office, acting: Acting) -> Result:
    """Take a ticket; one that waits for somebody stays so, and is the agent's."""
    ticket = find(connection, acting)
    if isinstance(ticket, Overtaken | Refused):
        return ticket
    is_waiting = ticket.state in (TicketState.NEW, TicketState.OPEN)
    event = TicketEvent.TAKE if is_waiting else TicketEvent.NOTE
    return _work(
        connection, office, acting, ticket, _Work(event=event, key="taken", note="took", assignee_id=acting.operator_id)
    )


def release(connection: Connection, office: Office, acting: Acting) -> Result:
    """Give a ticket back to the queue of its unit."""
    return _found(
        connection, office, acting, _Work(event=TicketEvent.NOTE, key="released", note="gave back", to_queue=True)
    )


def release_all(
    connection: Connection,
    operator_id: int,
    *,
    keeps: Collection[int] = (),
    by: str | None,
    now: datetime,
    new_id: Callable[[], int],
) -> int:
    """Give the tickets of an agent who is gone back to their queues, but those of some units; return how many.

    `by` is who decided it; None: the agent's last day is over.
    """
    kind, body = (EntryKind.SYSTEM, "member ended") if by is None else (EntryKind.STAFF, "gave back")
    released = 0
    for ticket in read_tickets(connection, sorted(tickets_of(connection, operator_id))):  # locked in one order
        if ticket.unit_id in keeps:
            continue
        entry = NewEntry(kind=kind, at=now, body=body, operator=by)
        timers = _called_again(ticket, now)
        step = Step(ticket_id=ticket.id, event=TicketEvent.NOTE, entry=entry, to_queue=True, timers=timers)
        released += isinstance(take_step(connection, step, new_id=new_id), Taken)
    return released


def release_of_gone(connection: Connection, *, now: datetime, new_id: Callable[[], int]) -> int:
    """Give the tickets of agents whose last day is over back to their queues; return how many. Safe to repeat."""
    released = 0
    for operator_id in agents_gone(connection, now):
        keeps = [one.unit_id for one in memberships_of(connection, operator_id, now)]
        released += release_all(connection, operator_id, keeps=keeps, by=None, now=now, new_id=new_id)
    return released


def assign(connection: Connection, office: Office, acting: Acting, operator_id: int) -> Result:
    """Give a ticket to an agent of its unit."""
    ticket = find(connection, acting)
    if isinstance(ticket, Overtaken | Refused):
        return ticket
    theirs = memberships_of(connection, operator_id, office.now)
    if all(one.unit_id != ticket.unit_id for one in theirs):
        return refused("operator")
    is_waiting = ticket.state in (TicketState.NEW, TicketState.OPEN)
    event = TicketEvent.TAKE if is_waiting else TicketEvent.NOTE
    work = _Work(event=event, key="assigned", note="assigned", assignee_id=operator_id)
    return _work(connection, office, acting, ticket, work)


def transfer(connection: Connection, office: Office, acting: Acting, unit_id: int, words: str = "") -> Result:
    """Give a ticket to the queue of another unit, with words for its agents. Its due time stays."""
    ticket = find(connection, acting)
    units = office.parts.units()
    if isinstance(ticket, Overtaken | Refused):
        return ticket
    if units is None or unit_id not in units.directory.units:
        return refused("unit")
    if unit_id == ticket.unit_id:
        return refused("same_unit")
    if ticket.is_accusation:
        return refused("accusation")
    unit = units.directory.units[unit_id]
    note = f"to {unit.code}" + (f": {words}" if words else "")
    details = Details(unit_id=unit_id)
    work = _Work(event=TicketEvent.NOTE, key="transferred", note=note, to_queue=True, details=details)
    return _work(connection, office, acting, ticket, work)


def note(connection: Connection, office: Office, acting: Acting, words: str) -> Result:
    """Add words for agents alone."""
    if not words.strip():
        return refused("empty")
    return _found(
        connection, office, acting, _Work(event=TicketEvent.NOTE, key="noted", note=words, kind=EntryKind.NOTE)
    )


def wait_third(
    connection: Connection, office: Office, acting: Acting, reason: str, *, confirmed: tuple[str, ...] = ()
) -> Result:
    """Wait for another body, with a reason that the citizen is told who asks. The citizen's clock goes on."""
    ticket = find(connection, acting)
    units = office.parts.units()
    if isinstance(ticket, Overtaken | Refused):
        return ticket
    if units is None:
        return refused("off")
    text = written(office, units, ticket, How.WAIT, reason)
    if text.faults:
        return Refused(faults=text.faults)
    if not set(text.links) <= set(confirmed):
        return NeedsConfirmation(links=text.links)
    details = Details(public_reason=reason)
    own = new_assignee(acting, ticket, units)
    work = _Work(event=TicketEvent.WAIT, key="waits", note=reason, details=details, assignee_id=own)
    return _work(connection, office, acting, ticket, work)


def resume(connection: Connection, office: Office, acting: Acting) -> Result:
    """End the waiting; a clock that stood still goes on."""
    ticket = find(connection, acting)
    units = office.parts.units()
    if isinstance(ticket, Overtaken | Refused):
        return ticket
    if units is None:
        return refused("off")
    work = _Work(event=TicketEvent.RESUME, key="resumed", note="resumed")
    if ticket.state is TicketState.PENDING_CITIZEN:
        step = resuming(ticket, NewEntry(kind=work.kind, at=office.now), units, event=work.event)
        work = replace(work, clock=step.clock, details=step.details, timers=step.timers)
    return _work(connection, office, acting, ticket, work)


def set_priority(connection: Connection, office: Office, acting: Acting, priority: Priority) -> Result:
    """Give a ticket another priority; an urgent one is due to us sooner from now on. Nobody is texted."""
    ticket = find(connection, acting)
    units = office.parts.units()
    if isinstance(ticket, Overtaken | Refused):
        return ticket
    if units is None:
        return refused("off")
    work = _Work(
        event=TicketEvent.NOTE, key="priority", note=f"priority {priority.value}", details=Details(priority=priority)
    )
    if priority is Priority.URGENT and ticket.state in (TicketState.NEW, TicketState.OPEN):
        work = _urgent(ticket, units, office.now, key="priority")
    return _work(connection, office, acting, ticket, work)


def confirm_urgent(connection: Connection, office: Office, acting: Acting) -> Result:
    """Make a ticket urgent and text the first person on duty; only one that waits for us can be urgent."""
    ticket = find(connection, acting)
    units = office.parts.units()
    if isinstance(ticket, Overtaken | Refused):
        return ticket
    if units is None:
        return refused("off")
    sms = duty_call_about(ticket, office, units)
    if isinstance(sms, Refused):
        return sms
    result = _work(connection, office, acting, ticket, _urgent(ticket, units, office.now, key="called"))
    if isinstance(result, Acted):
        office.replies.queue(connection, [sms], now=office.now)
    return result


def duty_call_about(ticket: Ticket, office: Office, units: Units) -> NewOutbound | Refused:
    """Return the text to the first person on duty, or why there is none."""
    if not office.parts.urgent:
        return refused("urgent_off")
    if ticket.state not in (TicketState.NEW, TicketState.OPEN):
        return refused("state", number=ticket.number)
    people = people_on_duty(units, ticket.unit_id, office.now)
    if not people:
        return refused("no_duty")
    words = "" if ticket.is_accusation else ticket.subject or ""
    told = UrgentTicket(number=ticket.number, unit_id=ticket.unit_id, words=words)
    return call(told, people[0], office.parts, office.replies, now=office.now) or refused("no_link")


def link_dossier(connection: Connection, office: Office, acting: Acting, code: str) -> Result:
    """Link a ticket to the dossier of a code."""
    key = lookalike_key(canonical(code))
    found = find_by_lookalike(connection, {key}).get(key, ())
    if len(found) != 1:
        return refused("dossier")
    details = Details(dossier_id=found[0].id)
    return _found(
        connection, office, acting, _Work(event=TicketEvent.NOTE, key="linked", note="linked", details=details)
    )


def sort(
    connection: Connection, office: Office, acting: Acting, *, topic_id: int | None = None, ward_id: int | None = None
) -> Result:
    """Set the topic and the ward of a ticket; None leaves what there is."""
    if topic_id is None and ward_id is None:
        return refused("choose")
    details = Details(topic_id=topic_id, ward_id=ward_id)
    return _found(
        connection, office, acting, _Work(event=TicketEvent.NOTE, key="sorted", note="sorted", details=details)
    )


def confirm_route(connection: Connection, office: Office, acting: Acting) -> Result:
    """Confirm that a ticket is with the right unit."""
    details = Details(is_unsure=False)
    return _found(connection, office, acting, _Work(event=TicketEvent.NOTE, key="route", note="kept", details=details))


def _urgent(ticket: Ticket, units: Units, now: datetime, *, key: str) -> _Work:
    """Make a ticket urgent: its first answer and its warnings are due sooner, and people on duty are texted.

    The citizen was told no new time. So the final due time stays, and the apology comes no sooner.
    """
    clock = started(now, units.level(ticket.kind, Priority.URGENT), units.calendar(ticket.unit_id))
    warnings = dict(clock.timers)
    warnings.pop(TimerKind.APOLOGY, None)
    return _Work(
        event=TicketEvent.NOTE,
        key=key,
        note=f"priority {Priority.URGENT.value}",
        details=Details(priority=Priority.URGENT),
        clock=Clock(first_due=min(clock.first_due, ticket.first_due), final_due=ticket.final_due),
        timers={**warnings, **escalation_timers(now, is_called=True)},
    )


def _called_again(ticket: Ticket, now: datetime) -> Mapping[TimerKind, datetime]:
    """Return when people on duty are texted about an urgent ticket that an agent had, and nobody has from now on."""
    is_urgent = ticket.priority is Priority.URGENT and ticket.assignee_id is not None
    return escalation_timers(now, is_called=True) if is_urgent else {}


def _found(connection: Connection, office: Office, acting: Acting, work: _Work) -> Result:
    ticket = find(connection, acting)
    return ticket if isinstance(ticket, Overtaken | Refused) else _work(connection, office, acting, ticket, work)


def _work(connection: Connection, office: Office, acting: Acting, ticket: Ticket, work: _Work) -> Result:
    """Do one step as the agent saw the ticket, and write it into the history."""
    step = Step(
        ticket_id=ticket.id,
        event=work.event,
        entry=NewEntry(
            kind=work.kind,
            at=office.now,
            body=work.note,
            operator=acting.operator,
            unit_id=acting.unit_id or ticket.unit_id,
        ),
        version=acting.version,
        assignee_id=work.assignee_id,
        to_queue=work.to_queue,
        clock=work.clock,
        details=work.details,
        timers={**work.timers, **(_called_again(ticket, office.now) if work.to_queue else {})},
    )
    done = take_step(connection, step, new_id=office.new_id)
    if isinstance(done, Taken):
        return acted(work.key, ticket)
    return not_taken(connection, ticket, done) if isinstance(done, RowOvertaken) else refused("unknown")
