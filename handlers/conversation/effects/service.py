"""Commands of the conversation that file nothing: TT, LH, TTDL, EN and VI, NHAN."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from db.schema import EntryKind, Priority
from db.tickets.senders import choose_language
from db.tickets.states import TicketEvent
from db.tickets.timers import delay
from db.tickets.transitions import NewEntry, Step, take_step
from db.tickets.whole_ticket import find_numbered, list_own
from handlers.answer import Outcome
from handlers.conversation.answers import about_service, agents, status
from handlers.conversation.answers.about_service import ContactFacts
from handlers.conversation.answers.moments import OpenSpan
from handlers.conversation.business_time import DAY_MINUTES, Calendar, is_open, next_opening
from handlers.conversation.effects.effect import Effect, FiledText, FilingDesk, ticket_of
from handlers.conversation.effects.outcomes import FilingOutcome
from handlers.conversation.effects.ticket_words import facts_of
from handlers.conversation.routing.directory import Directory, Unit
from handlers.conversation.routing.phrase_index import words_of
from handlers.conversation.ticket_clock import ESCALATED_AFTER
from handlers.conversation.units_now import sms_name
from parsers.commands.conversation import (
    AcknowledgeUrgent,
    ChooseLanguage,
    FindContact,
    Remark,
    ShowPrivacy,
    ShowTicketStatus,
)

LISTED_FOR = timedelta(days=90)
"""How long after the last contact a ticket is listed: a phone may have another owner by then."""

MOST_LISTED = 3

ACKNOWLEDGED_FOR = timedelta(minutes=15)
"""How long the escalation stops after a person on duty took notice."""


def serve(text: FiledText, desk: FilingDesk) -> Effect | None:
    """Answer a command that files nothing; None for one that is no command of the conversation."""
    if text.filed.command == ShowTicketStatus.name:  # also of a bare number, which only filing knows to be the sender's
        return _status(text, desk, is_all=isinstance(text.reading, ShowTicketStatus) and text.reading.is_all)
    match text.reading:
        case FindContact() as command:
            return _contact(text, command, desk)
        case ShowPrivacy():
            keywords = text.service.keywords
            said = about_service.privacy(text.service, accounts="register_account" in keywords, tickets=True)
            return Effect(outcome=FilingOutcome.PRIVACY_TOLD, text=said)
        case ChooseLanguage() as command:
            return _language(text, command, desk)
        case AcknowledgeUrgent():
            return _acknowledged(text, desk)
        case Remark():
            return Effect(outcome=Outcome.HELPED, text=about_service.short_help(text.service))
    return None


def _status(text: FiledText, desk: FilingDesk, *, is_all: bool) -> Effect:
    ticket = ticket_of(text, desk, text.filed.ticket)
    if ticket is not None:
        said = status.status(facts_of(ticket, desk), text.service)
        return Effect(outcome=FilingOutcome.TICKETS_TOLD, text=said)
    own = list_own(desk.connection, text.sender, since=desk.now - LISTED_FOR, most=MOST_LISTED, closed=is_all)
    if not own.count and not is_all:  # nothing is open: the last ones, which are closed
        own = list_own(desk.connection, text.sender, since=desk.now - LISTED_FOR, most=MOST_LISTED, closed=True)
    if own.count == 1:
        said = status.status(facts_of(own.newest[0], desk), text.service)
    else:
        told = [facts_of(one, desk) for one in own.newest]
        said = status.ticket_list(told + told[-1:] * max(own.count - len(told), 0), text.service)
    return Effect(outcome=FilingOutcome.TICKETS_TOLD, text=said)


def _contact(text: FiledText, command: FindContact, desk: FilingDesk) -> Effect:
    unit = unit_named(command.place, desk.units.directory)
    if unit is None:
        said = about_service.contact_unknown(command.place, text.service)
    else:
        said = about_service.contact(_facts(unit, desk.now), text.service)
    return Effect(outcome=FilingOutcome.CONTACT_TOLD, text=said)


def unit_named(place: str, directory: Directory) -> Unit | None:
    """Return the unit that a citizen names, or that looks after the ward; the focal unit where none is named."""
    words = words_of(place)
    if not words:
        return directory.focal
    best: tuple[int, set[int]] = (0, set())
    found = [(one.end - one.start, set(one.values)) for one in directory.names.find(words)]
    found += [(one.end - one.start, {ward.unit_id for ward in one.values}) for one in directory.wards.find(words)]
    for length, units in found:
        if length > best[0]:
            best = (length, units)
        elif length == best[0]:
            best = (length, best[1] | units)
    return directory.units.get(next(iter(best[1]))) if len(best[1]) == 1 else None


def _facts(unit: Unit, now: datetime) -> ContactFacts:
    calendar = unit.calendar
    shut = not is_open(now, calendar)
    return ContactFacts(
        name=sms_name(unit),
        phone=unit.phone,
        address=unit.address,
        week=[_hours(calendar, weekday) for weekday in range(7)],
        is_open_now=not shut,
        opens=next_opening(now, calendar) if shut else None,
    )


def _hours(calendar: Calendar, weekday: int) -> list[OpenSpan]:
    return [(_clock(one.opens), _clock(one.closes)) for one in calendar.hours.get(weekday, ())]


def _clock(minutes: int) -> time:
    hour, minute = divmod(minutes % DAY_MINUTES, 60)
    return time(hour, minute)


def _language(text: FiledText, command: ChooseLanguage, desk: FilingDesk) -> Effect:
    """Note the language; the answer is in it already."""
    choose_language(desk.connection, text.sender, command.language, now=desk.now, new_id=desk.new_id)
    keywords = desk.vocabulary.words_of(ChooseLanguage.name)
    other = next((word for word in keywords if word.lower() != command.language), None)
    said = about_service.language_chosen(other, text.service)
    return Effect(outcome=FilingOutcome.LANGUAGE_CHOSEN, text=said)


def _acknowledged(text: FiledText, desk: FilingDesk) -> Effect:
    """Stop the escalation of an urgent ticket for a while. Senders can be forged, so the ticket stays where it is."""
    number = text.filed.ticket or ""
    ticket = find_numbered(desk.connection, number)
    if ticket is None or ticket.priority is not Priority.URGENT:
        return Effect(outcome=FilingOutcome.NO_TICKET, text=status.not_yours(number, text.service))
    until = desk.now + ACKNOWLEDGED_FOR
    delay(desk.connection, ticket.id, list(ESCALATED_AFTER), until=until)
    entry = NewEntry(kind=EntryKind.NOTE, at=text.at, body=text.body, inbound_id=text.inbound_id)
    take_step(desk.connection, Step(ticket_id=ticket.id, event=TicketEvent.NOTE, entry=entry), new_id=desk.new_id)
    local = until.astimezone(text.service.zone).time().replace(tzinfo=None)
    said = agents.duty_acknowledged(number, local, text.service)
    return Effect(outcome=FilingOutcome.ACKNOWLEDGED, text=said)
