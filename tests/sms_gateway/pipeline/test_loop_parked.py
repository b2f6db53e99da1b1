"""Texts that cannot be handled: parked with their fault, and handled again once it is fixed."""

from __future__ import annotations

import pytest
from sqlalchemy import text as sql

from db.messages import parked_texts
from db.schema import InboundState, account, inbound
from db.store.engine import Database
from db.store.ids import IdSource
from tests.sms_gateway.pipeline.conftest import Stage, make_stage
from tests.sms_gateway.pipeline.edges import Clock, arrive, text

TK = "TK, Nguyen Van A, 201499999, 20/12/1990"


@pytest.fixture
def broken(database: Database, clock: Clock) -> Stage:
    with database.write() as connection:
        connection.execute(sql("ALTER TABLE account RENAME TO elsewhere"))
    return make_stage(database, clock, max_attempts=1)


def fix(database: Database) -> None:
    with database.write() as connection:
        connection.execute(sql("ALTER TABLE elsewhere RENAME TO account"))


def run_again(stage: Stage) -> list[int]:
    with stage.database.write() as connection:
        again = parked_texts.run_parked_again(connection)
    stage.pipeline.nudge()
    return again


def is_parked(stage: Stage) -> bool:
    return stage.rows(inbound)[0]["state"] is InboundState.PARKED


def test_a_parked_text_is_listed_with_its_fault_and_run_again_once(broken: Stage) -> None:
    broken.pipeline.start()
    try:
        arrive(broken.pipeline, text(TK))
        assert "Xin loi" in broken.carrier.wait_for(1)[0].body
        broken.eventually(lambda: is_parked(broken))
        with broken.database.read() as connection:
            (parked,) = parked_texts.find_parked(connection)
        assert "db/citizens/accounts.py:" in parked.fault
        assert "201499999" not in parked.fault
        assert parked.parked_at == broken.clock()

        fix(broken.database)
        assert run_again(broken) == [parked.id]
        assert run_again(broken) == []
        assert "Xin loi" not in broken.carrier.wait_for(2)[1].body
        broken.eventually(lambda: stage_state(broken) is InboundState.HANDLED)
        assert len(broken.rows(account)) == 1
    finally:
        broken.pipeline.stop(0.5)


def test_one_that_fails_again_is_parked_again_and_apologised_for_once(broken: Stage) -> None:
    broken.pipeline.start()
    try:
        arrive(broken.pipeline, text(TK))
        broken.eventually(lambda: is_parked(broken))
        broken.clock.pass_(minutes=1)
        assert len(run_again(broken)) == 1
        broken.eventually(lambda: is_parked(broken) and stage_parked_at(broken) == broken.clock())
        assert len(broken.carrier.sent) == 1
    finally:
        broken.pipeline.stop(0.5)


def test_ids_choose_and_what_is_not_parked_is_left(database: Database, clock: Clock) -> None:
    with database.write() as connection:
        assert parked_texts.run_parked_again(connection, [IdSource(node=0, now=clock).new()]) == []
        assert parked_texts.find_parked(connection) == []


def stage_state(stage: Stage) -> object:
    return stage.rows(inbound)[0]["state"]


def stage_parked_at(stage: Stage) -> object:
    return stage.rows(inbound)[0]["handled_at"]
