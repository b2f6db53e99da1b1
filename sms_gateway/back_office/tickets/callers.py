"""A ticket for somebody who called or came to the desk; its number goes out by SMS."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from db.citizens.account_administration import last_reply_link
from db.schema import EntryKind, TicketChannel, TicketKind
from db.store.address import Msisdn
from db.tickets.opening import Opened, open_tickets
from db.tickets.senders import languages_of, name_citizen
from db.tickets.states import TicketEvent
from db.tickets.transitions import NewEntry, Step, take_step
from db.tickets.whole_ticket import read_tickets
from db.units.route_rules import count_hits
from handlers.conversation.answers.intake import OpenedBy
from handlers.conversation.new_tickets import Matter, Planned, plan, told
from parsers.text.normal_form import normalise
from sms_gateway.back_office.tickets.results import (
    ACTS,
    Acted,
    Acting,
    Draft,
    Office,
    Overtaken,
    Refused,
    Result,
    acted,
    find,
    refused,
)
from sms_gateway.pipeline.conversation import lasts

EXAMPLE_NUMBER = "YC482173051"
"""Stands in a preview for the number, which is drawn when the ticket is opened: all are as long."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Caller:
    """What an agent writes down."""

    operator: str
    phone: Msisdn = field(repr=False)
    kind: TicketKind
    words: str = field(repr=False)
    channel: TicketChannel = TicketChannel.CALL
    unit_id: int | None = None
    """None: it is routed by its words."""
    name: str | None = field(default=None, repr=False)
    ticket_id: int | None = None
    """The id that the form has for the ticket, so that a form that is sent twice opens one; None: a new id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Plan:
    """The ticket to open, and the text that goes out."""

    office: Office
    matter: Matter
    planned: Planned

    def text(self, number: str) -> str:
        """Return the SMS with a number."""
        matter = self.matter
        service = self.office.parts.facts_for(matter.reply_link, matter.short_code, matter.language)
        return told(self.planned, number, OpenedBy.CALLER, service)


def draft_for(connection: Connection, office: Office, caller: Caller) -> Draft | Refused:
    """Return what the caller would get; nothing is done."""
    planned = _planned(connection, office, caller)
    if isinstance(planned, Refused):
        return planned
    matter, text = planned.matter, planned.text(EXAMPLE_NUMBER)
    service = office.parts.facts_for(matter.reply_link, matter.short_code, matter.language)
    return Draft(text=text, segments=service.segments_of(text))


def open_for(connection: Connection, office: Office, caller: Caller) -> Result:
    """Open a ticket for a caller, and send its number. Safe to repeat where the caller names the ticket's id."""
    if not caller.words.strip():
        return refused("empty")
    planned = _planned(connection, office, caller)
    if isinstance(planned, Refused):
        return planned
    if (before := _opened_before(connection, caller)) is not None:
        return before
    new = replace(planned.planned.new, row_id=caller.ticket_id)
    try:
        with connection.begin_nested():
            (opened,) = open_tickets(connection, [new], draw=office.parts.draw, new_id=office.new_id)
    except IntegrityError:  # another process opened it at this moment
        before = _opened_before(connection, caller)
        if before is None:
            raise
        return before
    count_hits(connection, [new.rule_id])
    _send_number(connection, office, caller, planned, opened)
    return _acted(opened.id, opened.number)


def _opened_before(connection: Connection, caller: Caller) -> Acted | None:
    """Return the result of the same form, where it was sent before."""
    tickets = [] if caller.ticket_id is None else read_tickets(connection, [caller.ticket_id])
    return replace(_acted(tickets[0].id, tickets[0].number), is_repeated=True) if tickets else None


def _acted(ticket_id: int, number: str) -> Acted:
    return Acted(message=ACTS.message("opened", number=number), ticket_id=ticket_id, number=number)


def _send_number(connection: Connection, office: Office, caller: Caller, planned: _Plan, opened: Opened) -> None:
    matter = planned.matter
    sms = office.replies.compose(
        link=matter.reply_link,
        sender=matter.short_code,
        recipient=caller.phone,
        body=planned.text(opened.number),
        now=office.now,
        lasts=lasts(planned.planned.new.priority),
    )
    entry = NewEntry(kind=EntryKind.SYSTEM, at=office.now, body=sms.body, outbound_id=sms.id)
    take_step(connection, Step(ticket_id=opened.id, event=TicketEvent.NOTE, entry=entry), new_id=office.new_id)
    office.replies.queue(connection, [sms], now=office.now)
    (ticket,) = read_tickets(connection, [opened.id])
    if caller.name and ticket.citizen_id is not None:
        name_citizen(connection, ticket.citizen_id, caller.name.strip())


def name(connection: Connection, office: Office, acting: Acting, words: str) -> Result:
    """Note the name of a ticket's citizen; an empty one is forgotten."""
    ticket = find(connection, acting)
    if isinstance(ticket, Overtaken | Refused):
        return ticket
    if ticket.citizen_id is None:
        return refused("no_phone")
    del office
    name_citizen(connection, ticket.citizen_id, words.strip() or None)
    return acted("named", ticket)


def _planned(connection: Connection, office: Office, caller: Caller) -> _Plan | Refused:
    units, parts = office.parts.units(), office.parts
    link = _link_to(connection, office, caller.phone)
    if units is None:
        return refused("off")
    if link is None:
        return refused("no_link")
    if caller.unit_id is not None and caller.unit_id not in units.directory.units:
        return refused("unit")
    matter = Matter(
        kind=caller.kind,
        words=normalise(caller.words),
        body=caller.words,
        sender=caller.phone,
        short_code=parts.traits.of(link).known_as,
        reply_link=link,
        language=languages_of(connection, [caller.phone]).get(caller.phone, parts.language),
        at=office.now,
        channel=caller.channel,
        operator=caller.operator,
        unit_id=caller.unit_id,
    )
    return _Plan(office=office, matter=matter, planned=plan(matter, units))


def _link_to(connection: Connection, office: Office, phone: Msisdn) -> str | None:
    """Return the channel that last answered this phone, else the first that sends to telephones."""
    last = last_reply_link(connection, phone)
    return last if last in office.parts.senders else next(iter(office.parts.senders), None)
