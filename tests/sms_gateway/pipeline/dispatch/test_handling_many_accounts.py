"""TK through the whole pipeline: closed by a flood and open again after it, and once whatever comes twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from db.citizens.account_administration import release
from db.citizens.accounts import find_by_id_number
from db.schema import account, inbound, outbound
from db.store.engine import Database
from sms_gateway.pipeline.dispatch.guard import Limits
from sms_gateway.pipeline.dispatch.guessing import GuessLimits
from sms_gateway.pipeline.ports import InboundText, Verdict
from tests.sms_gateway.pipeline.conftest import Stage, make_stage
from tests.sms_gateway.pipeline.edges import Clock, arrive, text

MOST = 2


@pytest.fixture
def stage(database: Database, clock: Clock) -> Iterator[Stage]:
    stage = make_stage(database, clock, limits=Limits(guesses=GuessLimits(accounts=MOST)))
    stage.pipeline.start()
    yield stage
    stage.pipeline.stop(0.5)
    assert not stage.pipeline.alive()


def tk(stage: Stage, number: int, *, session: int = 1) -> InboundText:
    body = f"TK, Nguyen Van A, 20149999{number}, 20/12/1990"
    return text(body, sender=f"8490512345{number}", at=stage.clock(), session=session)


def outcomes(stage: Stage) -> list[object]:
    return [row["outcome"] for row in stage.rows(inbound)]


def test_a_flood_closes_tk_and_nothing_fails_when_it_is_over(stage: Stage) -> None:
    arrive(stage.pipeline, *(tk(stage, number) for number in range(5)))
    sent = stage.carrier.wait_for(5)
    assert sorted(map(str, outcomes(stage))) == ["account_opened"] * MOST + ["registration_closed"] * 3
    refused = [one for one in sent if "MK:" not in one.body]
    assert len(refused) == 3
    assert {one.body for one in refused} == {
        "Hien co qua nhieu yeu cau mo tai khoan. Xin gui lai sau mot gio, hoac goi 1022, hoac den bo phan mot cua."
    }
    stage.clock.pass_(hours=1, seconds=1)
    again = [number for number in range(5) if f"8490512345{number}" in {one.recipient for one in refused}][:MOST]
    arrive(stage.pipeline, *(tk(stage, number) for number in again))
    stage.carrier.wait_for(5 + MOST)
    assert outcomes(stage)[5:] == ["account_opened"] * MOST
    assert len(stage.rows(account)) == 2 * MOST
    assert {row["attempts"] for row in stage.rows(inbound)} <= {0, 1}


def test_a_carrier_that_repeats_a_tk_after_its_number_was_released_opens_nothing(stage: Stage) -> None:
    arrive(stage.pipeline, tk(stage, 1))
    stage.carrier.wait_for(1)
    with stage.database.write() as connection:
        found = find_by_id_number(connection, "201499991")
        assert found is not None
        assert release(connection, found.id, phone=found.phone, released_id=stage.desk.new_id())
    stage.clock.pass_(minutes=5)
    assert arrive(stage.pipeline, tk(stage, 1, session=2)) == [Verdict.DUPLICATE]  # known as a repetition
    stage.clock.pass_(hours=20)
    assert arrive(stage.pipeline, tk(stage, 1, session=3)) == [Verdict.STORED]  # no longer, but it opens nothing
    stage.eventually(lambda: len(stage.rows(outbound)) == 2)
    assert outcomes(stage)[-1] == "account_refused"
    assert len(stage.rows(account)) == 1
