"""What a crash left behind, and how a stop leaves it."""

from __future__ import annotations

from threading import Timer

from db.messages.inbox import claim_waiting
from db.schema import (
    InboundState,
    OutboundState,
    inbound,
    outbound,
)
from db.store.engine import Database
from db.store.ids import IdSource
from sms_gateway.pipeline.dispatch.handling import dispatch, read_text
from sms_gateway.pipeline.intake.storage import store_texts
from sms_gateway.pipeline.loop import HANDLING_LEASE
from sms_gateway.pipeline.ports import Arrival, Submission, Verdict
from tests.sms_gateway.pipeline.conftest import make_stage
from tests.sms_gateway.pipeline.edges import Clock, PaperSource, arrive, receipt, text
from tests.sms_gateway.pipeline.test_loop import keep_silent


def test_a_restart_finishes_what_a_crash_left_behind(database: Database, clock: Clock) -> None:
    crashed = make_stage(database, clock)
    crashed.carrier.respond = keep_silent  # the process dies before the response
    crashed.pipeline.start()
    arrive(crashed.pipeline, text("HD"))
    crashed.carrier.wait_for(1)
    crashed.pipeline.stop(0.1)
    if not database.is_sqlite:
        clock.pass_(seconds=61)  # another process waits until the lease is over
    restarted = make_stage(database, clock)
    restarted.pipeline.start()
    try:
        restarted.carrier.wait_for(1)
        restarted.eventually(lambda: restarted.rows(outbound)[0]["state"] is OutboundState.SENT)
        assert restarted.rows(outbound)[0]["unsure"] is True
    finally:
        restarted.pipeline.stop(0.5)


def test_a_text_stored_and_not_handled_is_handled_after_a_restart(database: Database, clock: Clock) -> None:
    first = make_stage(database, clock)
    with database.write() as connection:
        store_texts(connection, [text("HD")], new_id=IdSource(node=3, now=clock).new, lease_until=None)
    first.pipeline.start()
    try:
        first.carrier.wait_for(1)
    finally:
        first.pipeline.stop(0.5)


def test_a_text_claimed_twice_is_carried_out_once(database: Database, clock: Clock) -> None:
    """A lease may end between intake and the look for reclaimed texts, as when the machine sleeps there."""
    stage = make_stage(database, clock)
    with database.write() as connection:
        store_texts(connection, [text("HD")], new_id=IdSource(node=3, now=clock).new, lease_until=None)
        first = claim_waiting(connection, now=clock(), lease_until=clock() + HANDLING_LEASE, limit=1)
        clock.pass_(minutes=1)
        second = claim_waiting(connection, now=clock(), lease_until=clock() + HANDLING_LEASE, limit=1)
    ready = [read_text(one, ["8188"]) for one in (*first, *second, *second)]
    with database.write() as connection:
        assert len(dispatch(connection, ready, stage.desk, now=clock())) == 1
    with database.write() as connection:
        assert dispatch(connection, ready, stage.desk, now=clock()) == []


def test_a_stop_finishes_what_is_in_hand_and_leaves_the_rest_as_rows(database: Database, clock: Clock) -> None:
    stage = make_stage(database, clock, room=1)

    def take_slowly(one: Submission) -> None:
        Timer(0.1, lambda: stage.pipeline.report([stage.carrier.take(one)])).start()

    stage.carrier.respond = take_slowly
    stage.pipeline.start()
    arrive(stage.pipeline, *(text("HD", sender=f"849051234{number:02d}") for number in range(60)))
    stage.carrier.wait_for(1)
    assert stage.pipeline.stop(3)
    states = {row["state"] for row in stage.rows(outbound)}
    assert states == {OutboundState.SENT, OutboundState.QUEUED}


def test_a_stop_takes_a_receipt_that_waits_for_others(database: Database, clock: Clock) -> None:
    stage, source = make_stage(database, clock), PaperSource()
    stage.pipeline.start()
    stage.pipeline.offer([Arrival(source=source, ticket=1, content=receipt("77"))])
    assert stage.pipeline.stop(3)
    assert source.verdicts == {1: [Verdict.STORED]}


def test_a_stop_lets_go_of_what_is_being_prepared(database: Database, clock: Clock) -> None:
    stage = make_stage(database, clock)
    stage.pipeline.start()
    arrive(
        stage.pipeline,
        *(text(f"TK, Nguyen Van A, 2014999{n:02d}, 20/12/1990", sender=f"849051234{n:02d}") for n in range(30)),
    )
    assert stage.pipeline.stop(3)
    waiting = [row for row in stage.rows(inbound) if row["state"] is InboundState.RECEIVED]
    assert waiting
    assert {row["lease_until"] for row in waiting} == {None}
