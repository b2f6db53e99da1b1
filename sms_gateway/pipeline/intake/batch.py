"""The batch: takes arrived texts through T1 and reports the result to the source of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from db.messages import parts
from db.messages.events import NewEvent
from db.messages.inbox import NewInbound, WaitingText
from db.processes.wake_up import wake_others
from db.store.engine import Database
from sms_gateway.log import event, logger_of
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.intake import storage
from sms_gateway.pipeline.intake.back_pressure import BackPressure
from sms_gateway.pipeline.intake.reassembly import BATCH, OVERDUE, join_overdue, take_parts
from sms_gateway.pipeline.intake.storage import REDELIVERY_WINDOW, Looked
from sms_gateway.pipeline.intake.unacknowledged import Unacknowledged
from sms_gateway.pipeline.ports import Arrival, InboundPart, InboundText, PartReader, Source, Verdict

_TROUBLE = (OperationalError, InterfaceError, PoolTimeoutError)
_OUR_FAULT = "SQLITE_ERROR"  # a wrong statement: SQLite's driver raises the same type for it

_LOG = logger_of(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """The result of a batch: a verdict for each arrival (None: already reported), new texts, and all texts by link.

    `rows` and `happened` are what `look_at` leaves to be written.
    """

    verdicts: Sequence[Verdict | None] = ()
    waiting: Sequence[WaitingText] = ()
    texts: Counter[str] = field(default_factory=Counter)
    rows: Sequence[NewInbound] = ()
    happened: Sequence[NewEvent] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reception:
    """T1 with its sources. With a lease, new texts are held by it, to be handed to dispatch at once."""

    database: Database
    new_id: Callable[[], int]
    lease: timedelta | None  # None: another process handles what is stored here
    now: Callable[[], datetime]
    read_parts: PartReader
    metrics: Metrics
    gate: BackPressure = field(default_factory=BackPressure)
    unacknowledged: Unacknowledged = field(default_factory=Unacknowledged)

    def take_in(self, arrivals: Sequence[tuple[Arrival, InboundText | InboundPart]]) -> list[WaitingText]:
        """Store texts and parts and acknowledge them after the commit; return the texts that are new.

        Never raises because of one text or the database: a text that cannot be stored is refused for now, so the
        carrier keeps it. The other texts are stored.
        """
        if not arrivals:
            return []
        try:
            taken = [self._store([content for _, content in arrivals])]
        except Exception as error:  # noqa: BLE001 - whatever one text caused, its neighbours must not suffer
            if cannot_take(error):
                self.gate.shut()
                count = len(arrivals) + self.gate.turned_away()
                event(_LOG, "intake_refused", level="error", error=error, texts=count)
                refuse(arrivals)
                return []
            event(_LOG, "intake_one_by_one", level="warning", error=error, texts=len(arrivals))
            taken = [self._store_alone(arrival, content) for arrival, content in arrivals]
        self._acknowledge(arrivals, [verdict for each in taken for verdict in each.verdicts])
        return self._count(taken)

    def join_overdue(self) -> list[WaitingText]:
        """Read long texts whose missing parts are overdue; return those that are new.

        Raises when the database cannot take anything. A text that cannot be joined is set aside, and its parts end with
        those that were joined.
        """
        now = self.now()
        with self.database.read() as connection:
            overdue = parts.find_overdue(connection, before=now - OVERDUE, limit=BATCH)
        if not overdue:
            return []
        try:
            taken = [self._join(overdue)]
        except Exception as error:
            if cannot_take(error):
                raise
            event(_LOG, "joining_one_by_one", level="warning", error=error, texts=len(overdue))
            taken = [self._join_alone(mark) for mark in overdue]
        return self._count(taken)

    def look_at(self, connection: Connection, contents: Sequence[InboundText | InboundPart]) -> Taken:
        """Store parts and look at texts, whose rows are still to be written in the same transaction."""
        arrived = [content for content in contents if isinstance(content, InboundPart)]
        joined = take_parts(connection, arrived, read=self.read_parts, new_id=self.new_id, now=self.now())
        texts = [content for content in contents if isinstance(content, InboundText)]
        looked = self._look_at(connection, [*texts, *joined.texts])
        of_texts, of_parts = iter(looked.stored), iter(joined.verdicts)
        verdicts = [
            next(of_parts) if isinstance(content, InboundPart) else next(of_texts).verdict for content in contents
        ]
        return _taken(looked, verdicts, Counter(text.link for text in (*texts, *joined.texts)))

    def committed(self, arrivals: Sequence[tuple[Arrival, InboundText | InboundPart]], taken: Taken) -> None:
        """Acknowledge what is written and committed."""
        self.unacknowledged.told(self.now())
        self._acknowledge(arrivals, taken.verdicts)
        self._count([taken])

    def rolled_back(self) -> None:
        """Note that what was looked at is refused."""
        self.unacknowledged.refused(self.now(), REDELIVERY_WINDOW)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Open a transaction; what is written in it counts as unacknowledged until it is committed."""
        try:
            with self.database.write() as connection:
                yield connection
        except Exception:
            self.rolled_back()
            raise
        self.unacknowledged.told(self.now())

    def _store(self, contents: Sequence[InboundText | InboundPart]) -> Taken:
        with self._writing() as connection:
            taken = self.look_at(connection, contents)
            self._write(connection, taken)
        return taken

    def _look_at(self, connection: Connection, texts: Sequence[InboundText]) -> Looked:
        lease_until = None if self.lease is None else self.now() + self.lease
        return storage.look_at(
            connection, texts, new_id=self.new_id, lease_until=lease_until, unacknowledged=self.unacknowledged
        )

    def _write(self, connection: Connection, taken: Taken) -> None:
        storage.write_texts(connection, taken.rows, taken.happened)
        if taken.rows and self.lease is None:
            wake_others(connection)

    def _store_alone(self, arrival: Arrival, content: InboundText | InboundPart) -> Taken:
        try:
            return self._store([content])
        except Exception as error:  # noqa: BLE001 - see take_in; this is the text that did it
            event(_LOG, "text_refused", level="error", error=error, link=content.link, octets=len(content.octets))
            refuse([(arrival, content)])
            return Taken(verdicts=[None])

    def _join(self, marks: Sequence[bytes]) -> Taken:
        with self._writing() as connection:
            texts = join_overdue(connection, marks, read=self.read_parts, now=self.now())
            taken = _taken(self._look_at(connection, texts), (), Counter(text.link for text in texts))
            self._write(connection, taken)
        return taken

    def _join_alone(self, mark: bytes) -> Taken:
        try:
            return self._join([mark])
        except Exception as error:
            if cannot_take(error):
                raise
            event(_LOG, "joining_failed", level="error", error=error)
            with self.database.write() as connection:
                parts.set_aside(connection, mark, at=self.now())
            return Taken()

    def _acknowledge(self, arrivals: Sequence[tuple[Arrival, object]], verdicts: Sequence[Verdict | None]) -> None:
        sources: dict[Source, list[tuple[int, Verdict]]] = {}
        for (arrival, _), verdict in zip(arrivals, verdicts, strict=True):
            if verdict is not None:
                sources.setdefault(arrival.source, []).append((arrival.ticket, verdict))
        if sources:
            self.gate.stored()
        for source, told in sources.items():
            source.acknowledge(told)

    def _count(self, taken: Sequence[Taken]) -> list[WaitingText]:
        self.metrics.batch("intake", sum(each.texts.total() for each in taken))
        for each in taken:
            for link, count in each.texts.items():
                self.metrics.text_stored(link, count)
        return [text for each in taken for text in each.waiting]


def _taken(looked: Looked, verdicts: Sequence[Verdict], texts: Counter[str]) -> Taken:
    return Taken(
        verdicts=verdicts,
        waiting=[found.waiting for found in looked.stored if found.waiting is not None],
        texts=texts,
        rows=looked.rows,
        happened=looked.happened,
    )


def cannot_take(error: Exception) -> bool:
    """Return whether the database can take nothing now (locked, gone, its disk full), rather than not this message."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True  # ended by the server, whatever exception its driver makes of it
    if not isinstance(error, _TROUBLE):
        return False
    return getattr(getattr(error, "orig", None), "sqlite_errorname", None) != _OUR_FAULT


def refuse(arrivals: Sequence[tuple[Arrival, object]]) -> None:
    """Report to the sources that nothing could be stored now: the carrier keeps its message and sends it again."""
    for arrival, _ in arrivals:
        arrival.source.acknowledge([(arrival.ticket, Verdict.TRY_LATER)])
