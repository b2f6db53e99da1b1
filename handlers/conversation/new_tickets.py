"""A new ticket: its route, its due times, what its citizen is told. Pure; the caller stores it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime

from db.schema import Priority, TicketChannel, TicketKind
from db.store.address import Address
from db.store.record import record
from db.tickets.opening import NewTicket
from handlers.context import ServiceFacts
from handlers.conversation.answers import intake
from handlers.conversation.answers.intake import OpenedBy, UrgentCall
from handlers.conversation.answers.ticket_facts import TicketFacts
from handlers.conversation.load import FEWEST_SAMPLES, UnitLoad, expect, has_too_much
from handlers.conversation.routing import Routed, Step, route
from handlers.conversation.routing.directory import Unit
from handlers.conversation.ticket_clock import TicketClock, escalation_timers
from handlers.conversation.units_now import Units, sms_name
from parsers.text.normal_form import normalise
from parsers.text.urgent_phrases import urgent_phrases

SUBJECT_LETTERS = 80
"""Letters of the words that are kept as the subject; pages and answers show fewer."""

PHRASES_THAT_CALL = 2
"""Urgent phrases in a text from which on the people on duty are texted at once."""

_UNKNOWN_LOAD = UnitLoad(waiting=0, capacities=(1,))


@record
class Matter:
    """What a citizen wrote or said, for a new ticket."""

    kind: TicketKind
    words: str = field(repr=False)
    """The words alone, in the normal form: by them it is routed."""
    body: str = field(repr=False)
    """The whole text as it came."""
    sender: Address = field(repr=False)
    short_code: str
    reply_link: str
    language: str
    at: datetime
    inbound_id: int | None = None
    is_urgent: bool = False
    is_call: bool = False
    """Whether people on duty are texted whatever its words are: SOS, KHAN, or an agent's decision."""
    channel: TicketChannel = TicketChannel.TEXT
    operator: str | None = None
    parent_id: int | None = None
    unit_id: int | None = None
    """The unit that an agent chose; None: it is routed."""


@record
class Planned:
    """A ticket to store, where it goes, and what its answer depends on."""

    new: NewTicket
    routed: Routed
    is_open_now: bool
    ahead: int | None
    """Tickets before it, where the unit is overloaded."""
    is_urgent: bool
    is_called: bool
    """Whether people on duty are to be texted now."""


def _unknown_load(unit: Unit) -> UnitLoad:
    del unit
    return _UNKNOWN_LOAD


def plan(matter: Matter, units: Units, load_of: Callable[[Unit], UnitLoad] = _unknown_load) -> Planned:
    """Plan a ticket; `load_of` is asked for the load of a unit that is open."""
    routed = routed_for(matter, units)
    priority = Priority.URGENT if matter.is_urgent else routed.priority
    clock = units.started(matter.at, matter.kind, priority, routed.unit.id)
    is_called = matter.is_urgent and (matter.is_call or is_certain(matter.words))
    ahead, promised = None, clock.promised
    if clock.is_open and not matter.is_urgent:
        ahead, promised = _expected(matter, routed.unit, clock, load_of)
    return Planned(
        new=_new(matter, units, routed, clock, priority=priority, promised=promised, is_called=is_called),
        routed=routed,
        is_open_now=clock.is_open,
        ahead=ahead,
        is_urgent=matter.is_urgent,
        is_called=is_called,
    )


def _expected(
    matter: Matter, unit: Unit, clock: TicketClock, load_of: Callable[[Unit], UnitLoad]
) -> tuple[int | None, datetime]:
    """Return how many tickets are before a new one where its unit is overloaded, and when it is answered."""
    load = load_of(unit)
    if not has_too_much(load):
        return None, clock.promised
    if len(load.gaps) < FEWEST_SAMPLES:
        return load.waiting, clock.promised
    return load.waiting, expect(load, unit.calendar, matter.at, clock.final_due).at


def _new(
    matter: Matter,
    units: Units,
    routed: Routed,
    clock: TicketClock,
    *,
    priority: Priority,
    promised: datetime,
    is_called: bool,
) -> NewTicket:
    """Return the row of a ticket."""
    escalation = escalation_timers(matter.at, is_called=is_called) if matter.is_urgent else {}
    return NewTicket(
        kind=matter.kind,
        sender=matter.sender,
        short_code=matter.short_code,
        reply_link=matter.reply_link,
        subject=_subject(matter.words),
        body=matter.body,
        language=matter.language,
        unit_id=routed.unit.id,
        routed_by=routed.step.value,
        created_at=matter.at,
        first_due=clock.first_due,
        final_due=clock.final_due,
        promised_at=promised,
        inbound_id=matter.inbound_id,
        channel=matter.channel,
        priority=priority,
        is_accusation=routed.is_accusation,
        is_unsure=routed.step is Step.FOCAL and matter.unit_id is None and len(units.directory.units) > 1,
        topic_id=None if routed.topic is None else routed.topic.id,
        ward_id=None if routed.ward is None else routed.ward.id,
        rule_id=routed.rule_id,
        parent_id=matter.parent_id,
        operator=matter.operator,
        timers={**clock.timers, **escalation},
    )


def routed_for(matter: Matter, units: Units) -> Routed:
    """Return where a matter goes: to the unit that an agent chose, else by the rules. Accusations go to one unit."""
    routed = route(matter.words, matter.kind.value, units.directory, urgent=matter.is_urgent)
    if matter.unit_id is None or routed.is_accusation:
        return routed
    return Routed(
        unit=units.unit(matter.unit_id),
        step=Step.UNIT_NAME,
        topic=routed.topic,
        priority=routed.priority,
        ward=routed.ward,
        rule_id=routed.rule_id,
    )


def is_certain(words: str) -> bool:
    """Return whether a text holds so many urgent phrases that people on duty are texted at once."""
    return len(urgent_phrases(normalise(words))) >= PHRASES_THAT_CALL


def told(planned: Planned, number: str, opening: OpenedBy, service: ServiceFacts) -> str:
    """Return the answer to the text that opened a ticket."""
    new = planned.new
    urgent = (UrgentCall.CALLED if planned.is_called else UrgentCall.FILED) if planned.is_urgent else None
    lacks_ward = new.kind is TicketKind.REPORT and planned.routed.ward is None and new.channel is TicketChannel.TEXT
    told_of = intake.OpenedTicket(
        ticket=facts_of(new, number, planned.routed),
        due=new.promised_at,
        opening=opening,
        urgent=urgent,
        is_accusation=planned.routed.is_accusation,
        lacks_ward=lacks_ward,
        is_open_now=planned.is_open_now,
        ahead=planned.ahead,
    )
    return intake.opened(told_of, service)


def facts_of(new: NewTicket, number: str, routed: Routed) -> TicketFacts:
    """Return what answers know of a new ticket."""
    return TicketFacts(
        number=number,
        unit=sms_name(routed.unit),
        subject=None if new.is_accusation else new.subject,
        due=new.promised_at,
    )


OPENINGS: Mapping[TicketKind, OpenedBy] = {
    TicketKind.QUESTION: OpenedBy.QUESTION,
    TicketKind.REPORT: OpenedBy.REPORT,
    TicketKind.PROPOSAL: OpenedBy.PROPOSAL,
}
"""What is said of a ticket by its kind, where no command says more."""


def _subject(words: str) -> str:
    """Return the beginning of the words, cut between two of them."""
    said = " ".join(words.split())
    if len(said) <= SUBJECT_LETTERS:
        return said
    return said[:SUBJECT_LETTERS].rpartition(" ")[0] or said[:SUBJECT_LETTERS]
