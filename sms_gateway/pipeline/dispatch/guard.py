"""The guard: decides before each text is handled whether it is answered. One value a text, one query a batch.

It judges behaviour: how many answers a number had in an hour and a day, and how fast and how evenly it replies to our
answers (sms_gateway.pipeline.dispatch.auto_responders). The words of a text count only when the carrier sends our own
words back (sms_gateway.pipeline.dispatch.carrier_loop). Answers are counted, so a text without an answer costs its
sender nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db.citizens import block_list
from db.citizens.block_list import LOOP_BREAKER, Block
from db.limits import sender_limits
from db.limits.sender_limits import FRESH, Answered, Asked, Known, Standing
from db.messages import events
from db.messages.inbox import WaitingText
from db.store.address import Address, as_msisdn
from db.store.ids import first_id_at
from handlers.answer import Outcome
from handlers.commands import HANDLERS
from handlers.context import Registration
from handlers.handler import IN_HAND, AnyHandler, Handlers
from parsers.commands import Command
from parsers.misread import Misread
from sms_gateway.log import event, logger_of
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.dispatch.alarms import raise_alarm
from sms_gateway.pipeline.dispatch.answer_limit import AllAnswers
from sms_gateway.pipeline.dispatch.auto_responders import HOUR, ReplyPace, pace_of, pace_with_agent
from sms_gateway.pipeline.dispatch.carrier_loop import is_loop, may_be_loop
from sms_gateway.pipeline.dispatch.guessing import ACCOUNT_DAYS, LEAVE, Guesses, GuessLimits, Request, request_of
from sms_gateway.pipeline.dispatch.receipt_texts import is_receipt_text
from sms_gateway.pipeline.dispatch.rest_notices import deserves_notice
from sms_gateway.pipeline.dispatch.rulings import KeepSilent, Notice, Refuse, Ruling, Silence
from sms_gateway.pipeline.dispatch.switched_off import Closed, Switches
from sms_gateway.pipeline.ports import WORDLESS

DAY = timedelta(days=1)

LONGEST_REST = timedelta(days=1)
"""The longest block of a number that goes on like a machine; each block is four times as long as the one before."""

_LONGER = 4
_LOG = logger_of(__name__)


_SENT_BACK = frozenset({Silence.RECEIPT, Silence.ECHO})
"""Reasons that the carrier causes: nobody is blocked, and operators are alerted."""

_SHUT_OUT = frozenset({Silence.BLOCKED, Silence.OWN_NUMBER, Silence.COUNTRY})
"""Reasons that depend on the number alone, with any text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much is answered (section [limits] of the settings)."""

    per_hour: int = 20
    per_day: int = 60
    in_a_row: int = 5  # answers to a machine before it is blocked
    machine_rest: timedelta = timedelta(hours=1)  # how long a machine is blocked at first
    own_numbers: frozenset[str] = frozenset()
    countries: tuple[str, ...] = ("84",)  # how the numbers that are answered begin
    answers_an_hour: int = 36_000  # to all numbers together; 0: any number
    guesses: GuessLimits = field(default_factory=GuessLimits)


def judge(
    connection: Connection,
    texts: Sequence[tuple[WaitingText, Command | Misread]],
    found: Mapping[str, object],
    given: Limits,
    *,
    all_answers: AllAnswers,
    metrics: Metrics,
    new_id: Callable[[], int],
    now: datetime,
    handlers: Handlers = HANDLERS,
    switches: Switches | None = None,
) -> Mapping[int, Ruling]:
    """Decide on each text, by its id, in their order; `found` holds the look-alike keys that have a dossier.

    `switches` are there when an operator switched services off.

    Writes what it must remember (attempts, a block, an alarm) with the connection, so a rollback undoes it. Two
    processes that judge texts of one number at the same moment may each let one more pass: a limit is no lock.
    """
    requests = [request_of(connection, text, handlers.guessable(command)) for text, command in texts]
    known = _read_known(connection, requests, given, now=now)
    guesses = Guesses(known, found, given.guesses, new_id=new_id, now=now)
    all_answers.read(connection, given.answers_an_hour, now=now)
    is_any_twice = len({one.sender for one in requests}) < len(requests)
    rulings: dict[int, Ruling] = {}
    sent_back: list[int] = []
    told_tables: set[tuple[bytes, str]] = set()  # in this batch
    for (text, command), request in zip(texts, requests, strict=True):
        standing = known.standings.get(request.sender, FRESH)
        handler = handlers.find(command)
        ruling = _rule_out_loop(connection, text, standing, given, handlers)
        if handler is not None and not handler.is_answered and not _is_shut_out(ruling):
            rulings[text.id] = LEAVE  # it gets no answer, so it uses up nothing and shows nothing of a machine
            continue
        is_machine = isinstance(ruling, KeepSilent) and ruling.is_machine
        if is_machine:
            rest = min(max(given.machine_rest, standing.rested * _LONGER), LONGEST_REST)
            _leave_alone(connection, text, rest, new_id=new_id, now=now)
            guesses.note_machine(request)
            metrics.alarm(events.EventKind.LOOP_BROKEN.value)
            known.standings[request.sender] = Standing(answered=standing.answered, is_blocked=True)
        if (is_machine or _is_at_rest(ruling, standing)) and deserves_notice(handler, standing, at=text.received_at):
            ruling = Notice(outcome=Outcome.REST_TOLD)
        closed = None if switches is None else switches.closed(command)
        instead = (
            None
            if closed is None
            else _refuse(connection, closed, text, standing, sender=request.sender, told_tables=told_tables)
        )
        ruling = ruling or instead or _ask_for_sms(handler, text) or _ask_for_words(text, standing)
        ruling = _within_the_hour(ruling, text, given, all_answers)
        if isinstance(ruling, KeepSilent):
            if ruling.reason in _SENT_BACK:
                sent_back.append(text.id)
            metrics.silenced(ruling.reason.value)
        elif is_any_twice:
            standing = known.standings.get(request.sender, standing)
            known.standings[request.sender] = _answered(standing, text, command, ruling, now)
        rulings[text.id] = guesses.judge(request) if ruling is None else _ruled(ruling, instead)
    due = dict(all_answers.alarms(now=now))
    if sent_back:
        due[events.EventKind.CARRIER_LOOP] = sent_back[0]
    for alarm in (*guesses.write(connection, now=now), *_raise(connection, due, given, new_id=new_id, now=now)):
        metrics.alarm(alarm.value)
    return rulings


def _raise(
    connection: Connection,
    due: Mapping[events.EventKind, int],
    given: Limits,
    *,
    new_id: Callable[[], int],
    now: datetime,
) -> Sequence[events.EventKind]:
    """Raise alarms, each with the text that is given; return those that are new."""
    limit_of = dict.fromkeys((events.EventKind.MANY_ANSWERS, events.EventKind.ANSWERS_CLOSED), given.answers_an_hour)
    return [
        kind
        for kind, text_id in due.items()
        if raise_alarm(connection, kind, text_id, new_id=new_id, now=now, limit=limit_of.get(kind))
    ]


def _within_the_hour(
    ruling: Notice | KeepSilent | None, text: WaitingText, given: Limits, all_answers: AllAnswers
) -> Notice | KeepSilent | None:
    """Count a text that would be answered among the answers to everybody, or silence it."""
    if isinstance(ruling, KeepSilent) or all_answers.take(text.id, given.answers_an_hour):
        return ruling
    return KeepSilent(reason=Silence.ALL_ANSWERS)


def _rule_out_loop(
    connection: Connection, text: WaitingText, standing: Standing, given: Limits, handlers: Handlers
) -> Notice | KeepSilent | None:
    """Rule as `rule` does, but never against a citizen for what the carrier sends back."""
    if is_receipt_text(text.body):
        return KeepSilent(reason=Silence.RECEIPT)
    ruling = rule(standing, sender=text.sender, at=text.received_at, given=given, handlers=handlers)
    is_machine = isinstance(ruling, KeepSilent) and ruling.is_machine
    is_answered = not isinstance(ruling, KeepSilent) and may_be_loop(text, standing)
    if (is_machine or is_answered) and is_loop(connection, text, at_once=is_machine):
        return KeepSilent(reason=Silence.ECHO)
    return ruling


def _ask_for_sms(handler: AnyHandler | None, text: WaitingText) -> Notice | None:
    """Return the notice for a command that needs a telephone number, from an address that is none."""
    lacks_phone = handler is not None and handler.lacks_phone(text.sender)
    return Notice(outcome=Outcome.PHONE_NEEDED) if lacks_phone else None


def _ask_for_words(text: WaitingText, standing: Standing) -> Notice | KeepSilent | None:
    """Return the notice for a message without words, once an hour: many people thank with a sticker."""
    if text.body.strip() != WORDLESS:
        return None
    told = _was_told(standing.answered, Outcome.WORDS_NEEDED, since=text.received_at - HOUR)
    return KeepSilent(reason=Silence.WORDLESS) if told else Notice(outcome=Outcome.WORDS_NEEDED)


def _refuse(
    connection: Connection,
    closed: Closed,
    text: WaitingText,
    standing: Standing,
    *,
    sender: bytes,
    told_tables: set[tuple[bytes, str]],
) -> Notice | KeepSilent:
    """Return the sentence of a service that is off, once an hour; `told_tables` are those of this batch."""
    since = text.received_at - HOUR
    told = _was_told(standing.answered, closed.outcome, since=since)
    if told and closed.is_table:  # of another table, perhaps
        named = closed.outcome.value
        told = (sender, closed.switch) in told_tables or sender_limits.was_answered(
            connection, sender, reading=closed.switch, outcome=named, since=since
        )
    if closed.is_table:
        told_tables.add((sender, closed.switch))
    return KeepSilent(reason=Silence.SWITCHED_OFF) if told else Notice(outcome=closed.outcome, closed=closed)


def _ruled(ruling: Notice | KeepSilent, instead: Notice | KeepSilent | None) -> Ruling:
    """Return the ruling on a text that is not carried out; one to a service that is off may still be filed."""
    return Refuse(instead=ruling) if ruling is instead else ruling


def _is_at_rest(ruling: Notice | KeepSilent | None, standing: Standing) -> bool:
    """Return whether a number is silenced because it is blocked as a machine's, and not by an operator."""
    return ruling == KeepSilent(reason=Silence.BLOCKED) and standing.rested > timedelta(0)


def _is_shut_out(ruling: Notice | KeepSilent | None) -> bool:
    return isinstance(ruling, KeepSilent) and ruling.reason in _SHUT_OUT


def is_let_through(
    connection: Connection,
    text: WaitingText,
    command: Command,
    given: Limits,
    *,
    now: datetime,
    handlers: Handlers = HANDLERS,
    switches: Switches | None = None,
) -> bool:
    """Return what `judge` would decide of a single command, and write nothing: whether it is worth its preparation."""
    is_closed = switches is not None and switches.closed(command) is not None
    if is_closed or _ask_for_sms(handlers.find(command), text) is not None:
        return False
    request = request_of(connection, text, handlers.guessable(command))
    known = _read_known(connection, [request], given, now=now)
    standing = known.standings.get(request.sender, FRESH)
    if rule(standing, sender=text.sender, at=text.received_at, given=given, handlers=handlers) is not None:
        return False
    return Guesses(known, (), given.guesses, new_id=int, now=now).judge(request).registration is Registration.OPEN


def _read_known(connection: Connection, requests: Sequence[Request], given: Limits, *, now: datetime) -> Known:
    guessed = [one for one in requests if one.is_guess]
    asked = Asked(
        senders={one.sender for one in requests},
        guessers={one.sender for one in guessed},
        people={one.person for one in guessed if one.person is not None},
        areas={code.area for one in guessed for code in one.codes},
        days=ACCOUNT_DAYS.span(first_id_at(now)),
        since_id=first_id_at(now - DAY),
        lately_id=first_id_at(now - HOUR),
        most=given.guesses.overall_misses,
        now=now,
    )
    return sender_limits.read_known(connection, asked)


def rule(
    standing: Standing, *, sender: Address, at: datetime, given: Limits, handlers: Handlers = HANDLERS
) -> Notice | KeepSilent | None:
    """Decide on a text that came at `at`, from its number's earlier texts; None lets it pass. Pure."""
    if standing.is_blocked:
        return KeepSilent(reason=Silence.BLOCKED)
    if sender in given.own_numbers:
        return KeepSilent(reason=Silence.OWN_NUMBER)
    if not sender.startswith(given.countries) and as_msisdn(sender) is not None:
        return KeepSilent(reason=Silence.COUNTRY)
    before = [one for one in standing.answered if one.outcome not in handlers.unanswered]
    if not before:
        return None
    among_machines = [one for one in before if one.outcome not in handlers.between_people]
    pace = pace_of(among_machines, at, given.in_a_row, handlers)
    if pace is ReplyPace.HUMAN and len(among_machines) < len(before):
        pace = pace_with_agent(before, at, given.in_a_row, handlers)
    if pace is not ReplyPace.HUMAN:
        return KeepSilent(reason=Silence.LOOP, is_machine=pace is ReplyPace.MACHINE)
    day = _count(before, since=at - DAY)
    if day >= given.per_day:
        told = _was_told(before, Outcome.DAY_LIMIT_TOLD, since=at - DAY)
        return KeepSilent(reason=Silence.DAY_LIMIT) if told else Notice(outcome=Outcome.DAY_LIMIT_TOLD)
    if _count(before, since=at - HOUR) >= given.per_hour:
        told = _was_told(before, Outcome.HOUR_LIMIT_TOLD, since=at - HOUR)
        return KeepSilent(reason=Silence.HOUR_LIMIT) if told else Notice(outcome=Outcome.HOUR_LIMIT_TOLD)
    return None


def _count(before: Sequence[Answered], *, since: datetime) -> int:
    return sum(one.received_at > since for one in before)


def _was_told(before: Sequence[Answered], notice: Outcome, *, since: datetime) -> bool:
    return any(one.outcome == notice.value and one.received_at > since for one in before)


def _answered(
    standing: Standing, text: WaitingText, command: Command | Misread, ruling: Notice | None, now: datetime
) -> Standing:
    """Return the count after this text, by which the next text of the same batch is decided."""
    outcome = IN_HAND if not isinstance(command, Misread) else Outcome.CORRECTED.value
    if ruling is not None:
        outcome = ruling.outcome.value
    this = Answered(received_at=text.received_at, handled_at=now, outcome=outcome)
    return replace(standing, answered=(*standing.answered, this))


def _leave_alone(
    connection: Connection, text: WaitingText, rest: timedelta, *, new_id: Callable[[], int], now: datetime
) -> None:
    entry = Block(number=text.sender, reason="loop", made_by=LOOP_BREAKER, since=now, until=now + rest)
    block_list.put_on_list(connection, entry)
    happened = events.NewEvent(id=new_id(), at=now, kind=events.EventKind.LOOP_BROKEN, inbound_id=text.id)
    events.add(connection, [happened])
    event(_LOG, "loop_broken", level="warning", inbound=text.id)
