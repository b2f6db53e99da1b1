"""What a citizen gets for an act of an agent: made for the preview and for sending alike."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from sqlalchemy import Connection

from db.schema import TicketState, TimerKind
from db.tickets.whole_ticket import Ticket, read_ticket
from handlers.context import ServiceFacts
from handlers.conversation.answers import agents, status
from handlers.conversation.answers.ticket_facts import TicketFacts
from handlers.conversation.outgoing_check import check_outgoing
from handlers.conversation.ticket_clock import question_timers
from handlers.conversation.units_now import Units, sms_name
from handlers.wording.fit import cheaper
from parsers.localised_message import LocalisedMessage
from sms_gateway.back_office.tickets.results import ACTS, Acting, Draft, Office


class How(StrEnum):
    """Which act a text is for."""

    ANSWER = "answer"
    RESOLVE = "resolve"
    ASK = "ask"
    WAIT = "wait"  # the public reason, which TT tells
    NOT_OURS = "not_ours"
    MERGE = "merge"  # `words` is the number of the other ticket


def draft(connection: Connection, office: Office, acting: Acting, how: How, words: str) -> Draft | None:
    """Return what the citizen would get; None when there is no such ticket. Nothing is done."""
    ticket = read_ticket(connection, acting.ticket_id, acting.scope)
    units = office.parts.units()
    if ticket is None or units is None:
        return None
    made = written(office, units, ticket, how, words)
    why_not = None if how is How.WAIT else why_unreachable(connection, office, ticket)
    return made if why_not is None else replace(made, faults=[*made.faults, why_not])


def why_unreachable(connection: Connection, office: Office, ticket: Ticket) -> LocalisedMessage | None:
    """Return why no channel sends to the citizen of a ticket now; None when one does, or there is no phone."""
    if ticket.phone is None:
        return None
    if office.replies.link_for(connection, ticket.reply_link, ticket.phone, now=office.now) is not None:
        return None
    reaches_for = office.replies.traits.of(ticket.reply_link).reaches_for
    days = 0 if reaches_for is None else reaches_for.days
    return ACTS.message("refused.unreachable", link=ticket.reply_link, most=days)


def written(office: Office, units: Units, ticket: Ticket, how: How, words: str) -> Draft:
    """Write the text of an act, and check what the agent wrote of it."""
    service = service_of(office, ticket)
    text = _text(office, units, ticket, how, words)
    if how is How.MERGE:
        return Draft(text=text, segments=service.segments_of(text))
    checked = check_outgoing(
        words,
        text,
        segments_of=service.segments_of,
        most_segments=service.most_written,
        own_sites=office.parts.own_sites,
    )
    return Draft(
        text=cheaper(text, service.segments_of),
        segments=checked.segments,
        faults=[fault.message for fault in checked.faults],
        links=checked.own_links,
    )


def service_of(office: Office, ticket: Ticket) -> ServiceFacts:
    """Return the facts that texts to the citizen of a ticket name, in the citizen's language."""
    return office.parts.facts_for(ticket.reply_link, ticket.short_code, ticket.language)


def facts(ticket: Ticket, units: Units) -> TicketFacts:
    """Return what answers know of a ticket."""
    return TicketFacts(
        number=ticket.number,
        state=ticket.state,
        unit=sms_name(units.unit(ticket.unit_id)),
        subject=None if ticket.is_accusation else ticket.subject,
        due=ticket.promised_at,
        reason=ticket.public_reason,
    )


def unmerged(office: Office, ticket: Ticket, other: str) -> str:
    """Return what the citizen gets when a merging is undone that they were told of."""
    return status.unmerged(ticket.number, other, service_of(office, ticket))


def _text(office: Office, units: Units, ticket: Ticket, how: How, words: str) -> str:
    service = service_of(office, ticket)
    match how:
        case How.ANSWER | How.RESOLVE:
            return agents.agent_answer(ticket.number, words, service, resolves=how is How.RESOLVE)
        case How.ASK:
            return agents.ask_details(_asked(office, units, ticket, words), words, service)
        case How.WAIT:
            is_late = ticket.promised_at <= office.now
            waiting = replace(facts(ticket, units), state=TicketState.PENDING_THIRD, reason=words, is_late=is_late)
            return status.status(waiting, service)
        case How.NOT_OURS:
            return agents.not_ours(facts(ticket, units), words, service)
        case How.MERGE:
            return status.merged(ticket.number, words, service)


def _asked(office: Office, units: Units, ticket: Ticket, words: str) -> TicketFacts:
    timers = question_timers(office.now, units.calendar(ticket.unit_id))
    closes = timers[TimerKind.NO_REPLY]
    return replace(
        facts(ticket, units),
        state=TicketState.PENDING_CITIZEN,
        asked=words,
        reply_by=closes.astimezone(service_of(office, ticket).zone).date(),
    )
