"""The counter where HTTP requests wait."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text as sql

from db.schema import InboundState, OutboundState, event, inbound, outbound
from db.store.engine import Database
from db.store.ids import IdSource
from sms_gateway.channels.http import answer_waiter
from sms_gateway.channels.http.answer_waiter import AnswerWaiter, DirectIntake, PipelineIntake
from sms_gateway.pipeline.ports import InboundPart, InboundText, Verdict
from tests.sms_gateway.pipeline.conftest import Stage, make_stage, running_stage
from tests.sms_gateway.pipeline.edges import Clock, text


def over_http(body: str = "HD", provider_id: str | None = "7") -> InboundText:
    return text(body, link="portal", session=None, provider_id=provider_id)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stage(database: Database, clock: Clock) -> Iterator[Stage]:
    with running_stage(database, clock) as stage:
        yield stage


@pytest.fixture
def answers(stage: Stage) -> AnswerWaiter:
    return AnswerWaiter(database=stage.database, new_id=IdSource(node=7, now=stage.clock).new, now=stage.clock)


@pytest.fixture
def shared(stage: Stage) -> PipelineIntake:
    return PipelineIntake(stage.pipeline)


def test_a_text_is_stored_and_its_answer_collected(stage: Stage, shared: PipelineIntake, answers: AnswerWaiter) -> None:
    assert shared.take(over_http()) is Verdict.STORED
    answer = answers.collect("portal", "84905123456", over_http(), 5)
    assert answer is not None
    assert "TK" in answer
    assert stage.rows(outbound)[0]["state"] is OutboundState.SENT
    assert [row["kind"] for row in stage.rows(event)] == ["answered_in_response"]
    assert stage.carrier.sent == []


def test_a_request_sent_again_gets_the_same_answer_again(
    stage: Stage, shared: PipelineIntake, answers: AnswerWaiter
) -> None:
    shared.take(over_http())
    first = answers.collect("portal", "84905123456", over_http(), 5)
    assert shared.take(over_http()) is Verdict.DUPLICATE
    assert answers.collect("portal", "84905123456", over_http(), 5) == first
    assert len(stage.rows(outbound)) == 1


def test_what_one_request_holds_is_taken_together(stage: Stage, shared: PipelineIntake) -> None:
    first, second, third = (over_http(f"HD {number}", provider_id=str(number)) for number in range(3))
    halves = [
        InboundPart(
            link="portal",
            session=None,
            sender="84905123456",
            recipient="8188",
            reference=7,
            total=2,
            number=number,
            octets=words.encode("utf-16-be"),
            data_coding=8,
            received_at=stage.clock(),
            reply_link="portal",
        )
        for number, words in ((2, " 9"), (1, "HD"))
    ]
    assert shared.take(first, second, halves[0]) is Verdict.STORED
    assert shared.take(first, second, halves[0]) is Verdict.DUPLICATE
    assert shared.take(first, third, halves[1]) is Verdict.STORED
    new = [row for row in stage.rows(inbound) if row["state"] is not InboundState.REDELIVERY]
    assert sorted(str(row["body"]) for row in new) == ["HD 0", "HD 1", "HD 2", "HD 9"]
    assert {row["reply_link"] for row in new if row["body"] == "HD 9"} == {"portal"}


def test_a_reused_id_never_gives_another_senders_answer(
    stage: Stage, shared: PipelineIntake, answers: AnswerWaiter
) -> None:
    secret = text("TK, Nguyen Van Mau, 201488888, 31/02/1990", sender="84905000001", link="portal", provider_id="a")
    other = text("HD", sender="84905000002", link="portal", provider_id="a")
    assert shared.take(secret) is Verdict.STORED
    first = answers.collect("portal", "84905000001", secret, 5)
    assert first is not None
    assert shared.take(other) is Verdict.STORED
    second = answers.collect("portal", "84905000002", other, 5)
    assert second is not None
    assert second != first
    assert "201488888" not in second
    assert [row["state"] for row in stage.rows(inbound)] == [InboundState.HANDLED] * 2


def test_an_answer_is_given_to_nobody_but_the_sender_it_was_made_for(
    stage: Stage, shared: PipelineIntake, answers: AnswerWaiter
) -> None:
    """The second defence: whatever text is found, the answer must be to the one who asks."""
    shared.take(over_http())
    assert answers.collect("portal", "84905999999", over_http(), 0.05) is None
    assert answers.collect("portal", "0905123456", over_http(), 5) is not None


def test_the_same_question_under_an_id_of_everybody_gets_its_own_answer(
    stage: Stage, shared: PipelineIntake, answers: AnswerWaiter
) -> None:
    """A provider that writes the same id into every request: what was told yesterday is no answer for today."""
    for sender in ("84905123456", "84905123457"):
        shared.take(text("HD", sender=sender, link="portal", provider_id="same"))
    stage.clock.pass_(days=1)
    again = text("HD", link="portal", provider_id="same", at=stage.clock.time)
    assert shared.take(again) is Verdict.STORED
    assert answers.collect("portal", "84905123456", again, 5) is not None
    assert len(stage.rows(outbound)) == 3


def test_a_repetition_of_a_double_tap_gets_the_answer(
    stage: Stage, shared: PipelineIntake, answers: AnswerWaiter
) -> None:
    shared.take(over_http())
    first = answers.collect("portal", "84905123456", over_http(), 5)
    assert shared.take(over_http(provider_id="8")) is Verdict.DUPLICATE
    stage.clock.pass_(minutes=2)
    again = text("HD", link="portal", session=None, provider_id="8", at=stage.clock.time)
    assert shared.take(again) is Verdict.DUPLICATE
    assert answers.collect("portal", "84905123456", again, 5) == first


def test_an_answer_with_a_password_is_given_once(stage: Stage, shared: PipelineIntake, answers: AnswerWaiter) -> None:
    request = over_http("TK, Nguyen Van A, 201499999, 20/12/1990", None)
    shared.take(request)
    assert answers.collect("portal", "84905123456", request, 5) is not None
    assert stage.rows(outbound)[0]["body"] is None
    assert answers.collect("portal", "84905123456", request, 0.1) is None


@pytest.mark.parametrize("state", [OutboundState.CLAIMED, OutboundState.FAILED, OutboundState.EXPIRED])
def test_an_answer_that_a_carrier_has_or_had_is_not_returned(
    stage: Stage, shared: PipelineIntake, answers: AnswerWaiter, state: OutboundState
) -> None:
    assert shared.take(over_http()) is Verdict.STORED
    stage.eventually(lambda: len(stage.rows(outbound)) == 1)
    with stage.database.write() as connection:
        connection.execute(outbound.update().values(state=state))
    assert answers.collect("portal", "84905123456", over_http(), 0.1) is None
    assert stage.rows(outbound)[0]["state"] is state


def test_a_text_that_gets_no_answer_is_not_waited_for(shared: PipelineIntake, answers: AnswerWaiter) -> None:
    request = text("HD", sender="8188", link="portal", session=None)
    assert shared.take(request) is Verdict.STORED
    assert answers.collect("portal", "8188", request, 60) is None


def test_waits_no_longer_than_asked(stage: Stage, answers: AnswerWaiter) -> None:
    stage.pipeline.stop(0.5)  # nobody handles the text
    own = DirectIntake(database=stage.database, new_id=IdSource(node=8, now=stage.clock).new)
    own.take(over_http())
    assert answers.collect("portal", "84905123456", over_http(), 0.05) is None


def test_the_web_tier_alone_stores_and_another_process_answers(stage: Stage, answers: AnswerWaiter) -> None:
    own = DirectIntake(database=stage.database, new_id=IdSource(node=8, now=stage.clock).new)
    assert own.take(over_http()) is Verdict.STORED
    assert own.take(over_http()) is Verdict.DUPLICATE
    assert answers.collect("portal", "84905123456", over_http(), 10) is not None


@pytest.mark.database_matters
def test_one_provider_id_stored_by_two_processes_at_once_is_one_text(database: Database, clock: Clock) -> None:
    start = Barrier(2)

    def take(node: int) -> Verdict:
        own = DirectIntake(database=database, new_id=IdSource(node=node, now=clock).new)
        start.wait(10)
        return own.take(over_http())

    with ThreadPoolExecutor(2) as pool:
        verdicts = sorted(pool.map(take, (8, 9)), key=lambda verdict: verdict.value)
    assert verdicts == [Verdict.DUPLICATE, Verdict.STORED]
    with database.read() as connection:
        states = {row.state for row in connection.execute(inbound.select())}
    assert states == {InboundState.RECEIVED, InboundState.REDELIVERY}


def test_a_road_that_does_not_answer_makes_the_provider_come_again(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_waiter, "STORE_SECONDS", 0.05)
    stage = make_stage(database, clock)  # never started
    assert PipelineIntake(stage.pipeline).take(over_http()) is Verdict.TRY_LATER


def test_a_locked_database_makes_the_provider_come_again(sqlite_database: Database, clock: Clock) -> None:
    own = DirectIntake(database=sqlite_database, new_id=IdSource(node=8, now=clock).new)
    with sqlite_database.write() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    assert own.take(over_http()) is Verdict.TRY_LATER


def test_a_fault_of_ours_is_not_hidden(sqlite_database: Database, clock: Clock) -> None:
    own = DirectIntake(database=sqlite_database, new_id=IdSource(node=8, now=clock).new)
    with sqlite_database.write() as connection:
        connection.execute(sql("DROP TABLE inbound"))
    with pytest.raises(Exception, match="no such table"):
        own.take(over_http())
