"""A pipeline without threads for experiments with guards: texts go in at a time that is told, and fates come out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import func, select

from db.citizens.dossiers import DossierFacts, import_dossiers
from db.messages import outbox_insert
from db.schema import DossierStatus, event, inbound
from db.store.engine import Database, open_database
from db.store.ids import IdSource
from db.store.sealing import Keyring, new_key
from db.upkeep.revision import upgrade
from handlers.context import ServiceFacts
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.dispatch.handling import DispatchContext, dispatch, read_text
from sms_gateway.pipeline.intake.storage import store_texts
from sms_gateway.pipeline.ports import InboundText
from sms_gateway.pipeline.traits import ChannelTraits, TraitsByChannel

START = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
LEASE = timedelta(seconds=15)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fate:
    """What became of a text."""

    state: str
    answer: str | None


@dataclass(slots=True)
class Rig:
    """A database and a clock that moves by `pass_` alone."""

    database: Database
    now: datetime = START
    metrics: Metrics = field(default_factory=Metrics)
    ids: IdSource = field(init=False)
    numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.ids = IdSource(node=1, now=lambda: self.now)

    def pass_(self, *, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def texts(self, texts: Sequence[tuple[str, str]]) -> list[Fate]:
        """Store and dispatch texts (sender, body) together; return what became of each."""
        desk = DispatchContext(
            service=ServiceFacts(),
            traits=TraitsByChannel(others=ChannelTraits(validity=timedelta(minutes=15))),
            max_attempts=5,
            new_id=self.ids.new,
            metrics=self.metrics,
        )
        arrived = [self.arrived(sender, body) for sender, body in texts]
        with self.database.write() as connection:
            stored = store_texts(connection, arrived, new_id=self.ids.new, lease_until=self.now + LEASE)
            read = [read_text(one.waiting, {"8188"}) for one in stored if one.waiting is not None]
            answers = dispatch(connection, read, desk, now=self.now)
            outbox_insert.add(connection, answers)
            asked = select(inbound.c.id, inbound.c.state).where(inbound.c.id.in_([one.inbound_id for one in stored]))
            states = {row.id: row.state.value for row in connection.execute(asked)}
        bodies = {answer.inbound_id: answer.body for answer in answers}
        return [Fate(state=states[one.inbound_id], answer=bodies.get(one.inbound_id)) for one in stored]

    def dossiers(self, codes: Iterable[str]) -> None:
        """Bring dossiers in."""
        facts = [DossierFacts(code=code, status=DossierStatus.IN_PROGRESS) for code in codes]
        with self.database.write() as connection:
            import_dossiers(connection, facts, new_id=self.ids.new, now=self.now)

    def count_events(self, kind: str) -> int:
        """Count events of a kind."""
        with self.database.read() as connection:
            return connection.execute(select(func.count()).where(event.c.kind == kind)).scalar_one()

    def arrived(self, sender: str, body: str) -> InboundText:
        """Return a text as a link brings it, with a message id of its own."""
        return InboundText(
            link="main",
            session=1,
            provider_id=str(next(self.numbers)),
            sender=sender,
            recipient="8188",
            body=body,
            octets=body.encode(),
            data_coding=0,
            received_at=self.now,
        )


@contextmanager
def opened_rig(directory: Path, keyring: Keyring | None = None) -> Iterator[Rig]:
    """Open a new SQLite database in this directory."""
    keys = keyring or Keyring(keys={1: new_key()}, mark_key=new_key())
    database = open_database(f"sqlite:///{directory / 'rig.db'}", keys)
    try:
        upgrade(database)
        yield Rig(database=database)
    finally:
        database.close()
