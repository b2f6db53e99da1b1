"""What one round of the pipeline has in hand, and the queue that it comes from.

A text wakes the pipeline at once. Settlements and receipts wait some milliseconds for it: they change nothing that a
citizen waits for, and alone they would cost a round and a commit each.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from db.messages.inbox import WaitingText
from parsers.misread import Misread
from sms_gateway.clock import monotonic
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.dispatch.handling import ReadText
from sms_gateway.pipeline.ports import Arrival, DeliveryReceipt, InboundPart, InboundText, SendReport

MOST_AT_ONCE = 500
"""Arrivals and reports in one round: bounds the time of a commit, and so the latency of the next text."""

WITH_A_TEXT_SECONDS = 0.01
"""So old, settlements and receipts share the round of the next text: at 100 a second, those of two texts at once."""

ALONE_SECONDS = 0.03
"""So old, they have a round of their own. A process that is killed before sends the answers once more whose settlement
waited, so this is short."""

MOST_REPORTS_WAITING = 50
"""So many settlements wait no longer."""

MOST_RECEIPTS_WAITING = 8
"""The same of receipts, and fewer: a carrier with a small window sends nothing more before they are acknowledged."""

TRIED_AGAIN_SECONDS = 1.0
"""How long fewer receipts wait than that, after they waited and nothing came: the carrier's window may be full."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """A wake-up: look at the tables again."""


@dataclass(frozen=True, slots=True)
class _Soon:
    """Something that waits for company has come, and the thread did not know that it would."""


@dataclass(frozen=True, slots=True)
class _Now:
    """What waits for company must not wait any more."""


Item = tuple[Arrival, ...] | ReadText | Nudge
"""What wakes the pipeline; a ReadText is one that was prepared in the pool."""


@dataclass(slots=True)
class Work:
    """Everything gathered for one round; the only mutable record, since a round fills and empties it."""

    texts: list[tuple[Arrival, InboundText | InboundPart]] = field(default_factory=list)
    receipts: list[tuple[Arrival, DeliveryReceipt]] = field(default_factory=list)
    reports: list[SendReport] = field(default_factory=list)
    late: list[SendReport] = field(default_factory=list)  # of tries that were reported before
    waiting: list[WaitingText] = field(default_factory=list)
    ready: list[ReadText] = field(default_factory=list)
    nudged: bool = False

    def __bool__(self) -> bool:
        """Return whether there is anything to do."""
        return bool(self.texts or self.receipts or self.reports or self.late or self.waiting or self.ready)

    def add(self, item: Item) -> None:
        """Sort an item into its place."""
        match item:
            case Nudge():
                self.nudged = True
            case ReadText():
                self.ready.append(item)
            case _:
                for arrival in item:
                    self.add_arrival(arrival)

    def add_arrival(self, arrival: Arrival) -> None:
        """Sort an arrival into its place."""
        # By type rather than by pattern: two of these for each text.
        content = arrival.content
        if isinstance(content, DeliveryReceipt):
            self.receipts.append((arrival, content))
        else:
            self.texts.append((arrival, content))

    def add_report(self, report: SendReport) -> None:
        """Sort a report into its place."""
        (self.reports if report.late_on is None else self.late).append(report)

    def size(self) -> int:
        """Count what MOST_AT_ONCE bounds."""
        return len(self.texts) + len(self.receipts) + len(self.reports) + len(self.late)


class WorkQueue:
    """Where any thread puts work for the pipeline's thread, which alone calls `gather`."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Item | _Soon | _Now] = SimpleQueue()
        self._reports: deque[SendReport] = deque()
        self._receipts: deque[Arrival] = deque()
        self._since: float | None = None  # when the first of them came
        self._is_awaited = False  # the thread looks soon by itself, and need not be woken
        self._most_receipts = MOST_RECEIPTS_WAITING
        self._tried_again_at = 0.0
        self.overslept = 0.0  # seconds by which the last wait was longer than it should be

    def put(self, item: Item) -> None:
        """Put in what waits for nothing."""
        self._queue.put(item)

    def put_reports(self, reports: Iterable[SendReport], *, at_once: bool) -> None:
        """Put in settlements; `at_once`: an answer waits for them."""
        self._reports.extend(reports)
        self._tell(at_once=at_once or len(self._reports) >= MOST_REPORTS_WAITING)

    def put_receipts(self, receipts: Sequence[Arrival]) -> None:
        """Put in receipts."""
        self._receipts.extend(receipts)
        waiting = len(self._receipts)
        at_once = waiting >= self._most_receipts and monotonic() < self._tried_again_at
        if at_once and waiting > self._most_receipts:
            self._most_receipts = waiting  # so many the carrier sends without an acknowledgement
        self._tell(at_once=at_once or waiting >= MOST_RECEIPTS_WAITING)

    def gather(self, work: Work, *, seconds: float, expects: bool) -> None:
        """Wait at most so long for a first item, then take the others without waiting.

        With `expects` settlements will come soon: then they need not wake the thread.
        """
        self.overslept = 0.0
        takes_all = seconds <= 0 or self._wait(work, seconds, soon=expects)
        try:
            while work.size() < MOST_AT_ONCE:
                item = self._queue.get_nowait()
                takes_all = self._take(item, work) or takes_all
        except Empty:
            pass
        if takes_all or self._age() >= WITH_A_TEXT_SECONDS:
            self.take_waiting(work)

    def take_waiting(self, work: Work) -> None:
        """Take what waits for company, without any."""
        self._since = None
        # Receipts first: the report on the segment of each was put in before it.
        while self._receipts and work.size() < MOST_AT_ONCE:
            work.add_arrival(self._receipts.popleft())
        while self._reports and work.size() < MOST_AT_ONCE:
            work.add_report(self._reports.popleft())

    def _tell(self, *, at_once: bool) -> None:
        if self._since is None:
            self._since = monotonic()
        if at_once:
            self._queue.put(_Now())
        elif not self._is_awaited:
            self._is_awaited = True
            self._queue.put(_Soon())

    def _age(self) -> float:
        """Return how long something has waited for company."""
        if not (self._reports or self._receipts):
            return 0.0
        if self._since is None:  # put in at the moment when the others were taken
            self._since = monotonic()
        return monotonic() - self._since

    def _take(self, item: Item | _Soon | _Now, work: Work) -> bool:
        """Take one item; return whether nothing may wait any more."""
        if isinstance(item, _Soon):
            return False
        if isinstance(item, _Now):
            return True
        work.add(item)
        if self._receipts and work.texts and len(self._receipts) >= self._most_receipts:
            self._most_receipts = len(self._receipts) + 1  # a text came beside so many
        return False

    def _wait(self, work: Work, seconds: float, *, soon: bool) -> bool:
        """Wait for the first item; return whether what waited for company must wait no longer."""
        deadline = monotonic() + seconds
        while True:
            self._is_awaited = soon
            if self._reports or self._receipts:  # looked at after the mark is set: who comes later sees the mark
                soon = self._is_awaited = True
            if len(self._reports) >= MOST_REPORTS_WAITING or len(self._receipts) >= MOST_RECEIPTS_WAITING:
                return True
            left = deadline - monotonic()
            longest = max(0.0, min(left, ALONE_SECONDS - self._age()) if soon else left)
            try:
                item = self._get(longest)
            except Empty:
                if self._age() >= ALONE_SECONDS:
                    self._note_in_vain()
                    return True
                if deadline <= monotonic():
                    return False
                soon = False
                continue
            if isinstance(item, _Soon):
                soon = True
                continue
            return self._take(item, work)

    def _get(self, seconds: float) -> Item | _Soon | _Now:
        """Wait at most so long for an item."""
        until = monotonic() + seconds
        try:
            return self._queue.get(timeout=seconds)
        finally:
            self.overslept = max(self.overslept, monotonic() - until)

    def _note_in_vain(self) -> None:
        """Note how many receipts waited and nothing came: the carrier may wait for their acknowledgements."""
        if self._receipts and monotonic() >= self._tried_again_at:
            self._most_receipts = len(self._receipts)
            self._tried_again_at = monotonic() + TRIED_AGAIN_SECONDS


def count_work(metrics: Metrics, work: Work) -> None:
    """Count what a round carried out."""
    for step, size in (("dispatch", len(work.ready)), ("receipts", len(work.receipts))):
        if size:
            metrics.batch(step, size)
    for state, times in Counter(receipt.state.value for _, receipt in work.receipts).items():
        metrics.receipt(state, times)
    misreads = Counter(read.command.kind.value for read in work.ready if isinstance(read.command, Misread))
    for kind, times in misreads.items():
        metrics.misread(kind, times)
    commands = Counter(read.command.name for read in work.ready if not isinstance(read.command, Misread))
    for name, times in commands.items():
        metrics.command(name, times)
