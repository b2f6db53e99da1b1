"""What one round of the pipeline has in hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from db.messages.inbox import WaitingText
from sms_gateway.pipeline.dispatch.handling import ReadText
from sms_gateway.pipeline.ports import Arrival, DeliveryReceipt, InboundPart, InboundText, SendReport

MOST_AT_ONCE = 500
"""Arrivals and reports in one round: bounds the time of a commit, and so the latency of the next text."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """A wake-up: look at the tables again."""


Item = tuple[Arrival, ...] | tuple[SendReport, ...] | ReadText | Nudge
"""What others put in the pipeline's queue; a ReadText is one that was prepared in the pool."""


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

    def add(self, items: Iterable[Item]) -> None:
        """Sort items into their places."""
        for item in items:
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


def gather(queue: SimpleQueue[Item], work: Work, *, seconds: float) -> None:
    """Wait at most so long for a first item, then take the others without waiting."""
    try:
        work.add([queue.get(timeout=seconds) if seconds > 0 else queue.get_nowait()])
        while work.size() < MOST_AT_ONCE:
            work.add([queue.get_nowait()])
    except Empty:
        return
