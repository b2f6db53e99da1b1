"""An agent writes to a citizen: an answer, an answer that resolves, a question. One SMS, one entry, one change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db.messages.outbox import NewOutbound
from db.schema import AskKind, EntryKind, TimerKind
from db.tickets.asks import NewAsk, put_asks
from db.tickets.states import TicketEvent
from db.tickets.transitions import Clock, Details, NewEntry, Step, Taken, take_step
from db.tickets.transitions import Overtaken as RowOvertaken
from db.tickets.whole_ticket import Ticket
from handlers.conversation.business_time import open_time
from handlers.conversation.ticket_clock import RATED_WITHIN, left_of, question_timers, rating_timers
from handlers.conversation.units_now import Units
from sms_gateway.back_office.tickets.drafts import How, why_unreachable, written
from sms_gateway.back_office.tickets.results import (
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
from sms_gateway.pipeline.conversation import lasts

ANSWERED_WITHIN = timedelta(days=7)
"""How long a plain reply answers our question."""

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Written:
    """What an act changes beside the SMS."""

    event: TicketEvent
    kind: EntryKind
    key: str
    ask: AskKind | None = None
    clock: Clock | None = None
    details: Details = field(default_factory=Details)
    timers: Mapping[TimerKind, datetime] = field(default_factory=dict)


def answer(
    connection: Connection, office: Office, acting: Acting, words: str, *, confirmed: Collection[str] = ()
) -> Result:
    """Send an answer and leave the ticket open; nothing is committed."""
    return _write(connection, office, acting, How.ANSWER, words, confirmed=confirmed)


def resolve(
    connection: Connection, office: Office, acting: Acting, words: str, *, confirmed: Collection[str] = ()
) -> Result:
    """Send an answer and resolve the ticket: the citizen may object or rate it for a week."""
    return _write(connection, office, acting, How.RESOLVE, words, confirmed=confirmed)


def ask(
    connection: Connection, office: Office, acting: Acting, words: str, *, confirmed: Collection[str] = ()
) -> Result:
    """Send a question: the ticket waits for the citizen, and its clock stands still."""
    return _write(connection, office, acting, How.ASK, words, confirmed=confirmed)


def _write(
    connection: Connection, office: Office, acting: Acting, how: How, words: str, *, confirmed: Collection[str]
) -> Result:
    ticket = find(connection, acting)
    units = office.parts.units()
    if isinstance(ticket, Overtaken | Refused):
        return ticket
    if units is None:
        return refused("off")
    change = _change(office, units, ticket, how)
    sms = text_to_citizen(connection, office, units, ticket, how, words, confirmed=confirmed)
    if not isinstance(sms, NewOutbound):
        return sms
    step = Step(
        ticket_id=ticket.id,
        event=change.event,
        entry=NewEntry(
            kind=change.kind,
            at=office.now,
            body=words,
            outbound_id=sms.id,
            operator=acting.operator,
            unit_id=acting.unit_id or ticket.unit_id,
        ),
        version=acting.version,
        assignee_id=new_assignee(acting, ticket, units),
        clock=change.clock,
        details=change.details,
        timers=change.timers,
    )
    done = take_step(connection, step, new_id=office.new_id)
    if not isinstance(done, Taken):
        return not_taken(connection, ticket, done) if isinstance(done, RowOvertaken) else refused("unknown")
    office.replies.queue(connection, [sms], now=office.now)
    if change.ask is not None:
        put_ask(connection, office, ticket, change.ask, sms)
    return acted(change.key, ticket)


def text_to_citizen(  # noqa: PLR0917 - what every act has
    connection: Connection,
    office: Office,
    units: Units,
    ticket: Ticket,
    how: How,
    words: str,
    *,
    confirmed: Collection[str] = (),
) -> NewOutbound | Refused | NeedsConfirmation:
    """Compose the SMS of an act, for the caller to queue; refuse what must not be sent."""
    if ticket.phone is None:
        return refused("no_phone")
    text = written(office, units, ticket, how, words)
    if text.faults:
        return Refused(faults=text.faults)
    if (why_not := why_unreachable(connection, office, ticket)) is not None:
        return Refused(faults=[why_not])
    if not set(text.links) <= set(confirmed):
        return NeedsConfirmation(links=text.links)
    return sms_of(office, ticket, text.text)


def sms_of(office: Office, ticket: Ticket, text: str) -> NewOutbound:
    """Compose an SMS to the citizen of a ticket that has a phone, for the caller to queue."""
    assert ticket.phone is not None  # noqa: S101 - the caller looked
    return office.replies.compose(
        link=ticket.reply_link,
        sender=ticket.short_code,
        recipient=ticket.phone,
        body=text,
        now=office.now,
        lasts=lasts(ticket.priority),
    )


def put_ask(connection: Connection, office: Office, ticket: Ticket, kind: AskKind, sms: NewOutbound) -> None:
    """Let a plain reply to this SMS be its answer."""
    new = NewAsk(
        sender=sms.recipient,
        short_code=ticket.short_code,
        kind=kind,
        subject_id=ticket.id,
        outbound_id=sms.id,
        made_at=office.now,
        until=office.now + (RATED_WITHIN if kind is AskKind.RATE else ANSWERED_WITHIN),
    )
    put_asks(connection, [new])


def _change(office: Office, units: Units, ticket: Ticket, how: How) -> _Written:
    calendar = units.calendar(ticket.unit_id)
    match how:
        case How.ASK:
            left = left_of(office.now, ticket.final_due, calendar)
            return _Written(
                event=TicketEvent.ASK,
                kind=EntryKind.QUESTION,
                key="asked",
                ask=AskKind.DETAILS,
                clock=Clock(first_due=ticket.first_due, final_due=ticket.final_due, minutes_left=left),
                timers=question_timers(office.now, calendar),
            )
        case How.RESOLVE:
            minutes = open_time(ticket.created_at, office.now, calendar) // _MINUTE
            return _Written(
                event=TicketEvent.RESOLVE,
                kind=EntryKind.ANSWER,
                key="resolved",
                ask=AskKind.RATE,
                details=Details(working_minutes=minutes),
                timers=rating_timers(office.now),
            )
        case _:
            return _Written(event=TicketEvent.ANSWER, kind=EntryKind.ANSWER, key="answered")
