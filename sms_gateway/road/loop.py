"""The road's thread: it runs T1 … T4 in turn, as micro-batches, two commits a round.

What a batch cannot do is tried again one by one, so that one bad message never holds up or loses its neighbours. When
the database cannot take anything, new texts are refused for now (the carrier keeps them) and the rest stays in hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from queue import SimpleQueue
from threading import Event, Thread

from sqlalchemy import Connection

from db import events, inbox, outbox
from db.engine import Database
from db.inbox import WaitingText
from handlers import needs_preparation, prepare
from parsers.misread import Misread
from sms_gateway.clock import monotonic
from sms_gateway.log import describe, event, logger_of
from sms_gateway.metrics import Metrics
from sms_gateway.road import delivery, dispatch, receipts
from sms_gateway.road.delivery import Claimed, InFlight
from sms_gateway.road.dispatch import Desk, ReadText
from sms_gateway.road.ports import Arrival, Carrier, Door, SendReport, Verdict
from sms_gateway.road.reception import Reception, cannot_take, refuse
from sms_gateway.road.work import Item, Nudge, Work, gather

_LAST_ROUND_SECONDS = 1.0

POLL_SECONDS = 0.5
"""How often to look without being woken, since a wake-up can be lost and a lease can end."""

_LEFTOVERS = 200
_LONGEST_PAUSE = 5.0
_LOG = logger_of(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class RoadParts:
    """What the road is built of."""

    database: Database
    desk: Desk
    short_codes: Collection[str]
    lease: timedelta
    now: Callable[[], datetime]
    metrics: Metrics
    preparers: int = 1


class Road:
    """The road of one process; an Intake for its neighbours (sms_gateway.road.ports)."""

    def __init__(self, parts: RoadParts) -> None:
        self._parts = parts
        self._carriers: dict[str, Carrier] = {}
        self._queue: SimpleQueue[Item] = SimpleQueue()
        self._reception = Reception(
            database=parts.database, new_id=parts.desk.new_id, lease=parts.lease, now=parts.now, metrics=parts.metrics
        )
        self._in_flight: dict[int, InFlight] = {}
        self._held = Work()  # what the last round could not finish
        self._pool = ThreadPoolExecutor(parts.preparers, thread_name_prefix="prepare")
        self._preparing: dict[int, WaitingText] = {}
        self._may_wait: set[str] = set()  # links with answers that may be waiting
        self._next_look = 0.0
        self._pause = 0.0
        self._stopping = Event()  # finish what is in hand, then end
        self._abandoning = Event()  # end after this round
        self._thread = Thread(target=self._run, name="road", daemon=True)

    # ------------------------------------------------------------------ its neighbours

    def attach(self, carrier: Carrier) -> None:
        """Let answers of this link go out by this carrier; before start."""
        self._carriers[carrier.name] = carrier

    def offer(self, arrivals: Sequence[Arrival]) -> None:
        """Take arrivals in; see Intake."""
        self._queue.put(tuple(arrivals))

    def report(self, reports: Sequence[SendReport]) -> None:
        """Take what became of submissions; see Intake."""
        self._queue.put(tuple(reports))

    def nudge(self) -> None:
        """Look again for work; see Intake."""
        self._queue.put(Nudge())

    def start(self) -> None:
        """Start the thread. The one process that owns an SQLite file first takes over what a crash left behind."""
        if self._parts.database.is_sqlite:
            with self._parts.database.write() as connection:
                inbox.release_all(connection)
                self._take_over(connection, lapsed_by=None, now=self._parts.now())
        self._thread.start()

    def alive(self) -> bool:
        """Tell whether the thread runs; a dead one must end the process."""
        return self._thread.is_alive()

    def stop(self, seconds: float) -> bool:
        """Finish what is in hand and stop; False when it took too long, and the rest stays as rows."""
        self._stopping.set()
        self.nudge()
        self._thread.join(seconds)
        finished = not self._thread.is_alive()
        self._abandoning.set()
        self._thread.join(_LAST_ROUND_SECONDS)
        self._pool.shutdown(wait=False, cancel_futures=True)
        return finished

    # ------------------------------------------------------------------ the thread

    def _run(self) -> None:
        while True:
            work, self._held = self._held, Work()
            wait = self._pause or (0.0 if work else POLL_SECONDS)
            gather(self._queue, work, seconds=wait)
            idle = not (work or self._preparing or self._in_flight)
            if self._abandoning.is_set() or (idle and self._stopping.is_set()):
                return
            try:
                self._round(work)
                self._pause = 0.0
            except Exception as error:  # noqa: BLE001 - the one broad catch: the road must go on, whatever it was
                self._hold(work, error)

    def _hold(self, work: Work, error: Exception) -> None:
        """Keep what is in hand for the next round, and wait longer each time."""
        event(_LOG, "round_failed", level="error", error=error)
        refuse(work.texts)
        refuse(work.receipts)
        work.texts, work.receipts = [], []
        self._held = work
        self._pause = min(self._pause * 2 or 0.1, _LONGEST_PAUSE)

    def _round(self, work: Work) -> None:
        started = monotonic()
        arrivals, work.texts = work.texts, []
        work.waiting.extend(self._reception.take_in(arrivals))
        looking = started >= self._next_look
        if looking:
            self._next_look = started + POLL_SECONDS
            self._may_wait.update(self._carriers)
            work.waiting.extend(self._claim_leftovers())
        self._read(work)
        if not (work or looking or self._may_wait):
            return
        claimed = self._carry(work, looking=looking)
        self._hand_over(claimed)
        self._parts.metrics.round_took(monotonic() - started)

    # ------------------------------------------------------------------ T2 … T4

    def _claim_leftovers(self) -> list[WaitingText]:
        now = self._parts.now()
        with self._parts.database.write() as connection:
            return inbox.claim_waiting(connection, now=now, lease_until=now + self._parts.lease, limit=_LEFTOVERS)

    def _read(self, work: Work) -> None:
        """Read texts; one that needs slow preparation goes to the pool and comes back by the queue."""
        # A text whose lease ended in the pool was claimed again, maybe: the newer claim is the one that holds.
        work.ready = [replace(read, text=self._preparing.pop(read.text.id, read.text)) for read in work.ready]
        waiting, work.waiting = work.waiting, []
        for text in waiting:
            if text.id in self._preparing:
                self._preparing[text.id] = text
                continue
            read = dispatch.read_text(text, self._parts.short_codes)
            if needs_preparation(read.command):
                self._preparing[text.id] = text
                self._pool.submit(self._prepare, read)
            else:
                work.ready.append(read)

    def _prepare(self, read: ReadText) -> None:
        try:
            read = replace(read, first_password=prepare())
        except Exception as error:  # noqa: BLE001 - the road must hear of it: the handler will fail and be counted
            event(_LOG, "prepare_failed", level="error", error=error, inbound=read.text.id)
        self._queue.put(read)

    def _carry(self, work: Work, *, looking: bool) -> list[Claimed]:
        """Settle, record, dispatch and claim in one transaction; what is bad is found and done alone."""
        try:
            with self._parts.database.write() as connection:
                claimed = self._carry_all(connection, work, looking=looking)
        except Exception as error:
            if cannot_take(error):
                raise
            event(_LOG, "batch_failed", level="warning", error=error)
            return self._carry_singly(work)
        self._done(work)
        return claimed

    def _carry_all(self, connection: Connection, work: Work, *, looking: bool) -> list[Claimed]:
        parts, now = self._parts, self._parts.now()
        new_id = parts.desk.new_id
        delivery.settle(connection, work.reports, self._in_flight, new_id=new_id, now=now)
        receipts.record_receipts(connection, [one for _, one in work.receipts], new_id=new_id, now=now)
        dispatch.dispatch(connection, work.ready, parts.desk, now=now)
        if looking:
            self._take_over(connection, lapsed_by=now, now=now)
            self._expire(connection, now)
        self._may_wait.update(read.text.link for read in work.ready)
        return self._claim(connection, now)

    def _carry_singly(self, work: Work) -> list[Claimed]:
        parts = self._parts
        for report in work.reports:
            self._alone(Work(reports=[report]))
        for receipt in work.receipts:
            self._alone(Work(receipts=[receipt]))
        for read in work.ready:
            error = self._alone(Work(ready=[read]))
            if error is not None:
                with parts.database.write() as connection:
                    dispatch.fail(connection, read.text, parts.desk, error=error, now=parts.now())
        self._done(work)
        with parts.database.write() as connection:
            return self._claim(connection, parts.now())

    def _alone(self, work: Work) -> str | None:
        """Do one message's work; return what went wrong, if anything did."""
        try:
            with self._parts.database.write() as connection:
                now, new_id = self._parts.now(), self._parts.desk.new_id
                delivery.settle(connection, work.reports, self._in_flight, new_id=new_id, now=now)
                receipts.record_receipts(connection, [one for _, one in work.receipts], new_id=new_id, now=now)
                dispatch.dispatch(connection, work.ready, self._parts.desk, now=now)
        except Exception as error:
            if cannot_take(error):
                raise
            event(
                _LOG, "message_failed", level="error", error=error, inbound=next((r.text.id for r in work.ready), None)
            )
            return describe(error)
        return None

    def _done(self, work: Work) -> None:
        """Forget what is committed, and tell those who wait for it."""
        for report in work.reports:
            self._in_flight.pop(report.outbound_id, None)
        doors: dict[Door, list[tuple[int, Verdict]]] = {}
        for arrival, _ in work.receipts:
            doors.setdefault(arrival.door, []).append((arrival.ticket, Verdict.STORED))
        for door, verdicts in doors.items():
            door.acknowledge(verdicts)
        if work.reports:
            self._may_wait.update(self._carriers)  # there is room again
        self._count(work)
        work.reports, work.receipts, work.ready = [], [], []

    def _count(self, work: Work) -> None:
        metrics = self._parts.metrics
        for step, size in (
            ("dispatch", len(work.ready)),
            ("delivery", len(work.reports)),
            ("receipts", len(work.receipts)),
        ):
            if size:
                metrics.batch(step, size)
        for kind, times in Counter(
            read.command.kind for read in work.ready if isinstance(read.command, Misread)
        ).items():
            metrics.misread(kind.value, times)

    # ------------------------------------------------------------------ T3

    def _claim(self, connection: Connection, now: datetime) -> list[Claimed]:
        claimed: list[Claimed] = []
        for name in sorted(self._may_wait & self._carriers.keys()):
            room = self._carriers[name].room()
            found = delivery.claim(connection, link=name, room=room, lease=self._parts.lease, now=now) if room else []
            if len(found) < room:
                self._may_wait.discard(name)
            claimed.extend(found)
        self._may_wait &= self._carriers.keys()
        return claimed

    def _hand_over(self, claimed: Sequence[Claimed]) -> None:
        by_link: dict[str, list[Claimed]] = {}
        for item in claimed:
            self._in_flight[item.submission.outbound_id] = item.in_flight
            by_link.setdefault(item.in_flight.link, []).append(item)
        for name, items in by_link.items():
            self._carriers[name].submit([item.submission for item in items])

    def _take_over(self, connection: Connection, *, lapsed_by: datetime | None, now: datetime) -> None:
        taken = outbox.take_over(connection, lapsed_by=lapsed_by, now=now)
        self._tell(connection, taken, events.EventKind.TAKEN_OVER, now)

    def _expire(self, connection: Connection, now: datetime) -> None:
        self._tell(connection, outbox.expire(connection, now=now), events.EventKind.EXPIRED, now)

    def _tell(self, connection: Connection, ids: Sequence[int], kind: events.EventKind, now: datetime) -> None:
        if ids:
            event(_LOG, kind.value, answers=len(ids))
        new_id = self._parts.desk.new_id
        events.add(connection, [events.NewEvent(id=new_id(), at=now, kind=kind, outbound_id=one) for one in ids])
