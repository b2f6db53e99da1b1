"""What is done for tickets when its time has come: warnings, apologies, reminders, closing, calls to people on duty.

A timer is marked done in the commit that acts, so each fires once: after an outage too, and when the clock goes back.
Each ticket has a transaction of its own: nobody else waits for more than one, and what fails ends no other.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from db.limits.recent_exchanges import has_outcome
from db.messages.outbox import NewOutbound
from db.schema import AskKind, EntryKind, OutboundState, Priority, TimerKind
from db.store.engine import Database
from db.store.ids import first_id_at
from db.tickets.asks import NewAsk, end_asks_about, put_asks
from db.tickets.kept_texts import may_belong_to
from db.tickets.states import TIMERS, TicketEvent
from db.tickets.timers import DueTimer, due_timers, fire_again, mark_done, set_time, time_of
from db.tickets.transitions import Details, NewEntry, Step, Taken, lock_ticket, take_step
from db.tickets.whole_ticket import Entry, Ticket, read_entries, read_tickets
from handlers.conversation.answers import agents
from handlers.conversation.answers.ticket_facts import TicketFacts
from handlers.conversation.effects.outcomes import FilingOutcome
from handlers.conversation.steps import resuming
from handlers.conversation.ticket_clock import RATED_WITHIN, closes_at, new_date
from handlers.conversation.units_now import Units, sms_name
from sms_gateway.back_office.tickets.answering import ANSWERED_WITHIN, sms_of
from sms_gateway.back_office.tickets.drafts import facts, service_of
from sms_gateway.back_office.tickets.results import Office
from sms_gateway.log import event, logger_of
from sms_gateway.pipeline.conversation.duty_calls import UrgentTicket, call, people_on_duty

_LOG = logger_of(__name__)

_PLACE_OF_CALL = {TimerKind.URGENT_5: 1, TimerKind.URGENT_10: 2}
"""Which of the people on duty is texted; the first was texted when the ticket was opened."""
_MINUTES = {TimerKind.URGENT_5: 5, TimerKind.URGENT_10: 10, TimerKind.URGENT_15: 15}
_SENT = (OutboundState.SENT, OutboundState.DELIVERED)
"""Of an SMS that the citizen may have; one that failed was refused, or the phone did not get it."""

NOT_ASKED, WROTE, NOT_SORTED, TURNED_AWAY = "question not sent", "citizen wrote", "text not sorted", "turned away"
"""What the history says of a ticket that goes on where it would have closed without a reply."""
OPEN_LONGER = "objection open"
"""What the history says of an answered ticket that does not close yet."""


def act_on_due(database: Database, office: Office, *, limit: int) -> int:
    """Do what is due, at most so many; return how many were done. Safe to repeat."""
    units = office.parts.units()
    if units is None or office.parts.is_shut():
        return 0
    with database.read() as connection:
        due = due_timers(connection, now=office.now, limit=limit)
    done = 0
    for ticket_id in dict.fromkeys(one.ticket_id for one in due):  # the earliest first
        timers = [one for one in due if one.ticket_id == ticket_id]
        try:
            with database.write() as connection:
                acted = _act_on_ticket(connection, office, units, timers)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise  # the database is away; the job begins again later
            event(_LOG, "ticket_timers_failed", level="error", error=error)
        else:
            done += acted
    return done


def _act_on_ticket(connection: Connection, office: Office, units: Units, timers: Sequence[DueTimer]) -> int:
    """Do what is due for one ticket; return how much was done."""
    lock_ticket(connection, timers[0].ticket_id)  # first, as every step does: else two wait for each other
    done = 0
    for timer in timers:
        try:
            with connection.begin_nested():
                if mark_done(connection, timer, now=office.now):
                    _act(connection, office, units, timer)
                    done += 1
        except DBAPIError:
            raise  # the transaction is over
        except Exception as error:  # noqa: BLE001 - one timer must not keep the others of the ticket
            event(_LOG, "ticket_timer_failed", level="error", timer=timer.kind.value, error=error)
    return done


def _act(connection: Connection, office: Office, units: Units, timer: DueTimer) -> None:
    (ticket,) = read_tickets(connection, [timer.ticket_id])  # as it is by now
    if timer.kind not in TIMERS[ticket.state]:
        return
    if timer.kind in _MINUTES and ticket.priority is not Priority.URGENT:
        return  # an agent found that it is not
    match timer.kind:
        case TimerKind.WARN_UNIT | TimerKind.WARN_LEAD | TimerKind.WARN_PARENT:
            _note(connection, office, ticket, timer.kind.value)
        case TimerKind.APOLOGY:
            _apologise(connection, office, units, ticket)
        case TimerKind.URGENT_5 | TimerKind.URGENT_10 | TimerKind.URGENT_15:
            _escalate(connection, office, units, ticket, timer.kind)
        case TimerKind.REMINDER:
            _remind(connection, office, units, ticket)
        case TimerKind.NO_REPLY:
            _end_waiting(connection, office, units, ticket)
        case TimerKind.RATING_END:
            _end_rating(connection, office, ticket, timer)


def _apologise(connection: Connection, office: Office, units: Units, ticket: Ticket) -> None:
    """Tell the citizen a new date; once for a ticket."""
    calendar = units.calendar(ticket.unit_id)
    promised = new_date(office.now, calendar)
    sms = None
    if ticket.phone is not None:
        text = agents.late(facts(ticket, units), promised.astimezone(calendar.zone).date(), service_of(office, ticket))
        sms = sms_of(office, ticket, text)
    first = ticket.first_promised_at or ticket.promised_at  # the one that was broken, and is judged
    details = Details(promised_at=promised, first_promised_at=first)
    _step(connection, office, ticket, TicketEvent.NOTE, "apology", sms=sms, details=details)


def _escalate(connection: Connection, office: Office, units: Units, ticket: Ticket, kind: TimerKind) -> None:
    """Text the next person on duty, and at last the focal unit; of one urgent phrase the first person, once."""
    is_called = time_of(connection, ticket.id, TimerKind.URGENT_5) is not None
    focal = units.directory.focal.id
    unit_id = focal if kind is TimerKind.URGENT_15 else ticket.unit_id
    people = people_on_duty(units, unit_id, office.now)
    place = _PLACE_OF_CALL.get(kind, 0) if is_called else 0
    if not people:
        _note(connection, office, ticket, f"{kind.value} nobody")
        return
    told = UrgentTicket(
        number=ticket.number, unit_id=unit_id, words="" if ticket.is_accusation else ticket.subject or ""
    )
    contact = people[min(place, len(people) - 1)]
    sms = call(told, contact, office.parts, office.replies, now=office.now, minutes=_MINUTES[kind])
    if sms is not None:
        office.replies.queue(connection, [sms], now=office.now)
    _note(connection, office, ticket, kind.value)


def _remind(connection: Connection, office: Office, units: Units, ticket: Ticket) -> None:
    """Remind the citizen of our question; the ticket closes no sooner than two working days later."""
    calendar = units.calendar(ticket.unit_id)
    asked, _ = _question(read_entries(connection, ticket.id))
    if ticket.phone is None or asked is None:
        return
    closes = closes_at(asked.at, office.now, calendar)
    set_time(connection, ticket.id, TimerKind.NO_REPLY, closes)
    told = TicketFacts(number=ticket.number, unit=sms_name(units.unit(ticket.unit_id)), asked=asked.body)
    day = closes.astimezone(calendar.zone).date()
    sms = sms_of(office, ticket, agents.reminder(told, day, service_of(office, ticket)))
    _step(connection, office, ticket, TicketEvent.NOTE, "reminder", sms=sms)
    was_sent = asked.sms in _SENT and asked.outbound_id is not None
    ask = NewAsk(
        sender=ticket.phone,
        short_code=ticket.short_code,
        kind=AskKind.DETAILS,
        subject_id=ticket.id,
        # A citizen who has our question may answer it while the reminder waits to be sent, or when it cannot be sent.
        outbound_id=asked.outbound_id if was_sent and asked.outbound_id is not None else sms.id,
        made_at=office.now,
        until=office.now + ANSWERED_WITHIN,
    )
    put_asks(connection, [ask])


def _end_waiting(connection: Connection, office: Office, units: Units, ticket: Ticket) -> None:
    """Close a ticket whose question nobody answered, and say how to reopen it; an agent gets one that was not asked."""
    why_open = _why_open(connection, ticket)
    if why_open is not None:
        entry = NewEntry(kind=EntryKind.SYSTEM, at=office.now, body=why_open)
        step = resuming(ticket, entry, units, event=TicketEvent.RESUME)
        take_step(connection, step, new_id=office.new_id)
    else:
        sms = None
        if ticket.phone is not None:
            sms = sms_of(office, ticket, agents.no_reply(ticket.number, service_of(office, ticket)))
        _step(connection, office, ticket, TicketEvent.NO_REPLY, "no_reply", sms=sms)
    end_asks_about(connection, ticket.id)


def _end_rating(connection: Connection, office: Office, ticket: Ticket, timer: DueTimer) -> None:
    """Close an answered ticket; it may be objected to for another week when a text was refused in this one.

    While the conversation is switched off nobody can object. The text stays on the page of messages, from which it can
    be run again.
    """
    since = first_id_at(timer.at - RATED_WITHIN)
    phone = ticket.phone
    if phone is not None and has_outcome(connection, phone, FilingOutcome.SHUT, since_id=since):
        fire_again(connection, ticket.id, timer.kind, office.now + RATED_WITHIN)
        _note(connection, office, ticket, OPEN_LONGER)
        return
    _step(connection, office, ticket, TicketEvent.ACCEPT, "rating_end")
    end_asks_about(connection, ticket.id)


def _why_open(connection: Connection, ticket: Ticket) -> str | None:
    """Return why a ticket whose question was not answered in time goes on; None where the citizen did not reply.

    Words that came before the question was sent are in the ticket, and it waits on. Those of which nobody chose the
    ticket yet may be the reply. What came while the conversation was switched off is not in the ticket.
    """
    asked, later = _question(read_entries(connection, ticket.id))
    if asked is None:
        return None
    if any(one.kind is EntryKind.CITIZEN for one in later):
        return WROTE
    if asked.sms not in _SENT and not any(one.kind is EntryKind.SYSTEM and one.sms in _SENT for one in later):
        return NOT_ASKED
    phone = ticket.phone
    if phone is not None and may_belong_to(connection, phone, ticket.id, since=asked.at):
        return NOT_SORTED
    if phone is not None and has_outcome(connection, phone, FilingOutcome.SHUT, since_id=first_id_at(asked.at)):
        return TURNED_AWAY
    return None


def _question(entries: Sequence[Entry]) -> tuple[Entry | None, Sequence[Entry]]:
    """Return our last question, and what came after it: also what was moved here, which has an older id."""
    asked = next((one for one in reversed(entries) if one.kind is EntryKind.QUESTION), None)
    if asked is None:
        return None, ()
    return asked, [one for one in entries if one.id > asked.id or (one.id < asked.id and one.at > asked.at)]


def _note(connection: Connection, office: Office, ticket: Ticket, what: str) -> None:
    _step(connection, office, ticket, TicketEvent.NOTE, what)


def _step(
    connection: Connection,
    office: Office,
    ticket: Ticket,
    event: TicketEvent,
    what: str,
    *,
    sms: NewOutbound | None = None,
    details: Details | None = None,
) -> None:
    """Write what was done into the history, and send the text that belongs to it."""
    entry = NewEntry(
        kind=EntryKind.SYSTEM,
        at=office.now,
        body=what if sms is None else sms.body,
        outbound_id=None if sms is None else sms.id,
    )
    step = Step(ticket_id=ticket.id, event=event, entry=entry, details=details or Details())
    done = take_step(connection, step, new_id=office.new_id)
    if isinstance(done, Taken) and sms is not None:
        office.replies.queue(connection, [sms], now=office.now)
