"""The queue of the pipeline: everything that came goes into one round, and a late wake-up is noted."""

from __future__ import annotations

import pytest

from sms_gateway.pipeline import work as work_module
from sms_gateway.pipeline.ports import Arrival, SegmentTaken, SendReport
from sms_gateway.pipeline.work import MOST_AT_ONCE, Nudge, Work, WorkQueue
from tests.sms_gateway.pipeline.edges import START, PaperSource, receipt, text


def a_report(number: int = 1) -> SendReport:
    taken = SegmentTaken(number=1, message_id=f"{number:08X}")
    return SendReport(outbound_id=number, data_coding=0, total=1, segments=(taken,), at=START)


def test_what_came_shares_a_round() -> None:
    queue, work = WorkQueue(), Work()
    queue.put((a_report(),))
    queue.put((Arrival(source=PaperSource(), ticket=1, content=receipt("00000001")),))
    queue.put((Arrival(source=PaperSource(), ticket=2, content=text()),))
    queue.put(Nudge())
    queue.gather(work, seconds=5)
    assert (len(work.texts), len(work.receipts), len(work.reports), work.nudged) == (1, 1, 1, True)
    queue.gather(work, seconds=0.01)
    assert work.size() == 3


def test_a_round_is_bounded() -> None:
    queue, work = WorkQueue(), Work()
    for number in range(MOST_AT_ONCE + 1):
        queue.put((a_report(number),))
    queue.gather(work, seconds=5)
    assert work.size() == MOST_AT_ONCE
    rest = Work()
    queue.gather(rest, seconds=0)
    assert (rest.size(), queue.overslept) == (1, 0.0)


def test_a_late_wake_up_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([10.0, 10.5])
    monkeypatch.setattr(work_module, "monotonic", lambda: next(times))
    queue = WorkQueue()
    queue.gather(Work(), seconds=0.01)
    assert queue.overslept == pytest.approx(0.49)
