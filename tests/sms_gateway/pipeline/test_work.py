"""The queue of the pipeline: who waits for company, and for how long."""

from __future__ import annotations

from threading import Timer
from time import monotonic, sleep

from sms_gateway.pipeline.ports import Arrival, SegmentTaken, SendReport
from sms_gateway.pipeline.work import (
    ALONE_SECONDS,
    MOST_RECEIPTS_WAITING,
    MOST_REPORTS_WAITING,
    WITH_A_TEXT_SECONDS,
    Nudge,
    Work,
    WorkQueue,
)
from tests.sms_gateway.pipeline.edges import START, PaperSource, receipt, text

LONG = 5.0
"""Seconds that no gathering here may take."""


def a_report(number: int = 1) -> SendReport:
    taken = SegmentTaken(number=1, message_id=f"{number:08X}")
    return SendReport(outbound_id=number, data_coding=0, total=1, segments=(taken,), at=START)


def a_receipt(number: int = 1) -> Arrival:
    return Arrival(source=PaperSource(), ticket=number, content=receipt(f"{number:08X}"))


def a_text(number: int = 1) -> tuple[Arrival, ...]:
    return (Arrival(source=PaperSource(), ticket=number, content=text()),)


def gather(queue: WorkQueue, *, seconds: float = LONG, expects: bool = False) -> tuple[Work, float]:
    work, began = Work(), monotonic()
    queue.gather(work, seconds=seconds, expects=expects)
    return work, monotonic() - began


def test_settlements_and_receipts_share_the_round_of_a_text_once_they_are_old_enough() -> None:
    for expects in (False, True):
        queue = WorkQueue()
        queue.put_reports([a_report()], at_once=False)
        queue.put_receipts([a_receipt()])
        queue.put(a_text())
        work, took = gather(queue, expects=expects)
        assert (len(work.texts), work.size()) == (1, 1), "a text waits for nothing, and younger ones wait for another"
        assert took < WITH_A_TEXT_SECONDS
        sleep(WITH_A_TEXT_SECONDS)
        queue.put(a_text())
        work, _ = gather(queue, expects=expects)
        assert (len(work.texts), len(work.reports), len(work.receipts)) == (1, 1, 1), expects


def test_without_a_text_they_wait_for_their_time_alone() -> None:
    for expects in (False, True):
        queue = WorkQueue()
        Timer(ALONE_SECONDS / 5, queue.put_reports, [[a_report()]], {"at_once": False}).start()
        work, took = gather(queue, expects=expects)
        assert len(work.reports) == 1, expects
        assert ALONE_SECONDS <= took < LONG / 2, expects


def test_expecting_what_does_not_come_ends_with_the_time() -> None:
    work, took = gather(WorkQueue(), seconds=ALONE_SECONDS * 3, expects=True)
    assert not work
    assert took >= ALONE_SECONDS * 2.9


def test_some_wait_for_nobody() -> None:
    """In order: an answer waits for it, too many settlements, too many receipts, no time to wait."""
    queues = [WorkQueue() for _ in range(4)]
    queues[0].put_reports([a_report()], at_once=True)
    queues[1].put_reports([a_report(number) for number in range(MOST_REPORTS_WAITING)], at_once=False)
    queues[2].put_receipts([a_receipt(number) for number in range(MOST_RECEIPTS_WAITING)])
    queues[3].put_receipts([a_receipt()])
    found = [gather(queue, seconds=0 if queue is queues[3] else LONG) for queue in queues]
    assert [work.size() for work, _ in found] == [1, MOST_REPORTS_WAITING, MOST_RECEIPTS_WAITING, 1]
    assert max(took for _, took in found) < WITH_A_TEXT_SECONDS
    queue = WorkQueue()
    queue.put_receipts([a_receipt()])
    queue.put(Nudge())
    work, _ = gather(queue)
    assert (work.nudged, work.size()) == (True, 0)
    queue.take_waiting(work)
    assert work.size() == 1, "a stop finishes what is in hand"


def test_as_many_receipts_as_waited_in_vain_wait_no_more_for_a_while() -> None:
    """The carrier's window may be full: then no text can come."""
    queue = WorkQueue()
    for is_first in (True, False):
        queue.put_receipts([a_receipt(number) for number in range(3)])
        work, took = gather(queue)
        assert len(work.receipts) == 3
        assert (took >= ALONE_SECONDS * 0.9) == is_first
    queue.put_receipts([a_receipt()])
    assert gather(queue)[1] >= ALONE_SECONDS * 0.9, "fewer never filled it"
