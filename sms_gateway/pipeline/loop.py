"""The pipeline's thread: it runs T1 to T4 in rounds of many texts, each round in one commit.

When the database cannot take anything, new texts are refused for now (the carrier keeps them) and the rest waits for
the next round.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Thread

from db.messages import inbox
from db.messages.inbox import WaitingText
from db.processes.wake_up import wake_others
from db.store.engine import Database
from sms_gateway.clock import monotonic
from sms_gateway.log import event, logger_of
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.dispatch.handling import DispatchContext, ReadText, read_text
from sms_gateway.pipeline.dispatch.preparation import Preparation, is_worth_preparing, nothing_to_set
from sms_gateway.pipeline.intake.back_pressure import BackPressure
from sms_gateway.pipeline.intake.batch import Reception, cannot_take, refuse
from sms_gateway.pipeline.ports import (
    Arrival,
    Carrier,
    PartReader,
    SendReport,
    SessionsEnded,
)
from sms_gateway.pipeline.reclaim import Reclaim, was_tried
from sms_gateway.pipeline.rounds import Round
from sms_gateway.pipeline.single_commit import SingleCommit
from sms_gateway.pipeline.timing.slow_rounds import SlowRounds
from sms_gateway.pipeline.timing.stopwatch import Stopwatch
from sms_gateway.pipeline.work import Nudge, Work, WorkQueue, count_work

POLL_SECONDS = 0.5
"""How often to poll without a wake-up, since a wake-up can be lost and a lease can end."""

HANDLING_LEASE = timedelta(seconds=15)
"""How long a stored text belongs to the process that stored or claimed it; the lease ends when that process died."""

REST_OF_THE_TRIED = timedelta(seconds=5)
"""How long after the start a text waits that was handled alone when a process died. If the text caused it, the
service works in between. If not, a next death will hardly meet the same text again."""

CAREFUL_SECONDS = 300.0
"""How long every text is stored before it is carried out, after a process died: one of them may have caused it."""

_LONGEST_PAUSE = 2.0
_LAST_ROUND_SECONDS = 1.0
_LOG = logger_of(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class PipelineParts:
    """What the pipeline is built of."""

    database: Database
    desk: DispatchContext
    short_codes: Collection[str]
    lease: timedelta  # of a claimed answer
    now: Callable[[], datetime]
    read_parts: PartReader  # joins long texts; only the links know how to read their octets
    metrics: Metrics
    # That send an answer once, however often it comes; by channel.
    providers: Mapping[str, str] = field(default_factory=dict)
    preparers: int = 1
    dispatches: bool = True  # False: texts are only stored here, and another process handles them
    on_thread_start: Callable[[], None] = nothing_to_set  # runs in each thread of the preparation


class Pipeline:
    """The pipeline of one process; an Intake for its neighbours (sms_gateway.pipeline.ports)."""

    def __init__(self, parts: PipelineParts) -> None:
        self._parts = parts
        self._queue = WorkQueue()
        self._gate = BackPressure()
        self._reception = Reception(
            database=parts.database,
            new_id=parts.desk.new_id,
            lease=HANDLING_LEASE if parts.dispatches else None,
            now=parts.now,
            read_parts=parts.read_parts,
            metrics=parts.metrics,
            gate=self._gate,
        )
        wanted = partial(
            is_worth_preparing,
            parts.database,
            parts.desk.limits,
            parts.now,
            parts.desk.handlers,
            switches=parts.desk.switches,
        )
        self._preparation = Preparation(
            parts.preparers,
            self._queue.put,
            wanted=wanted,
            on_thread_start=parts.on_thread_start,
            handlers=parts.desk.handlers,
        )
        self._reclaim = Reclaim(parts.database, parts.desk, self._preparation, lease=HANDLING_LEASE, now=parts.now)
        self._rounds = Round(
            parts.database,
            parts.desk,
            lease=parts.lease,
            now=parts.now,
            metrics=parts.metrics,
            providers=parts.providers,
        )
        self._slow_rounds = SlowRounds(parts.metrics, is_sqlite=parts.database.is_sqlite)
        self._held = Work()  # what the last round could not finish
        self._next_look = 0.0
        self._pause = 0.0
        self._careful_until = 0.0
        self._stopping = Event()  # finish what is in hand, then end
        self._abandoning = Event()  # end after this round
        self._thread = Thread(target=self._run, name="pipeline", daemon=True)

    def attach(self, carrier: Carrier, *, take_over: bool = False) -> None:
        """Send answers of this link by this carrier; `take_over`: also those that a former holder was sending."""
        if take_over:
            self._rounds.take_over(link=carrier.name, lapsed_by=None)
        self._rounds.attach(carrier)
        self.nudge()

    def detach(self, name: str) -> None:
        """Claim nothing more for this link; when this returns its carrier may be stopped."""
        self._rounds.detach(name)

    def offer(self, arrivals: Sequence[Arrival]) -> None:
        """Take arrivals in, or refuse them at once; see Intake."""
        if self._gate.admit(len(arrivals)):
            self._queue.put(tuple(arrivals))
        else:
            refuse([(arrival, None) for arrival in arrivals])

    def report(self, reports: Sequence[SendReport]) -> None:
        """Take the results of submissions; see Intake."""
        self._queue.put(tuple(reports))

    def fell(self, ended: SessionsEnded) -> None:
        """Note what may come again of ended sessions; see Intake."""
        self._reception.unacknowledged.fell(ended)

    @property
    def watch(self) -> Stopwatch:
        """The stopwatch of its rounds."""
        return self._rounds.watch

    @property
    def takes(self) -> bool:
        """Whether texts can be stored, as far as the last seconds show."""
        return self._gate.takes

    def refuse_all(self) -> None:
        """Refuse every text from now on: what is stored now would be lost."""
        self._gate.close()

    def nudge(self) -> None:
        """Look again for work; see Intake."""
        self._queue.put(Nudge())

    def be_careful(self) -> None:
        """Use the two-commit path for some minutes: a process died, and the cause is unknown.

        A text that ends the process is thus a row, whose tries are counted; otherwise its carrier would send it without
        end.
        """
        if monotonic() >= self._careful_until:
            event(_LOG, "two_commit_path", level="warning", seconds=CAREFUL_SECONDS)
        self._careful_until = monotonic() + CAREFUL_SECONDS

    def start(self) -> None:
        """Start the thread. The one process that owns an SQLite file first takes over the work of a crashed one."""
        if self._parts.database.is_sqlite:
            with self._parts.database.write() as connection:
                inbox.release_all(connection, tried_again_at=self._parts.now() + REST_OF_THE_TRIED)
            self._rounds.take_over(link=None, lapsed_by=None)
        self._thread.start()

    def alive(self) -> bool:
        """Return whether the thread runs; the process must end with it."""
        return self._thread.is_alive()

    def stop(self, seconds: float) -> bool:
        """Finish what is in hand and stop; False when it took too long, and the rest stays as rows."""
        self._stopping.set()
        self._rounds.close()
        self.nudge()
        self._thread.join(seconds)
        finished = not self._thread.is_alive()
        self._abandoning.set()
        self.nudge()
        self._thread.join(_LAST_ROUND_SECONDS)
        self._preparation.stop()
        return finished

    def _run(self) -> None:
        self.watch.open()
        try:
            self._run_rounds()
        finally:
            self.watch.close()

    def _run_rounds(self) -> None:
        while True:
            work, self._held = self._held, Work()
            wait = self._pause or (0.0 if work or self._rounds.is_wanted else POLL_SECONDS)
            self._queue.gather(work, seconds=wait)
            self._gate.begin_round(len(work.texts) + len(work.receipts))
            if self._abandoning.is_set() or (self._stopping.is_set() and not (work or self._rounds.in_flight)):
                self._let_go(work)
                return
            try:
                if self._round(work):
                    self._pause = 0.0
            except Exception as error:  # noqa: BLE001 - the one broad catch: the pipeline must go on, whatever it was
                self._tell_failed(error, work)
                self._hold(work)
            self._gate.end_round()

    def _tell_failed(self, error: Exception, work: Work) -> None:
        if cannot_take(error):
            self._gate.shut()
            count = len(work.texts) + self._gate.turned_away()
            event(_LOG, "intake_refused", level="error", error=error, texts=count)
        else:
            event(_LOG, "round_failed", level="error", error=error)

    def _let_go(self, work: Work) -> None:
        """Release unhandled texts at once; if that cannot be written, their leases end by themselves."""
        texts = [*self._preparation.held(), *work.waiting, *(read.text for read in work.ready)]
        if not texts:
            return
        try:
            with self._parts.database.write() as connection:
                inbox.let_go(connection, texts)
                wake_others(connection)
        except Exception as error:  # noqa: BLE001 - the process ends now, whatever it was
            event(_LOG, "text_release_failed", level="warning", error=error, texts=len(texts))

    def _hold(self, work: Work) -> None:
        """Keep what is in hand for the next round, refuse new texts, and wait longer each time."""
        refuse(work.texts)
        refuse(work.receipts)
        work.texts, work.receipts = [], []
        self._held = work
        self._pause = min(self._pause * 2 or 0.1, _LONGEST_PAUSE)

    def _round(self, work: Work) -> bool:
        """Do what is in hand; False when it must be kept, since the database can take nothing."""
        self.watch.start(overslept=self._queue.overslept)
        started = monotonic()
        fresh = self._receive(work)
        if self._gate.is_shut:
            self._hold(work)
            return False
        polling = started >= self._next_look
        looking = polling or work.nudged
        self.watch.mark("taken_in")
        if polling:
            self._next_look = started + POLL_SECONDS
            work.waiting.extend(self._reception.join_overdue())
        if looking:
            work.nudged = False
            self._reclaim_texts(work)
        self._read(work)
        self.watch.mark("read")
        self._carry_tried(work)
        if not (work or looking or self._rounds.is_wanted):
            return True
        reports = len(work.reports) + len(work.late)
        self._rounds.carry(work, looking=looking, polling=polling, fresh=fresh)
        if fresh is not None:
            self._preparation.send(fresh.slow)
        count_work(self._parts.metrics, work)
        texts, receipts = len(work.ready), len(work.receipts)
        work.ready, work.receipts = [], []
        self.watch.mark("after")
        self._slow_rounds.look_at(self.watch, texts=texts, receipts=receipts, reports=reports)
        return True

    def _receive(self, work: Work) -> SingleCommit | None:
        """Take new texts by the single-commit path; store them first after a death, or for another process."""
        if not work.texts or self._gate.is_shut:
            return None
        if self._parts.dispatches and monotonic() >= self._careful_until:
            return SingleCommit(self._reception, work.texts, self._read_one, self._parts.desk.handlers)
        arrivals, work.texts = work.texts, []
        work.waiting.extend(self._reception.take_in(arrivals))
        return None

    def _read_one(self, text: WaitingText) -> ReadText:
        parts = self._parts
        return read_text(
            text, parts.short_codes, with_secrets=parts.desk.service.asks_secret, vocabulary=parts.desk.words()
        )

    def _reclaim_texts(self, work: Work) -> None:
        """Claim texts that nobody handles; when there are more than can be taken at once, look again next round."""
        if not self._parts.dispatches or self._stopping.is_set():
            return
        work.waiting.extend(self._reclaim.claim(work, self.watch.mark))
        if self._reclaim.more:
            self.nudge()

    def _read(self, work: Work) -> None:
        """Read the texts; those that need slow preparation go to the pool and come back by the queue."""
        work.ready = [self._preparation.release(read) for read in work.ready]
        waiting, work.waiting = work.waiting, []
        new = [self._read_one(text) for text in waiting if not self._preparation.keep(text)]
        work.ready.extend(self._preparation.send(new))

    def _carry_tried(self, work: Work) -> None:
        """Carry out reclaimed texts alone, and first: they are in hand for the shortest time.

        So they are rarely in hand when another text ends the process in this round.
        """
        tried = Work(ready=[read for read in work.ready if was_tried(read.text)])
        if tried:
            self._rounds.carry(tried, looking=False, polling=False)
            work.ready = [read for read in work.ready if not was_tried(read.text)]
            count_work(self._parts.metrics, tried)
