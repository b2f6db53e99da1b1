"""What one round of the pipeline has in hand, and the queue that it comes from."""

from __future__ import annotations

from collections import Counter
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


@dataclass(frozen=True, slots=True)
class Nudge:
    """A wake-up: look at the tables again."""


Item = tuple[Arrival, ...] | tuple[SendReport, ...] | ReadText | Nudge
"""What others put in the queue; a ReadText is one that was prepared in the pool."""


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
                for part in item:
                    self._place(part)

    def _place(self, part: Arrival | SendReport) -> None:
        # By type rather than by pattern: two of these for each text.
        if isinstance(part, SendReport):
            (self.reports if part.late_on is None else self.late).append(part)
            return
        content = part.content
        if isinstance(content, DeliveryReceipt):
            self.receipts.append((part, content))
        else:
            self.texts.append((part, content))

    def size(self) -> int:
        """Count what MOST_AT_ONCE bounds."""
        return len(self.texts) + len(self.receipts) + len(self.reports) + len(self.late)


class WorkQueue:
    """Where any thread puts work for the pipeline's thread, which alone calls `gather`."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Item] = SimpleQueue()
        self.overslept = 0.0  # seconds by which the last wait was longer than it should be

    def put(self, item: Item) -> None:
        """Put work in, and wake the thread."""
        self._queue.put(item)

    def gather(self, work: Work, *, seconds: float) -> None:
        """Wait at most so long for a first item, then take the others without waiting."""
        self.overslept = 0.0
        try:
            work.add(self._get(seconds) if seconds > 0 else self._queue.get_nowait())
            while work.size() < MOST_AT_ONCE:
                work.add(self._queue.get_nowait())
        except Empty:
            return

    def _get(self, seconds: float) -> Item:
        until = monotonic() + seconds
        try:
            return self._queue.get(timeout=seconds)
        finally:
            self.overslept = max(0.0, monotonic() - until)


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
