"""The second commit of a round: settlements, receipts, dispatch and claims are one transaction.

Messages of a failed batch are processed one by one, so that one bad message never delays or loses the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock

from sqlalchemy import Connection

from db.messages import events, expiry, outbox
from db.messages.outbox import SentSegment
from db.messages.receipts import adopt
from db.schema import OutboundState
from db.store.engine import Database
from sms_gateway.log import event, logger_of
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline import replies
from sms_gateway.pipeline.delivery import receipts, sending
from sms_gateway.pipeline.delivery.sending import Claimed, InFlight
from sms_gateway.pipeline.dispatch import failures, handling
from sms_gateway.pipeline.dispatch.fault import name_fault
from sms_gateway.pipeline.dispatch.handling import DispatchContext
from sms_gateway.pipeline.intake.batch import cannot_take
from sms_gateway.pipeline.ports import Carrier, SendReport, Source, Verdict
from sms_gateway.pipeline.single_commit import SingleCommit
from sms_gateway.pipeline.timing.stopwatch import Stopwatch
from sms_gateway.pipeline.timing.wake_ups import together
from sms_gateway.pipeline.work import Work

ROUND_SECONDS = 0.5
"""How long the end of a carrier waits for the round in hand; one that takes longer waits for the database.

With the time of an unbind it must be less than the margin of a duty's lease.
"""

_LOG = logger_of(__name__)


class Round:
    """T2 to T4 with the carriers of this process. Called by the pipeline's thread; attach and detach by any thread."""

    def __init__(
        self,
        database: Database,
        desk: DispatchContext,
        *,
        lease: timedelta,
        now: Callable[[], datetime],
        metrics: Metrics,
        providers: Mapping[str, str],
    ) -> None:
        self._database = database
        self._desk = desk
        self._lease = lease
        self._now = now
        self._metrics = metrics
        self._providers = providers
        self._carriers: dict[str, Carrier] = {}
        self._served: Mapping[str, Carrier] = {}  # the same, as it was when the round began
        self._changing = Lock()  # of the carriers: held for no longer than that takes
        self._handing_over = Lock()  # held from claiming answers until their carriers have them
        self._in_flight: dict[int, InFlight] = {}
        self._may_wait: set[str] = set()  # links to claim for in this round
        self._closing = False
        self._behind: set[str] = set()  # links with answers that had to wait: each report may release one
        self._recent = receipts.RecentSegments()
        self.watch = Stopwatch()

    @property
    def in_flight(self) -> int:
        """How many answers the carriers have."""
        return len(self._in_flight)

    @property
    def is_wanted(self) -> bool:
        """Return whether an answer may be waiting for one of our carriers."""
        return bool(self._may_wait)

    def attach(self, carrier: Carrier) -> None:
        """Claim answers of this link from the next round on."""
        with self._handing_over, self._changing:
            self._carriers = {**self._carriers, carrier.name: carrier}

    def detach(self, name: str) -> None:
        """Claim no more for this link; when this returns, nothing is on its way to the carrier any more.

        A round that waits for the database is not waited for: what it has claimed stays a row until its lease ends.
        """
        with self._changing:
            self._carriers = {link: carrier for link, carrier in self._carriers.items() if link != name}
        if self._handing_over.acquire(timeout=ROUND_SECONDS):
            self._handing_over.release()

    def close(self) -> None:
        """Claim nothing more at all: what waits stays as rows, so that a stop need not send all of it."""
        self._closing = True

    def carry(self, work: Work, *, looking: bool, polling: bool, fresh: SingleCommit | None = None) -> None:
        """Commit a round's work and hand claimed answers to their carriers; `work` keeps what is not committed.

        `looking`: look for rows of other processes, after a wake-up too; `polling`: also for what is due by now.
        `fresh` are the round's new texts, when they are stored and carried out in this same transaction; those that are
        carried out join `work.ready`. Raises when the database cannot take anything: then nothing is lost, and the same
        work may be given again.
        """
        with self._handing_over:
            self._served = self._carriers
            if looking:
                self._may_wait.update(self._served)  # another process may have written some, or a try is due again
            if work.reports or work.late:
                self._may_wait.update(self._behind)  # there is room again, or the earlier answer is settled
            again = self._recent.due(self._now()) if polling else []
            is_committed = False
            try:
                with self._database.write(self.watch.mark) as connection:
                    claimed = self._carry_all(connection, work, fresh, again, polling=polling)
                is_committed = True
            except Exception as error:
                if fresh is not None:
                    fresh.rolled_back()
                if cannot_take(error):
                    raise
                event(_LOG, "batch_failed", level="warning", error=error)
                claimed = self._carry_singly(work, fresh)
            with together():
                if is_committed and fresh is not None:
                    work.texts = []
                    work.ready.extend(fresh.committed())
                self._forget(work.reports)
                work.reports, work.late = [], []
                self._recent.forget(len(again))
                self._hand_over(claimed)
                acknowledge_receipts(work)
            self.watch.mark("hand_over")

    def _forget(self, reports: Sequence[SendReport]) -> None:
        for report in reports:
            self._in_flight.pop(report.outbound_id, None)
        for outcome, count in Counter(map(sending.name_outcome, reports)).items():
            self._metrics.submitted(outcome, count)

    def take_over(self, *, link: str | None, lapsed_by: datetime | None) -> None:
        """Queue again what former processes were sending: on one link or all, all of it or what has expired."""
        with self._database.write() as connection:
            self._take_over(connection, link=link, lapsed_by=lapsed_by)

    def _carry_all(
        self,
        connection: Connection,
        work: Work,
        fresh: SingleCommit | None,
        again: Sequence[SentSegment],
        *,
        polling: bool,
    ) -> list[Claimed]:
        now = self._now()
        answers = self._do(connection, work, now)
        adopt(connection, again, at=now)
        if fresh is not None:
            new, handled = handling.handle_texts(connection, fresh.open(connection), self._desk, now=now)
            fresh.write(connection, handled, at=now)
            answers.extend(new)
            self.watch.mark("texts")
        if polling:
            self._take_over(connection, link=None, lapsed_by=now)
            self._tell(connection, expiry.expire(connection, now=now), events.EventKind.EXPIRED)
            self.watch.mark("due")
        waiting = self._claim(connection, now)  # first, for these are older
        claimed = waiting + self._send_at_once(connection, answers, waiting, now)
        self.watch.mark("answers")
        return claimed

    def _do(self, connection: Connection, work: Work, now: datetime) -> list[outbox.NewOutbound]:
        new_id = self._desk.new_id
        late = sending.settle_late(connection, work.late, new_id=new_id, now=now)
        segments = sending.settle(connection, work.reports, self._in_flight, new_id=new_id, now=now)
        if not self._database.is_sqlite:  # there one process stores everything, in one transaction after the other
            self._recent.remember([*late, *segments], at=now)
        self.watch.mark("settlements")
        found = [receipt for _, receipt in work.receipts]
        receipts.record_receipts(connection, found, new_id=new_id, now=now)
        self.watch.mark("receipts")
        answers = handling.dispatch(connection, work.ready, self._desk, now=now)
        self.watch.mark("texts")
        return answers

    def _send_at_once(
        self, connection: Connection, answers: Sequence[outbox.NewOutbound], claimed: Sequence[Claimed], now: datetime
    ) -> list[Claimed]:
        """Store new answers, and claim those of them that may go now."""
        if not answers:
            return []
        links = {answer.link for answer in answers}
        open_links = set[str]() if self._closing else links & self._served.keys()
        rooms = {name: self._served[name].room() for name in open_links}
        for one in claimed:
            if one.in_flight.link in rooms:
                rooms[one.in_flight.link] -= 1
        sent = sending.store_and_claim(
            connection, answers, rooms, lease=self._lease, now=now, providers=self._providers
        )
        if len(sent) < len(answers):
            self._behind.update(links & self._served.keys())
        return sent

    def _carry_singly(self, work: Work, fresh: SingleCommit | None) -> list[Claimed]:
        if fresh is not None:
            work.ready.extend(fresh.go_the_long_way())
            work.texts = []
        for report in work.late:
            self._alone(Work(late=[report]))
        for report in work.reports:
            self._alone(Work(reports=[report]))
        for receipt in work.receipts:
            self._alone(Work(receipts=[receipt]))
        for read in work.ready:
            error = self._alone(Work(ready=[read]))
            if error is not None:
                with self._database.write() as connection:
                    failures.fail(connection, read.text, self._desk, error=error, now=self._now())
        with self._database.write() as connection:
            self._may_wait.update(self._served)
            return self._claim(connection, self._now())

    def _alone(self, work: Work) -> str | None:
        """Do one message's work; return the fault, if any."""
        try:
            with self._database.write() as connection:
                replies.store(connection, self._do(connection, work, self._now()), wakes=True)
        except Exception as error:
            if cannot_take(error):
                raise
            inbound = next((read.text.id for read in work.ready), None)
            fault = name_fault(error)
            event(_LOG, "message_failed", level="error", error=error, inbound=inbound, fault=fault.split()[0])
            return fault
        return None

    def _claim(self, connection: Connection, now: datetime) -> list[Claimed]:
        claimed: list[Claimed] = []
        self._may_wait &= set[str]() if self._closing else self._served.keys()
        for name in sorted(self._may_wait):
            room = self._served[name].room()
            found = self._claim_for(connection, name, room, now) if room else []
            if len(found) < room or not room:
                self._may_wait.discard(name)  # all that is due is claimed; without room its next report looks again
            waits = outbox.has_queued(connection, name)
            (self._behind.add if waits else self._behind.discard)(name)
            claimed.extend(found)
        return claimed

    def _claim_for(self, connection: Connection, link: str, room: int, now: datetime) -> list[Claimed]:
        provider = self._providers.get(link)
        return sending.claim(connection, link=link, room=room, lease=self._lease, now=now, provider=provider)

    def _hand_over(self, claimed: Sequence[Claimed]) -> None:
        by_link: dict[str, list[Claimed]] = {}
        for item in claimed:
            by_link.setdefault(item.in_flight.link, []).append(item)
        for name, items in by_link.items():
            carrier = self._carriers.get(name)
            if carrier is None:  # it was detached while the database kept this round waiting
                event(_LOG, "claimed_for_nobody", level="warning", link=name, answers=len(items))
                continue
            self._in_flight.update((item.submission.outbound_id, item.in_flight) for item in items)
            carrier.submit([item.submission for item in items])

    def _take_over(self, connection: Connection, *, link: str | None, lapsed_by: datetime | None) -> None:
        states = expiry.take_over(
            connection,
            link=link,
            lapsed_by=lapsed_by,
            except_for=list(self._in_flight),  # its report is still to come, from the carrier or from the queue
            most_unanswered=sending.MAX_TAKEN_OVER,
            now=self._now(),
        )
        failed = [one for one, state in states.items() if state is OutboundState.FAILED]
        self._tell(connection, [one for one in states if one not in failed], events.EventKind.TAKEN_OVER)
        self._tell(connection, failed, events.EventKind.FAILED)

    def _tell(self, connection: Connection, ids: Sequence[int], kind: events.EventKind) -> None:
        if not ids:
            return
        event(_LOG, kind.value, answers=len(ids))
        new_id, now = self._desk.new_id, self._now()
        events.add(connection, [events.NewEvent(id=new_id(), at=now, kind=kind, outbound_id=one) for one in ids])


def acknowledge_receipts(work: Work) -> None:
    """Report to the sources that the receipts of a round are stored."""
    sources: dict[Source, list[tuple[int, Verdict]]] = {}
    for arrival, _ in work.receipts:
        sources.setdefault(arrival.source, []).append((arrival.ticket, Verdict.STORED))
    for source, verdicts in sources.items():
        source.acknowledge(verdicts)
