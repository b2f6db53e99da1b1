"""Receipts that one process stores while another one stores the response to their segment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from db.messages.outbox import SentSegment
from db.schema import OutboundState, outbound, segment, stray_receipt
from db.store.engine import Database
from sms_gateway.pipeline.delivery.receipts import SECOND_LOOK_AFTER, RecentSegments, record_receipts
from sms_gateway.pipeline.ports import Submission
from tests.sms_gateway.pipeline.conftest import Stage, running_stage
from tests.sms_gateway.pipeline.edges import START, Clock, arrive, receipt, text


@pytest.fixture
def stage(postgres_database: Database, clock: Clock) -> Iterator[Stage]:
    """Several processes share one database on PostgreSQL only."""
    with running_stage(postgres_database, clock) as stage:
        yield stage


@pytest.mark.parametrize("message_id", ["00000001", "1"])
def test_a_receipt_that_another_process_stores_at_the_same_time_is_found(stage: Stage, message_id: str) -> None:
    store_across(stage, message_id)
    assert [row["state"] for row in stage.rows(outbound)] == [OutboundState.SENT]
    stage.clock.time += SECOND_LOOK_AFTER
    stage.eventually(lambda: stage.rows(outbound)[0]["state"] is OutboundState.DELIVERED)
    assert stage.rows(stray_receipt) == []


def test_a_receipt_of_another_message_stays_where_it_is(stage: Stage) -> None:
    store_across(stage, "00000002")
    stage.clock.time += SECOND_LOOK_AFTER
    arrive(stage.pipeline, text("HD", sender="84905000002", at=stage.clock()))
    stage.eventually(lambda: len(stage.rows(segment)) == 2)
    assert stage.rows(outbound)[0]["state"] is OutboundState.SENT


def store_across(stage: Stage, message_id: str) -> None:
    """Let two transactions overlap: one stores a receipt, the other one the response to an answer."""
    stage.carrier.respond = keep_silent
    arrive(stage.pipeline, text("HD"))
    (submission,) = stage.carrier.wait_for(1)
    with stage.database.write() as other:
        found = [receipt(message_id)]
        assert record_receipts(other, found, new_id=stage.desk.new_id, now=stage.clock()) == 1
        stage.pipeline.report([stage.carrier.take(submission)])
        stage.eventually(lambda: len(stage.rows(segment)) == 1)
    stage.carrier.respond = stage.carrier.take
    assert len(stage.rows(stray_receipt)) == 1


def keep_silent(submission: Submission) -> None:
    """Owe the response."""
    del submission


def sent(number: int) -> SentSegment:
    return SentSegment(
        outbound_id=number,
        number=1,
        link="main",
        message_id=str(number),
        message_key=str(number),
        sent_at=START,
        submitted_at=START,
    )


def test_segments_are_due_in_their_order_and_once() -> None:
    recent = RecentSegments()
    recent.remember([sent(1), sent(2)], at=START)
    recent.remember([sent(3)], at=START + timedelta(seconds=1))
    first = START + SECOND_LOOK_AFTER
    assert recent.due(first - timedelta(microseconds=1)) == []
    assert recent.due(first) == [sent(1), sent(2)]
    assert recent.due(first) == [sent(1), sent(2)]  # its transaction may have failed
    recent.forget(2)
    assert recent.due(first) == []
    assert recent.due(first + timedelta(seconds=1)) == [sent(3)]


def test_a_flood_of_segments_stays_bounded() -> None:
    recent = RecentSegments()
    recent.remember([sent(number) for number in range(10_500)], at=START)
    looks = 0
    while due := recent.due(START + SECOND_LOOK_AFTER):
        assert len(due) <= 1_000
        recent.forget(len(due))
        looks += 1
    assert looks == 10
