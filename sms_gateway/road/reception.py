"""The reception: takes a batch of arrived texts through T1 and tells each door what became of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from db.engine import Database
from db.inbox import WaitingText
from db.wakeup import wake_others
from sms_gateway.log import event, logger_of
from sms_gateway.metrics import Metrics
from sms_gateway.road.intake import Stored, store_texts
from sms_gateway.road.ports import Arrival, Door, InboundText, Verdict

_TROUBLE = (OperationalError, InterfaceError, PoolTimeoutError)
_OUR_FAULT = "SQLITE_ERROR"  # a wrong statement: SQLite's driver raises the same type for it

_LOG = logger_of(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reception:
    """T1 with its doors. With a lease, new texts are held by it, to be handed to dispatch at once."""

    database: Database
    new_id: Callable[[], int]
    lease: timedelta | None  # None: another process handles what is stored here
    now: Callable[[], datetime]
    metrics: Metrics

    def take_in(self, arrivals: Sequence[tuple[Arrival, InboundText]]) -> list[WaitingText]:
        """Store the texts and acknowledge them after the commit; return those that are new.

        Never raises for what one text or the database does: a text that cannot be stored is refused for now, so the
        carrier keeps it; its neighbours are stored.
        """
        if not arrivals:
            return []
        try:
            stored: list[Stored | None] = [*self._store([text for _, text in arrivals])]
        except Exception as error:  # noqa: BLE001 - whatever one text caused, its neighbours must not suffer
            if cannot_take(error):
                event(_LOG, "intake_refused", level="error", error=error, texts=len(arrivals))
                refuse(arrivals)
                return []
            event(_LOG, "intake_singly", level="warning", error=error, texts=len(arrivals))
            stored = [self._store_alone(arrival, text) for arrival, text in arrivals]
        self._acknowledge(arrivals, stored)
        return [found.waiting for found in stored if found is not None and found.waiting is not None]

    def _store(self, texts: Sequence[InboundText]) -> list[Stored]:
        lease_until = None if self.lease is None else self.now() + self.lease
        with self.database.write() as connection:
            stored = store_texts(connection, texts, new_id=self.new_id, lease_until=lease_until)
            if lease_until is None:
                wake_others(connection)
            return stored

    def _store_alone(self, arrival: Arrival, text: InboundText) -> Stored | None:
        try:
            return self._store([text])[0]
        except Exception as error:  # noqa: BLE001 - see take_in; this is the text that did it
            event(_LOG, "text_refused", level="error", error=error, link=text.link, octets=len(text.octets))
            refuse([(arrival, text)])
            return None

    def _acknowledge(self, arrivals: Sequence[tuple[Arrival, InboundText]], stored: Sequence[Stored | None]) -> None:
        told = [(arrival, text, found) for (arrival, text), found in zip(arrivals, stored, strict=True) if found]
        doors: dict[Door, list[tuple[int, Verdict]]] = {}
        for arrival, _, found in told:
            doors.setdefault(arrival.door, []).append((arrival.ticket, found.verdict))
        for door, verdicts in doors.items():
            door.acknowledge(verdicts)
        self.metrics.batch("intake", len(told))
        for link, count in Counter(text.link for _, text, _ in told).items():
            self.metrics.text_stored(link, count)


def cannot_take(error: Exception) -> bool:
    """Tell whether the database can take nothing now (locked, gone, its disk full), rather than not this message."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True  # thrown out by the server, whatever type its driver makes of that
    if not isinstance(error, _TROUBLE):
        return False
    return getattr(getattr(error, "orig", None), "sqlite_errorname", None) != _OUR_FAULT


def refuse(arrivals: Sequence[tuple[Arrival, object]]) -> None:
    """Tell the doors that nothing could be stored now: the other side keeps its message and comes again."""
    for arrival, _ in arrivals:
        arrival.door.acknowledge([(arrival.ticket, Verdict.TRY_LATER)])
