"""T2, dispatch: stored texts are read, carried out and answered; effect, answer and "handled" are one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import Connection

import parsers
from db.citizens.dossiers import Dossier
from db.messages import inbox
from db.messages.inbox import Handled, WaitingText
from db.messages.outbox import NewOutbound
from db.processes.webhook_dossiers import note_asked
from db.schema import DossierStatus, InboundState
from db.store.ids import IDS_A_DAY
from db.store.record import record
from handlers import HANDLERS, handle, tell_limit, tell_switched_off
from handlers.answer import Answer
from handlers.context import Context, FirstPassword, ServiceFacts
from handlers.conversation.answers.asks import with_question_hint
from handlers.handler import Handlers, Rows
from parsers.commands import Command
from parsers.commands.conversation import Remark
from parsers.grammar import Vocabulary
from parsers.misread import Misread
from parsers.vocabulary import VOCABULARY
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline import replies
from sms_gateway.pipeline.conversation import ConversationParts, without_people
from sms_gateway.pipeline.dispatch import guard
from sms_gateway.pipeline.dispatch.answer_limit import AllAnswers
from sms_gateway.pipeline.dispatch.filing import Unfiled, file_texts, is_filed, unfiled_of
from sms_gateway.pipeline.dispatch.filing.batch import DoneText, FilingBatch, ToFile
from sms_gateway.pipeline.dispatch.filing.shut import is_shut_help
from sms_gateway.pipeline.dispatch.guard import Limits
from sms_gateway.pipeline.dispatch.guessing import LEAVE, Leave
from sms_gateway.pipeline.dispatch.rulings import KeepSilent, Notice, Refuse, Ruling, lets_file
from sms_gateway.pipeline.dispatch.switched_off import Closed, Switches, without_services
from sms_gateway.pipeline.replies import Replies
from sms_gateway.pipeline.traits import TraitsByChannel
from sms_gateway.settings.switches import Off, nothing_off

Found = Mapping[str, Sequence[Dossier]]
"""Dossiers by look-alike key; where a look-up needs a secret, by the key that its handler gives."""


@record
class ReadText:
    """A text and its reading; the first password is there once the command was prepared.

    `was_refused`: when it was to be prepared, it could not have opened an account.
    """

    text: WaitingText
    command: Command | Misread
    first_password: FirstPassword | None = None
    was_refused: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class DispatchContext:
    """The dispatch context: what dispatch needs besides the texts."""

    service: ServiceFacts
    traits: TraitsByChannel
    max_attempts: int
    new_id: Callable[[], int]
    limits: Limits = field(default_factory=Limits)
    metrics: Metrics = field(default_factory=Metrics)
    all_answers: AllAnswers = field(default_factory=AllAnswers)
    short_codes: frozenset[str] = frozenset()  # numbers that citizens text to, besides that of the service facts
    handlers: Handlers = HANDLERS
    vocabulary: Vocabulary = VOCABULARY
    live_vocabulary: Callable[[], Vocabulary] | None = None  # with own tables; None: there are none
    conversation: ConversationParts | None = None  # None: it is off
    switched_off: Callable[[], Off] = nothing_off  # what operators switched off for now
    unfiled: Unfiled = field(init=False, repr=False)  # the keywords behind which nothing is filed
    facts: Mapping[str, ServiceFacts] = field(init=False, repr=False)  # by channel, made once for all texts

    def __post_init__(self) -> None:
        """Make the facts of each channel."""
        facts = {name: traits.facts(self.service) for name, traits in self.traits.by_name.items()}
        object.__setattr__(self, "facts", facts)
        object.__setattr__(self, "unfiled", unfiled_of(self.vocabulary))

    def words(self) -> Vocabulary:
        """Return the vocabulary of now."""
        return self.vocabulary if self.live_vocabulary is None else self.live_vocabulary()

    def facts_for(self, text: WaitingText) -> ServiceFacts:
        """Return the facts of the service for the answer to this text.

        They are those of the channel that sends the answer, with the number that the text was sent to.
        """
        service = self.facts.get(text.link, self.service)
        if text.recipient == service.short_code or text.recipient not in self.short_codes:
            return service
        return replace(service, short_code=text.recipient)

    def switches(self) -> Switches | None:
        """Return the services that are off now; None when all are on."""
        off = self.switched_off()
        return Switches(off=off, handlers=self.handlers, keywords=self.service.keywords) if off else None

    def of_now(self, switches: Switches | None) -> DispatchContext:
        """Return the context as answers need it now: they name no keyword of what is off or not filed."""
        service = self.service
        if self.conversation is not None and not self.conversation.is_open:
            service = without_people(service, self.vocabulary)
        if switches is not None:
            service = without_services(service, switches.off)
        return self if service is self.service else replace(self, service=service)

    @property
    def replies(self) -> Replies:
        """What writes the answers."""
        return Replies(new_id=self.new_id, traits=self.traits)


def read_text(
    text: WaitingText,
    short_codes: Collection[str],
    *,
    with_secrets: bool = False,
    vocabulary: Vocabulary = VOCABULARY,
) -> ReadText:
    """Read a text on the day it came, in the time zone of Viet Nam."""
    today = _day_there(text.received_at)
    command = parsers.read(
        text.body, today=today, short_codes=short_codes, with_secrets=with_secrets, vocabulary=vocabulary
    )
    return ReadText(text=text, command=command)


@lru_cache(maxsize=16)  # the texts of one batch came at one moment
def _day_there(moment: datetime) -> date:
    return moment.astimezone(LOCAL_ZONE).date()


def name_reading(command: Command | Misread) -> str:
    """Name a reading for logs and filters; free of personal data.

    >>> from parsers.commands import ShowHelp
    >>> from parsers.misread import MisreadKind
    >>> name_reading(ShowHelp()), name_reading(Misread(kind=MisreadKind.EMPTY))
    ('help', 'misread:empty')
    """
    return f"misread:{command.kind.value}" if isinstance(command, Misread) else command.name


def dispatch(
    connection: Connection, texts: Sequence[ReadText], desk: DispatchContext, *, now: datetime
) -> list[NewOutbound]:
    """Carry out texts and return their answers, for the caller to store in the same transaction.

    Those that the guard silences get none. Safe to repeat after a rollback; texts that another process took over are
    left.
    """
    if not texts:
        return []
    by_claim = {(item.text.id, item.text.lease_until): item for item in texts}
    held = inbox.still_held(connection, [item.text for item in texts])
    ours = [by_claim[text.id, text.lease_until] for text in held]
    answers, handled = handle_texts(connection, ours, desk, now=now)
    inbox.finish(connection, handled, at=now)
    return answers


def handle_texts(
    connection: Connection, ours: Sequence[ReadText], desk: DispatchContext, *, now: datetime
) -> tuple[list[NewOutbound], list[Handled]]:
    """Carry out texts of this process; return their answers and the end of each, for the caller to store."""
    if not ours:
        return [], []
    meant, found, rows = desk.handlers.prefetch(connection, [item.command for item in ours], desk.service)
    ours = [_as_meant(item, command) for item, command in zip(ours, meant, strict=True)]
    judged = [(item.text, item.command) for item in ours]
    switches = desk.switches()
    rulings = guard.judge(
        connection,
        judged,
        {**found, **rows} if rows else found,
        desk.limits,
        all_answers=desk.all_answers,
        metrics=desk.metrics,
        new_id=desk.new_id,
        now=now,
        handlers=desk.handlers,
        switches=switches,
    )
    filed, answers = _file(connection, ours, rulings, desk, now)
    desk = desk.of_now(switches)
    handled: list[Handled] = []
    asked: list[tuple[str, DossierStatus]] = []
    for item in ours:
        ruling, done = rulings[item.text.id], filed.get(item.text.id)
        if isinstance(ruling, Refuse):
            ruling = ruling.instead if done is None or done.effect is None else LEAVE
        if isinstance(ruling, KeepSilent):
            handled.append(_handled(item, InboundState.SILENCED, ruling.reason.value, done=done))
            continue
        if done is not None and done.effect is not None and not isinstance(ruling, Notice):
            answers += [done.answer] if done.answer is not None else []
            handled.append(_handled(item, InboundState.HANDLED, done.effect.outcome, done=done))
            continue
        if isinstance(ruling, Notice):
            answer = _tell(ruling, desk.facts_for(item.text))
        else:
            answer = _with_hint(_carry_out(connection, item, found, rows, ruling, desk=desk, now=now), item, desk)
        asked += answer.told
        if answer.text:
            answers.append(compose(item.text, answer, desk.replies, now))
        told = ruling.told if isinstance(ruling, Leave) else None
        closed = ruling.closed if isinstance(ruling, Notice) else None
        handled.append(_handled(item, InboundState.HANDLED, str(answer.outcome), told, done=done, closed=closed))
    if asked:
        note_asked(connection, asked, at=now, new_id=desk.new_id)
    return replies.give_references(connection, answers, now=now), handled


def _tell(notice: Notice, service: ServiceFacts) -> Answer:
    if notice.closed is None:
        return tell_limit(notice.outcome, service)
    return tell_switched_off(notice.outcome, notice.closed.keyword, notice.closed.sentence, service)


def _with_hint(answer: Answer, item: ReadText, desk: DispatchContext) -> Answer:
    """Tell who wrote something else behind TK or DVC how to ask a person, while somebody takes questions."""
    if desk.conversation is None or not isinstance(item.command, Misread) or item.command.command is None:
        return answer
    return replace(answer, text=with_question_hint(answer.text, desk.facts_for(item.text)))


def _as_meant(item: ReadText, command: Command | Misread) -> ReadText:
    return item if command is item.command else replace(item, command=command)


def _carry_out(
    connection: Connection,
    item: ReadText,
    found: Found,
    rows: Rows,
    leave: Leave,
    *,
    desk: DispatchContext,
    now: datetime,
) -> Answer:
    context = Context(
        connection=connection,
        now=now,
        new_id=desk.new_id,
        ids_a_day=IDS_A_DAY,
        sender=item.text.sender,
        inbound_id=item.text.id,
        service=desk.facts_for(item.text),
        dossiers={key: alike for key, alike in found.items() if key not in leave.withheld} if leave.withheld else found,
        first_password=item.first_password,
        was_refused=item.was_refused,
        registration=leave.registration,
        is_withheld=bool(leave.withheld),
        rows={key: alike for key, alike in rows.items() if key not in leave.withheld} if leave.withheld else rows,
        link=item.text.link,
    )
    return handle(item.command, context, desk.handlers)


def _file(
    connection: Connection,
    ours: Sequence[ReadText],
    rulings: Mapping[int, Ruling],
    desk: DispatchContext,
    now: datetime,
) -> tuple[Mapping[int, DoneText], list[NewOutbound]]:
    """File the texts of the conversation; return what became of each by its id, and texts to people on duty."""
    if desk.conversation is None:
        return {}, []
    vocabulary = desk.words()
    unfiled = desk.unfiled if vocabulary is desk.vocabulary else unfiled_of(vocabulary)
    is_open = desk.conversation.is_open
    wanted = [
        ToFile(text=item.text, reading=item.command, is_answered=isinstance(ruling, Leave | Refuse))
        for item in ours
        if lets_file(ruling := rulings[item.text.id])
        and (
            is_filed(item.command, item.text.body, vocabulary, unfiled)
            or (not is_open and is_shut_help(item.command, vocabulary))
        )
    ]
    if not wanted:
        return {}, []
    batch = FilingBatch(
        connection=connection,
        parts=desk.conversation,
        vocabulary=vocabulary,
        short_codes=desk.short_codes,
        replies=desk.replies,
        new_id=desk.new_id,
        now=now,
    )
    done, calls = file_texts(batch, wanted)
    for outcome, count in Counter(one.effect.outcome for one in done if one.effect is not None).items():
        desk.metrics.filed(outcome, count)
    return {one.text.id: one for one in done}, calls


def _handled(
    item: ReadText,
    state: InboundState,
    outcome: str,
    told: bytes | None = None,
    *,
    done: DoneText | None = None,
    closed: Closed | None = None,
) -> Handled:
    """Return the end of a text; one that got the sentence of an own table that is off has the table as its reading."""
    reading = name_reading(item.command) if closed is None or not closed.is_table else closed.switch
    if done is not None and isinstance(item.command, Remark):
        reading = f"{Remark.name}:{done.filed.rule.value}"
    return Handled(id=item.text.id, state=state, reading=reading, outcome=str(outcome), told=told)


def compose(text: WaitingText, answer: Answer, writer: Replies, now: datetime) -> NewOutbound:
    """Write the answer to a text as a row."""
    return writer.compose(
        link=text.link,
        sender=text.recipient,
        recipient=text.sender,
        body=answer.text,
        now=now,
        masked=answer.masked,
        inbound_id=text.id,
    )
