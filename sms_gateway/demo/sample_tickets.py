"""Tickets of the demo in every state, of invented citizens, with what they were sent; and what a newcomer can text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection, insert

from db.schema import AskKind, EntryKind, KeptReason, OutboundState, TicketKind, outbound
from db.store.address import Address
from db.store.ids import IdSource
from db.tickets.asks import NewAsk, put_asks
from db.tickets.kept_texts import NewKept, keep_text
from db.tickets.opening import NewTicket, open_tickets
from db.tickets.ratings import Rating, rate
from db.tickets.states import TicketEvent
from db.tickets.transitions import Clock, Details, NewEntry, Step, take_step
from handlers.context import ServiceFacts
from handlers.conversation.answers import agents
from handlers.conversation.answers.ticket_facts import TicketFacts
from handlers.conversation.business_time import open_time
from handlers.conversation.new_tickets import Matter, plan
from handlers.conversation.ticket_clock import NO_REPLY_AFTER, RATED_WITHIN, left_of, question_timers, rating_timers
from handlers.conversation.units_now import Units
from parsers.fields.codes.ticket_numbers import new_number
from parsers.vocabulary import CONVERSATION_VOCABULARY
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pipeline.conversation import ANSWER_LASTS

TEXTS = (
    "HOI may gio UBND phuong Hai Chau mo cua",
    "PA den duong hong 3 ngay nay tai 25 Le Duan phuong Hai Chau",
    "TT",
    "LH HAI CHAU",
)
"""What a newcomer can text to people."""

_NODE = 1021
_SEED = 8188
_ASKED_BY_SMS = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Did:
    """Something that happened to a sample ticket, so many hours before now; without an operator the citizen did it."""

    event: TicketEvent
    hours: float
    body: str
    kind: EntryKind
    is_agent: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sample:
    """A sample ticket."""

    phone: str
    words: str
    kind: TicketKind
    hours: float
    did: Sequence[_Did] = field(default_factory=tuple)
    score: int | None = None


def _take(hours: float) -> _Did:
    return _Did(event=TicketEvent.TAKE, hours=hours, body="took", kind=EntryKind.STAFF)


def _ask(hours: float, words: str) -> _Did:
    return _Did(event=TicketEvent.ASK, hours=hours, body=words, kind=EntryKind.QUESTION)


def _resolve(hours: float, words: str) -> _Did:
    return _Did(event=TicketEvent.RESOLVE, hours=hours, body=words, kind=EntryKind.ANSWER)


def _citizen(event: TicketEvent, hours: float, words: str) -> _Did:
    return _Did(event=event, hours=hours, body=words, kind=EntryKind.CITIZEN, is_agent=False)


_SAMPLES = (
    _Sample(
        phone="84935111222",
        words="lam lai the BHYT cho tre em can giay to gi",
        kind=TicketKind.QUESTION,
        hours=50,
        did=(_take(49), _resolve(26, "Can giay khai sinh va CCCD cua cha hoac me. Nop tai UBND phuong.")),
    ),
    _Sample(
        phone="84912345678",
        words="ho ga mat nap truoc cong truong hoc phuong Hai Chau",
        kind=TicketKind.REPORT,
        hours=30,
        did=(_take(29), _ask(28, "Ho ga o duong nao, gan so nha bao nhieu?")),
    ),
    _Sample(
        phone="84905200301",
        words="den duong hong ca tuan nay o phuong Hai Chau",
        kind=TicketKind.REPORT,
        hours=20,
        did=(_take(19),),
    ),
    _Sample(
        phone="84905200302",
        words="cot dien nghieng o phuong Son Tra",
        kind=TicketKind.REPORT,
        hours=80,
        did=(
            _take(79),
            _Did(event=TicketEvent.WAIT, hours=70, body="cho Cong ty Dien luc kiem tra", kind=EntryKind.STAFF),
        ),
    ),
    _Sample(
        phone="84905200303",
        words="dang ky tam tru can giay to gi",
        kind=TicketKind.QUESTION,
        hours=200,
        did=(
            _take(199),
            _resolve(198, "Can CCCD va giay to chung minh cho o hop phap. Nop tai Cong an phuong."),
            _citizen(TicketEvent.ACCEPT, 190, "5 cam on can bo"),
        ),
        score=5,
    ),
    _Sample(
        phone="84905200304",
        words="rac chat dong o cho Con, phuong Hai Chau",
        kind=TicketKind.REPORT,
        hours=120,
        did=(_take(118), _citizen(TicketEvent.DONE, 100, "da don xong roi")),
    ),
    _Sample(
        phone="84905200305",
        words="de nghi lap them ghe da o cong vien bien",
        kind=TicketKind.PROPOSAL,
        hours=3,
    ),
    _Sample(
        phone="84905200306",
        words="may gio bo phan mot cua lam viec thu bay",
        kind=TicketKind.QUESTION,
        hours=1,
    ),
    _Sample(
        phone="84905200307",
        words="khuyen mai vay tien nhanh lien he",
        kind=TicketKind.QUESTION,
        hours=40,
        did=(_Did(event=TicketEvent.SPAM, hours=39, body="spam", kind=EntryKind.STAFF),),
    ),
)
"""In no order of time; each state of a ticket is there."""

_ASKS = {TicketEvent.ASK: AskKind.DETAILS, TicketEvent.RESOLVE: AskKind.RATE}
"""What an agent's SMS asks."""

_SERVICE = ServiceFacts(
    keywords={
        one.service: CONVERSATION_VOCABULARY.taught[one.name]
        for one in CONVERSATION_VOCABULARY.grammars
        if one.default_keywords
    }
)

_KEPT = "cho em hoi thu tuc nhu the nao"


def add_sample_tickets(
    connection: Connection, units: Units, *, now: datetime, agent: str, agent_id: int, short_code: str, link: str
) -> None:
    """Write the sample tickets as they would have come in during the last days."""
    moment = _Moment()
    ids = IdSource(node=_NODE, now=moment)
    draw = Random(_SEED)  # noqa: S311 - numbers of samples
    for sample in sorted(_SAMPLES, key=lambda one: -one.hours):
        moment.at = now - timedelta(hours=sample.hours)
        matter = Matter(
            kind=sample.kind,
            words=sample.words,
            body=sample.words,
            sender=Address(sample.phone),
            short_code=short_code,
            reply_link=link,
            language="vi",
            at=moment.at,
            inbound_id=ids.new(),
        )
        planned = plan(matter, units).new
        (opened,) = open_tickets(connection, [planned], draw=lambda: new_number(draw.randrange), new_id=ids.new)
        for did in sample.did:
            step = _step(did, _Of(id=opened.id, new=planned), units, at=now - timedelta(hours=did.hours))
            sent_id = None
            if did.event in _ASKS:
                moment.at = step.entry.at
                sent_id = _send(connection, did, opened.number, planned, outbound_id=ids.new(), at=step.entry.at)
                if did is sample.did[-1]:
                    put_asks(connection, [_ask_of(did, opened.id, planned, outbound_id=sent_id, at=step.entry.at)])
            if did.is_agent:
                entry = replace(step.entry, operator=agent, unit_id=planned.unit_id, outbound_id=sent_id)
                step = replace(step, entry=entry, assignee_id=agent_id)
            take_step(connection, step, new_id=ids.new)
        if sample.score is not None:
            rating = Rating(
                ticket_id=opened.id, score=sample.score, by_words=False, unit_id=planned.unit_id, at=now, operator=agent
            )
            rate(connection, rating)
    moment.at = now
    kept = NewKept(
        inbound_id=ids.new(),
        sender=Address("84905200308"),
        short_code=short_code,
        reply_link=link,
        reason=KeptReason.SEND,
        body=_KEPT,
        kept_at=now - _ASKED_BY_SMS,
        until=now,
    )
    keep_text(connection, kept, new_id=ids.new)


def _send(connection: Connection, did: _Did, number: str, new: NewTicket, *, outbound_id: int, at: datetime) -> int:
    """Write the SMS with an agent's words as one that arrived; return its id."""
    if did.event is TicketEvent.ASK:
        asked = TicketFacts(number=number, asked=did.body, reply_by=(at + NO_REPLY_AFTER).astimezone(LOCAL_ZONE).date())
        body = agents.ask_details(asked, did.body, _SERVICE)
    else:
        body = agents.agent_answer(number, did.body, _SERVICE, resolves=True)
    connection.execute(
        insert(outbound).values(
            id=outbound_id,
            link=new.reply_link,
            sender=new.short_code,
            recipient=new.sender,
            recipient_mark=new.sender,
            body=body,
            reference=0,
            state=OutboundState.DELIVERED,
            created_at=at,
            expires_at=at + ANSWER_LASTS,
            not_before=at,
            attempts=1,
            data_coding=0,
            segments=_SERVICE.segments_of(body),
            sent_at=at,
            settled_at=at,
        )
    )
    return outbound_id


def _ask_of(did: _Did, ticket_id: int, new: NewTicket, *, outbound_id: int, at: datetime) -> NewAsk:
    """Return the question that a plain reply answers."""
    return NewAsk(
        sender=new.sender,
        short_code=new.short_code,
        kind=_ASKS[did.event],
        subject_id=ticket_id,
        outbound_id=outbound_id,
        made_at=at,
        until=at + RATED_WITHIN,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Of:
    """The ticket to which something happens."""

    id: int
    new: NewTicket


def _step(did: _Did, of: _Of, units: Units, *, at: datetime) -> Step:
    """Return what happened as a step, with the clock and the timers that an agent's act sets."""
    calendar, new = units.calendar(of.new.unit_id), of.new
    step = Step(ticket_id=of.id, event=did.event, entry=NewEntry(kind=did.kind, at=at, body=did.body))
    match did.event:
        case TicketEvent.ASK:
            left = left_of(at, new.final_due, calendar)
            clock = Clock(first_due=new.first_due, final_due=new.final_due, minutes_left=left)
            return replace(step, clock=clock, timers=question_timers(at, calendar))
        case TicketEvent.RESOLVE:
            worked = open_time(new.created_at, at, calendar) // timedelta(minutes=1)
            return replace(step, timers=rating_timers(at), details=Details(working_minutes=worked))
        case TicketEvent.WAIT:
            return replace(step, details=Details(public_reason=did.body))
        case _:
            return step


class _Moment:
    """The time of the sample that is written."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at
