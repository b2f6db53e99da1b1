"""Words of a citizen, or of a person on duty, for a ticket that exists."""

from __future__ import annotations

from dataclasses import replace

from db.schema import AskKind, EntryKind, TicketKind, TicketState
from db.tickets.asks import end_ask
from db.tickets.kept_texts import lock_kept, mark_filed
from db.tickets.merging import final_ticket
from db.tickets.ratings import add_words as rate_words
from db.tickets.senders import note_filed
from db.tickets.states import TicketEvent
from db.tickets.transitions import Filed, NewEntry, Overtaken, Step, Taken, take_step
from db.tickets.whole_ticket import Ticket, find_numbered, read_tickets
from handlers.answer import Outcome
from handlers.conversation.answers import about_service, agents, intake, status
from handlers.conversation.answers.intake import UrgentCall
from handlers.conversation.effects.danger import call_about, is_danger, was_called, with_danger
from handlers.conversation.effects.effect import Effect, FiledText, FilingDesk, ticket_of
from handlers.conversation.effects.outcomes import FilingOutcome
from handlers.conversation.effects.ticket_words import facts_of
from handlers.conversation.filing.filed import Does, Rule
from handlers.conversation.routing import REPORT, route
from handlers.conversation.routing import Step as RoutedBy
from handlers.conversation.steps import words_step
from parsers.commands import LookUpStatus
from parsers.commands.conversation import Remark, ShowTicketStatus
from parsers.fields.codes.ticket_numbers import find_numbers
from parsers.reading.conversation import reaction_to
from parsers.text.normal_form import fold, normalise

_CHOICES = (AskKind.WHICH, AskKind.SEND_KEPT)
_TRIES = 3
"""Times that a step is tried when another process changed the ticket in the same moment."""


class NotFiledError(Exception):
    """A ticket changed at each try to add words to it; the transaction is rolled back and the text comes again."""


def is_choice(text: FiledText) -> bool:
    """Return whether a text chooses what becomes of the texts that are kept: a digit, yes, or a number alone."""
    asked = text.ask
    if asked is None or asked.kind not in _CHOICES:
        return False
    if text.filed.rule is Rule.NUMBER and text.filed.does in (Does.ENTRY, Does.REOPEN):
        return isinstance(text.reading, ShowTicketStatus) or not any(map(str.isalpha, text.body))
    normal = normalise(text.body)
    is_reaction = isinstance(text.reading, Remark) and reaction_to(text.body, normal) is not None
    return is_reaction and not find_numbers(fold(normal))


def add_words(text: FiledText, desk: FilingDesk) -> Effect:
    """Add a text to its ticket, and say where it is."""
    ticket = ticket_of(text, desk, text.filed.ticket)
    if ticket is None:
        return _nowhere(text)
    after, is_called = _add(text, desk, ticket, text.inbound_id, text.body)
    if (asked := text.ask) is not None and asked.kind is AskKind.WHY_LOW and asked.subject_id == ticket.id:
        rate_words(desk.connection, ticket.id, text.body)
    answered(text, desk, ticket.id)
    return _told(text, desk, after, was=ticket, is_called=is_called)


def add_kept(text: FiledText, desk: FilingDesk) -> Effect:
    """Add the kept texts to the ticket that the citizen chose."""
    asked, ticket = text.ask, ticket_of(text, desk, text.filed.ticket)
    kept = lock_kept(desk.connection, asked.subject_id) if asked is not None else ()
    if asked is None or ticket is None or not kept:
        return _nowhere(text)
    after = ticket
    for one in kept:
        after, _ = _add(text, desk, after, one.inbound_id, one.body)
    mark_filed(desk.connection, kept, ticket.id, at=desk.now)
    end_ask(desk.connection, text.sender, text.short_code, made_at=asked.made_at)
    return _told(text, desk, after, was=ticket)


def withdraw(text: FiledText, desk: FilingDesk) -> Effect:
    """Close a ticket that its citizen withdraws."""
    ticket = ticket_of(text, desk, text.filed.ticket)
    if ticket is None:
        return _nowhere(text)
    entry = NewEntry(kind=EntryKind.CITIZEN, at=text.at, body=text.body, inbound_id=text.inbound_id)
    step = Step(ticket_id=ticket.id, event=TicketEvent.DONE, entry=entry)
    done = take_step(desk.connection, step, new_id=desk.new_id)
    if isinstance(done, Taken | Filed):
        said = status.withdrawn(ticket.number, text.service)
    else:
        said = status.withdrawn_before(ticket.number, text.service)
    return Effect(outcome=FilingOutcome.WITHDRAWN, text=said)


def note(text: FiledText, desk: FilingDesk) -> Effect:
    """Add a text of a person on duty to a ticket, for agents alone."""
    number = text.filed.ticket or ""
    ticket = find_numbered(desk.connection, number)
    if ticket is None:
        return Effect(outcome=FilingOutcome.NO_TICKET, text=status.not_yours(number, text.service))
    entry = NewEntry(kind=EntryKind.NOTE, at=text.at, body=text.body, inbound_id=text.inbound_id)
    take_step(desk.connection, Step(ticket_id=ticket.id, event=TicketEvent.NOTE, entry=entry), new_id=desk.new_id)
    return Effect(outcome=FilingOutcome.NOTED, text=agents.note_filed(number, text.service))


def answered(text: FiledText, desk: FilingDesk, ticket_id: int) -> None:
    """End what we asked about a ticket: the citizen has answered it."""
    asked = text.rows.asks.get(text.short_code)
    if asked is not None and asked.kind not in _CHOICES and asked.subject_id == ticket_id:
        end_ask(desk.connection, text.sender, text.short_code, made_at=asked.made_at)


def _add(text: FiledText, desk: FilingDesk, ticket: Ticket, inbound_id: int, body: str) -> tuple[Ticket, bool]:
    """Add words to a ticket; return it as it is then, and whether the first person on duty is to be texted."""
    entry = NewEntry(kind=EntryKind.CITIZEN, at=text.at, body=body, inbound_id=inbound_id)
    for _ in range(_TRIES):
        waits_on = ticket.state is text.filed.state and ticket.number == text.filed.ticket
        step = words_step(ticket, entry, desk.units, goes_on_waiting=waits_on)
        if _is_away(ticket, desk) or _is_for_lead(step, ticket):
            step = replace(step, to_queue=True)
        danger = with_danger(_placed(step, ticket, desk, body), ticket, desk, text)
        done = take_step(desk.connection, danger.step, new_id=desk.new_id)
        if not isinstance(done, Overtaken):
            break
        last = final_ticket(desk.connection, ticket.id)  # an agent may have merged it meanwhile
        ticket = read_tickets(desk.connection, [last or ticket.id])[0]
    else:
        raise NotFiledError("a ticket changed at each try; the text is carried out again")
    note_filed(desk.connection, [(text.sender, ticket.id, text.at)])
    return read_tickets(desk.connection, [ticket.id])[0], danger.is_called and isinstance(done, Taken)


def _is_away(ticket: Ticket, desk: FilingDesk) -> bool:
    return ticket.assignee_id is not None and ticket.assignee_id not in desk.present()


def _is_for_lead(step: Step, ticket: Ticket) -> bool:
    """Return whether a ticket is reopened again: then it leaves its agent, and the lead of the unit sees it."""
    return step.event is TicketEvent.REOPEN and ticket.reopened > 0


def _placed(step: Step, ticket: Ticket, desk: FilingDesk, body: str) -> Step:
    """Give a report without a ward the one that its citizen names now; nobody took it, so its unit follows."""
    if ticket.kind is not TicketKind.REPORT or ticket.ward_id is not None or ticket.is_accusation:
        return step
    routed = route(normalise(body), REPORT, desk.units.directory)
    if routed.ward is None:
        return step
    moves = ticket.state is TicketState.NEW and ticket.is_unsure and routed.step is RoutedBy.WARD
    details = replace(step.details, ward_id=routed.ward.id, unit_id=routed.unit.id if moves else step.details.unit_id)
    return replace(step, details=details)


def _told(text: FiledText, desk: FilingDesk, ticket: Ticket, *, was: Ticket, is_called: bool = False) -> Effect:
    """Say where the words are; of danger to life first whom to call."""
    service = text.service
    call = call_about(ticket, text.body) if is_called else None
    said = None
    if is_danger(text, desk):
        known = UrgentCall.CALLED if is_called or was_called(ticket, desk) else UrgentCall.FILED
        said = intake.urgent(facts_of(ticket, desk), known, service)
    if was.state in (TicketState.RESOLVED, TicketState.CLOSED):
        said = said or intake.reopened(facts_of(ticket, desk), ticket.promised_at, service)
        return Effect(outcome=FilingOutcome.REOPENED, text=said, call=call)
    if text.filed.is_repeated:
        said = said or intake.repeated(ticket.number, service)
        return Effect(outcome=FilingOutcome.REPEATED, text=said, call=call)
    outcome = FilingOutcome.FILED_FOR_AGENT if was.taken_at is not None else FilingOutcome.FILED
    holds_code = isinstance(text.reading, LookUpStatus)
    said = said or intake.filed(ticket.number, service, holds_code=holds_code)
    return Effect(outcome=outcome, text=said, call=call)


def _nowhere(text: FiledText) -> Effect:
    """Answer a text whose ticket or kept texts are gone by now: staff filed them, or their words were deleted."""
    return Effect(outcome=Outcome.HELPED, text=about_service.short_help(text.service))
