"""Texts of the conversation are filed: one query for what their senders have open, then the effects, in waves.

The first texts of all senders make the first wave, their second ones the next. So of several texts of one sender in a
batch each sees what the one before did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from db.messages.inbox import WaitingText
from db.messages.outbox import NewOutbound
from db.notices.subscriptions import subscribed
from db.tickets.asks import NewAsk, put_asks
from db.tickets.opening import Opened, open_tickets
from db.tickets.situation import NOTHING, SenderRows, read_situations
from db.tickets.transitions import lock_tickets
from db.units.route_rules import count_hits
from handlers.context import ServiceFacts
from handlers.conversation.effects import carry_out
from handlers.conversation.effects.effect import Effect, FiledText, FilingDesk, Opening
from handlers.conversation.filing import file, needs_situation
from handlers.conversation.filing.policy import FreeText, Policy
from handlers.conversation.units_now import Units
from parsers.commands import Command
from parsers.commands.conversation import ChooseLanguage, WithdrawTicket
from parsers.grammar import Vocabulary
from parsers.misread import Misread
from parsers.missing_parts import GAP
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pipeline.conversation.duty_calls import UrgentTicket, call, people_on_duty
from sms_gateway.pipeline.dispatch.filing.batch import DoneText, FilingBatch, ToFile, answer_of
from sms_gateway.pipeline.dispatch.filing.shut import shut
from sms_gateway.pipeline.dispatch.filing.situations import numbers_in, situation_of
from sms_gateway.pipeline.dispatch.filing.unit_loads import UnitLoads

GAP_SHOWN = " [...] "
"""Stands in the words of a ticket for the parts of a long text that never came."""

_LATE = timedelta(hours=1)
"""A text that is carried out later than this counts as written now: its times are those that its sender is told."""


Facts = tuple[str, str, str | None]
"""What facts of the service are for: the link, the number that was texted to, and the language."""

Unfiled = Mapping[type[Command] | type[Misread], tuple[str, ...]]
"""The keywords of the commands that are no part of the conversation."""


def unfiled_of(vocabulary: Vocabulary) -> Unfiled:
    """Return the keywords behind which nothing is filed; made once."""
    return {one.command: vocabulary.words_of(one.name) for one in vocabulary.grammars if not one.is_conversation}


def is_filed(reading: Command | Misread, body: str, vocabulary: Vocabulary, unfiled: Unfiled) -> bool:
    """Return whether a text is filed by what its sender has open; one that begins with its keyword needs no look."""
    keywords = unfiled.get(type(reading))
    if keywords is not None and body.upper().startswith(keywords):
        return False
    return needs_situation(reading, body, vocabulary)


def file_texts(batch: FilingBatch, texts: Sequence[ToFile]) -> tuple[list[DoneText], list[NewOutbound]]:
    """File texts; return what became of each, in their order, and the texts to people on duty.

    Writes by the batch's connection, and is safe to repeat after a rollback.
    """
    units = batch.parts.units()
    if units is None or batch.parts.is_shut():
        return [shut(batch, one) for one in texts], []
    loads = UnitLoads(batch.connection, batch.now)
    desk = FilingDesk(
        connection=batch.connection,
        units=units,
        policy=Policy(
            free_text=FreeText(batch.parts.free_text),
            has_urgent=batch.parts.urgent,
            most_new_a_day=batch.parts.tickets_a_day,
        ),
        vocabulary=batch.vocabulary,
        new_id=batch.new_id,
        now=batch.now,
        today_since=_midnight(batch.now),
        present=loads.present,
        load_of=loads.before_next,
    )
    done: dict[int, DoneText] = {}
    calls: list[NewOutbound] = []
    for wave in _waves(texts):
        for one in _carry_out_wave(batch, desk, wave):
            done[one.text.id] = one
            calls += _calls(batch, units, one)
    count_hits(batch.connection, [one.rule_id for one in done.values()])
    return [done[one.text.id] for one in texts], calls


def _waves(texts: Sequence[ToFile]) -> list[list[ToFile]]:
    """Return the first texts of all senders, then their second ones, and so on."""
    waves: list[list[ToFile]] = []
    seen: dict[str, int] = {}
    for one in texts:
        place = seen.get(one.text.sender, 0)
        seen[one.text.sender] = place + 1
        if place == len(waves):
            waves.append([])
        waves[place].append(one)
    return waves


def _carry_out_wave(batch: FilingBatch, desk: FilingDesk, wave: Sequence[ToFile]) -> list[DoneText]:
    """Carry out texts of different senders. The tickets that they open are opened together."""
    filed = _file_wave(batch, desk, wave)
    lock_tickets(batch.connection, _named(filed))  # their texts come in any order
    carried = [carry_out(text, desk) for text in filed]
    plans = [one.planned.new for one in carried if isinstance(one, Opening)]
    opened = iter(open_tickets(batch.connection, plans, draw=batch.parts.draw, new_id=batch.new_id))
    done = []
    for item, text, one in zip(wave, filed, carried, strict=True):
        effect, rule_id = (one, None) if not isinstance(one, Opening) else _finish(one, next(opened))
        answer = answer_of(batch, item, effect)
        done.append(DoneText(text=item.text, filed=text.filed, effect=effect, answer=answer, rule_id=rule_id))
    put_asks(batch.connection, [ask for one in done if (ask := _ask(batch, one)) is not None])
    return done


def _named(filed: Sequence[FiledText]) -> set[int]:
    """Return the tickets of the senders to which their texts may do something."""
    return {row.id for text in filed for row in text.rows.tickets if row.number == text.filed.ticket}


def _finish(opening: Opening, opened: Opened) -> tuple[Effect, int | None]:
    """Return what came of a text that opens a ticket, and the rule that fitted if it is new."""
    return opening.finish(opened), opening.planned.new.rule_id if opened.is_new else None


def _file_wave(batch: FilingBatch, desk: FilingDesk, wave: Sequence[ToFile]) -> list[FiledText]:
    """File texts of different senders; what all of them have open is read by one query."""
    rows = read_situations(
        batch.connection,
        {one.text.sender for one in wave},
        numbers=numbers_in(one.text.body for one in wave),
        today_since=desk.today_since,
        now=batch.now,
    )
    facts: dict[Facts, ServiceFacts] = {}
    ending = {one.text.sender for one in wave if isinstance(one.reading, WithdrawTicket)}
    followers = subscribed(batch.connection, ending)
    return [
        _file_one(batch, desk, one, rows.get(one.text.sender, NOTHING), facts, is_told=one.text.sender in followers)
        for one in wave
    ]


def _file_one(
    batch: FilingBatch,
    desk: FilingDesk,
    item: ToFile,
    known: SenderRows,
    facts: dict[Facts, ServiceFacts],
    *,
    is_told: bool,
) -> FiledText:
    """Decide what is done with a text, by what its sender has open; `facts` are those that texts before it needed."""
    parts, text, reading = batch.parts, item.text, item.reading
    body = text.body.replace(GAP, GAP_SHOWN)
    at = _written_at(text, batch.now)
    duty_phones = desk.units.duty_phones if parts.urgent else ()
    situation = situation_of(
        known,
        text.sender,
        text.recipient,
        inbound_id=text.id,
        at=at,
        duty_phones=duty_phones,
        vocabulary=batch.vocabulary,
        is_subscribed=is_told,
    )
    filed = file(
        reading, body, situation, vocabulary=batch.vocabulary, short_codes=batch.short_codes, policy=desk.policy
    )
    language = reading.language if isinstance(reading, ChooseLanguage) else known.language
    asked = text.link, text.recipient, language
    if asked not in facts:
        facts[asked] = batch.parts.facts_for(*asked)
    return FiledText(
        inbound_id=text.id,
        sender=text.sender,
        short_code=text.recipient,
        link=text.link,
        body=body,
        at=at,
        reading=reading,
        filed=filed,
        rows=known,
        situation=situation,
        service=facts[asked],
        language=language or parts.language,
    )


def _ask(batch: FilingBatch, done: DoneText) -> NewAsk | None:
    """Return the question in an answer, which is asked only where the answer goes out."""
    if done.effect is None or done.answer is None or done.effect.question is None:
        return None
    question = done.effect.question
    return NewAsk(
        sender=done.text.sender,
        short_code=done.text.recipient,
        kind=question.kind,
        subject_id=question.subject_id,
        outbound_id=done.answer.id,
        made_at=batch.now,
        until=question.until,
        choices=question.choices,
    )


def _calls(batch: FilingBatch, units: Units, done: DoneText) -> list[NewOutbound]:
    """Return the text to the first person on duty, where a ticket calls for one."""
    wanted = None if done.effect is None else done.effect.call
    people = [] if wanted is None else people_on_duty(units, wanted.unit_id, batch.now)
    if wanted is None or not people:
        return []
    ticket = UrgentTicket(number=wanted.number, unit_id=wanted.unit_id, words=wanted.words, ward=wanted.ward)
    sms = call(ticket, people[0], batch.parts, batch.replies, now=batch.now)
    return [] if sms is None else [sms]


def _written_at(text: WaitingText, now: datetime) -> datetime:
    """Return when a text counts as written: when it came, unless it had to wait for long."""
    return text.received_at if now - _LATE < text.received_at <= now else now


def _midnight(now: datetime) -> datetime:
    return now.astimezone(LOCAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
