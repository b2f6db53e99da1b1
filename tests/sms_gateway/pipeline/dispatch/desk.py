"""A pipeline without threads: texts are stored and dispatched at a given time, and what became of them is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import Connection, select

from db.citizens.dossiers import DossierFacts, import_dossiers
from db.messages import outbox_insert
from db.schema import DossierStatus, event, inbound, outbound
from db.store.engine import Database
from db.store.ids import IdSource
from handlers.commands import HANDLERS
from handlers.context import FirstPassword, ServiceFacts
from handlers.handler import Handlers
from parsers.commands import RegisterAccount
from parsers.grammar import Vocabulary
from parsers.vocabulary import VOCABULARY
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.conversation import ConversationParts
from sms_gateway.pipeline.dispatch.answer_limit import AllAnswers
from sms_gateway.pipeline.dispatch.guard import Limits
from sms_gateway.pipeline.dispatch.handling import DispatchContext, dispatch, read_text
from sms_gateway.pipeline.intake.storage import Stored, store_texts
from sms_gateway.pipeline.ports import InboundText, Verdict
from sms_gateway.pipeline.traits import ChannelTraits, TraitsByChannel

NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
LEASE = timedelta(seconds=15)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fate:
    """What became of one text."""

    state: str
    outcome: str | None
    answer: str | None


REPEATED = Fate(state="repeated", outcome=None, answer=None)
"""Of a text that came before: it gets no answer of its own."""


@dataclass(slots=True)
class Counterdesk:
    """Takes texts in and answers them; `now` moves by `pass_` alone."""

    database: Database
    limits: Limits = field(default_factory=Limits)
    service: ServiceFacts = field(default_factory=ServiceFacts)
    now: datetime = NOON
    metrics: Metrics = field(default_factory=Metrics)
    all_answers: AllAnswers | None = None  # None: a new one for each batch, as of another process
    node: int = 1
    crash: type[Exception] | None = None  # ends each transaction of dispatch, so that it is rolled back
    conversation: ConversationParts | None = None
    handlers: Handlers = HANDLERS
    vocabulary: Vocabulary = VOCABULARY
    off: dict[str, str] = field(default_factory=dict)  # services that an operator switched off
    _new: Callable[[], int] | None = None
    _provider_ids: Iterator[int] = field(default_factory=count)

    def new_id(self) -> int:
        if self._new is None:
            self._new = IdSource(node=self.node, now=lambda: self.now).new
        return self._new()

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)

    def text(self, sender: str, body: str) -> Fate:
        """Bring one text and return what became of it."""
        return self.batch([(sender, body)])[0]

    def batch(self, texts: Sequence[tuple[str, str]]) -> list[Fate]:
        """Bring texts that are dispatched together."""
        return self.dispatch(self.store(texts))

    def store(self, texts: Sequence[tuple[str, str]]) -> list[Stored]:
        """Bring texts that wait for `dispatch`."""
        arrived = [self._arrived(sender, body) for sender, body in texts]
        with self.database.write() as connection:
            return store_texts(connection, arrived, new_id=self.new_id, lease_until=self.now + LEASE)

    def dispatch(self, stored: Sequence[Stored]) -> list[Fate]:
        """Carry texts out together and return what became of each."""
        desk = DispatchContext(
            service=self.service,
            traits=TraitsByChannel(others=ChannelTraits(validity=timedelta(minutes=15))),
            max_attempts=5,
            new_id=self.new_id,
            limits=self.limits,
            metrics=self.metrics,
            all_answers=self.all_answers or AllAnswers(),
            conversation=self.conversation,
            handlers=self.handlers,
            vocabulary=self.vocabulary,
            short_codes=frozenset({"8188"}),
            switched_off=lambda: self.off,
        )
        asks = self.service.asks_secret
        waiting = [one.waiting for one in stored if one.waiting is not None]
        read = [read_text(one, {"8188"}, with_secrets=asks, vocabulary=self.vocabulary) for one in waiting]
        first = FirstPassword(clear="abcdefgh23", hashed="$argon2id$made-up")
        ready = [
            replace(one, first_password=first) if isinstance(one.command, RegisterAccount) else one for one in read
        ]
        with self.database.write() as connection:
            outbox_insert.add(connection, dispatch(connection, ready, desk, now=self.now))
            if self.crash is not None:
                raise self.crash
            return [
                REPEATED if one.verdict is Verdict.DUPLICATE else self._fate(connection, one.inbound_id)
                for one in stored
            ]

    @contextmanager
    def crashing(self, error: type[Exception]) -> Iterator[None]:
        """Let every dispatch end in this error after it wrote everything."""
        self.crash = error
        try:
            yield
        finally:
            self.crash = None

    def dossiers(self, codes: Iterable[str], *, identity: str | None = None, password: str | None = None) -> None:
        status = DossierStatus.IN_PROGRESS
        facts = [DossierFacts(code=code, status=status, identity=identity, password=password) for code in codes]
        with self.database.write() as connection:
            import_dossiers(connection, facts, new_id=self.new_id, now=self.now)

    def events(self, kind: str) -> int:
        with self.database.read() as connection:
            return len(connection.execute(select(event.c.id).where(event.c.kind == kind)).all())

    def _arrived(self, sender: str, body: str) -> InboundText:
        return InboundText(
            link="main",
            session=1,
            provider_id=str(next(self._provider_ids)),
            sender=sender,
            recipient="8188",
            body=body,
            octets=body.encode(),
            data_coding=0,
            received_at=self.now,
            wire=body.encode(),
        )

    def _fate(self, connection: Connection, inbound_id: int) -> Fate:
        row = connection.execute(select(inbound.c.state, inbound.c.outcome).where(inbound.c.id == inbound_id)).one()
        body = connection.execute(
            select(outbound.c.body).where(outbound.c.inbound_id == inbound_id)
        ).scalar_one_or_none()
        return Fate(state=row.state.value, outcome=row.outcome, answer=body)
