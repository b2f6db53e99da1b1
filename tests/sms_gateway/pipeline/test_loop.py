"""The pipeline from the HTTP endpoint to the receipt, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text as sql

from db.citizens.dossiers import DossierFacts, import_dossiers
from db.schema import (
    DossierStatus,
    InboundState,
    OutboundState,
    ReceiptState,
    account,
    event,
    inbound,
    outbound,
    segment,
)
from db.store.engine import Database
from db.store.ids import IdSource
from sms_gateway.pipeline.ports import InboundText, Refusal, SegmentTaken, SendReport, Submission, Verdict
from tests.sms_gateway.pipeline.conftest import Stage, make_stage
from tests.sms_gateway.pipeline.edges import START, Clock, arrive, receipt, text


def keep_silent(submission: Submission) -> None:
    """Take an answer and give no response."""


def set_read_only(database: Database, *, on: bool) -> None:
    """Make the writer fail as on a full disk."""
    with database.turns.take(10):
        database.kept.close()
        connection = database.writer.raw_connection()
        connection.cursor().execute(f"PRAGMA query_only = {on}")
        connection.close()


TK = "TK, Nguyen Van A, 201499999, 20/12/1990"


def test_answers_a_call_for_help(stage: Stage) -> None:
    assert arrive(stage.pipeline, text("HD")) == [Verdict.STORED]
    (answer,) = stage.carrier.wait_for(1)
    assert answer.recipient == "84905123456"
    assert answer.sender == "8188"
    assert "TK" in answer.body
    stage.eventually(lambda: stage.rows(outbound)[0]["state"] is OutboundState.SENT)
    assert stage.rows(inbound)[0]["state"] is InboundState.HANDLED
    assert stage.rows(inbound)[0]["reading"] == "help"


def test_opens_an_account_and_forgets_the_password_once_it_is_sent(stage: Stage) -> None:
    arrive(stage.pipeline, text(TK))
    (answer,) = stage.carrier.wait_for(1)
    stage.eventually(lambda: stage.rows(outbound)[0]["state"] is OutboundState.SENT)
    (row,) = stage.rows(outbound)
    assert row["body"] is None
    assert "****" in str(row["masked"])
    assert len(stage.rows(account)) == 1
    assert stage.rows(account)[0]["password_hash"].startswith("$argon2id$")  # type: ignore[attr-defined]  # a str
    assert len(answer.body) <= 160


def test_tells_the_state_of_a_dossier(stage: Stage) -> None:
    facts = DossierFacts(code="000.00.12.H17-230815-0007", status=DossierStatus.IN_PROGRESS)
    with stage.database.write() as connection:
        import_dossiers(connection, [facts], now=START, new_id=IdSource(node=1, now=stage.clock).new)
    arrive(stage.pipeline, text("dvc 0000012h172308150007"))
    (answer,) = stage.carrier.wait_for(1)
    assert "000.00.12.H17-230815-0007" in answer.body


def test_a_receipt_marks_the_answer_delivered(stage: Stage) -> None:
    arrive(stage.pipeline, text("HD"))
    stage.eventually(lambda: len(stage.rows(segment)) == 1)
    assert arrive(stage.pipeline, receipt("1")) == [Verdict.STORED]
    assert stage.rows(outbound)[0]["state"] is OutboundState.DELIVERED
    assert stage.rows(segment)[0]["receipt"] is ReceiptState.DELIVERED


def test_a_receipt_that_comes_before_the_response_is_kept_for_it(stage: Stage) -> None:
    stage.carrier.respond = keep_silent
    arrive(stage.pipeline, text("HD"))
    held = stage.carrier.wait_for(1)
    arrive(stage.pipeline, receipt("00000001"))
    stage.pipeline.report([stage.carrier.take(held[0])])
    stage.eventually(lambda: stage.rows(outbound)[0]["state"] is OutboundState.DELIVERED)


@pytest.mark.parametrize(
    ("texts", "state"),
    [
        pytest.param(
            (text(provider_id="a"), text(provider_id="a", at=START + timedelta(days=1))),
            InboundState.REDELIVERY,
            id="same provider id",
        ),
        pytest.param((text(session=1), text(session=2)), InboundState.REDELIVERY, id="later session"),
        pytest.param((text(), text()), InboundState.DOUBLE_TAP, id="double tap"),
        pytest.param((text(), text(link="web", session=None)), InboundState.DOUBLE_TAP, id="over another channel"),
        pytest.param(
            (text(provider_id="a"), text(provider_id="b")), InboundState.DOUBLE_TAP, id="double tap, another id"
        ),
    ],
)
@pytest.mark.parametrize("batches", [1, 2])
def test_a_text_that_came_before_is_acknowledged_and_not_answered_again(
    stage: Stage, texts: tuple[InboundText, InboundText], state: InboundState, batches: int
) -> None:
    if batches == 1:
        verdicts = arrive(stage.pipeline, *texts)
    else:
        verdicts = arrive(stage.pipeline, texts[0]) + arrive(stage.pipeline, texts[1])
    assert verdicts == [Verdict.STORED, Verdict.DUPLICATE]
    stage.carrier.wait_for(1)
    rows = stage.rows(inbound)
    assert [row["state"] for row in rows][1] is state
    assert rows[1]["duplicate_of"] == rows[0]["id"]
    assert len(stage.rows(outbound)) == 1
    assert len(stage.rows(event)) == 1


def test_a_citizen_who_repeats_later_is_answered_anew(stage: Stage) -> None:
    arrive(stage.pipeline, text("HD"))
    stage.clock.pass_(seconds=30)
    assert arrive(stage.pipeline, text("HD", at=stage.clock())) == [Verdict.STORED]
    stage.carrier.wait_for(2)


def test_the_same_account_is_never_opened_twice(stage: Stage) -> None:
    arrive(stage.pipeline, text(TK))
    stage.carrier.wait_for(1)
    stage.clock.pass_(seconds=30)
    arrive(stage.pipeline, text(TK, at=stage.clock()))
    first, second = stage.carrier.wait_for(2)
    assert len(stage.rows(account)) == 1
    assert first.body != second.body


@pytest.mark.parametrize("sender", ["8188", "VIETTEL", ""])
def test_what_is_no_phone_is_stored_and_never_answered(stage: Stage, sender: str) -> None:
    assert arrive(stage.pipeline, text("HD", sender=sender)) == [Verdict.STORED]
    assert stage.rows(inbound)[0]["state"] is InboundState.UNANSWERABLE
    assert stage.rows(outbound) == []


def test_what_is_for_a_program_is_stored_and_never_answered(stage: Stage) -> None:
    assert arrive(stage.pipeline, replace(text("HD"), is_for_program=True)) == [Verdict.STORED]
    assert stage.rows(inbound)[0]["state"] is InboundState.UNANSWERABLE
    assert stage.rows(outbound) == []


def test_a_text_with_a_lone_surrogate_and_zeros_is_stored_and_answered(stage: Stage) -> None:
    assert arrive(stage.pipeline, text("DVC \ud800\x00 x")) == [Verdict.STORED]
    stage.carrier.wait_for(1)


@pytest.mark.parametrize("refusal", [Refusal.THROTTLED, Refusal.TEMPORARY, Refusal.NOT_SENT])
def test_an_answer_refused_for_now_is_sent_again(stage: Stage, refusal: Refusal) -> None:
    stage.carrier.respond = lambda one: stage.carrier.refuse(one, refusal)
    arrive(stage.pipeline, text("HD"))
    stage.carrier.wait_for(1)
    stage.carrier.respond = stage.carrier.take
    stage.eventually(lambda: stage.rows(outbound)[0]["state"] is not OutboundState.CLAIMED)
    stage.clock.pass_(seconds=10)
    stage.eventually(lambda: stage.rows(outbound)[0]["state"] is OutboundState.SENT)
    assert stage.rows(outbound)[0]["unsure"] is False


def test_an_answer_without_a_response_is_sent_again_and_marked_unsure(stage: Stage) -> None:
    stage.carrier.respond = lambda one: stage.carrier.refuse(one, Refusal.UNANSWERED, "no_response")
    arrive(stage.pipeline, text("HD"))
    stage.carrier.wait_for(1)
    stage.carrier.respond = stage.carrier.take
    stage.eventually(lambda: stage.rows(outbound)[0]["state"] is not OutboundState.CLAIMED)
    stage.clock.pass_(seconds=10)
    stage.eventually(lambda: stage.rows(outbound)[0]["state"] is OutboundState.SENT)
    assert stage.rows(outbound)[0]["unsure"] is True


def test_an_answer_that_never_gets_a_response_is_given_up(stage: Stage) -> None:
    stage.carrier.respond = lambda one: stage.carrier.refuse(one, Refusal.UNANSWERED, "no_response")
    arrive(stage.pipeline, text("HD"))
    for tries in (1, 2, 3):
        stage.carrier.wait_for(tries)
        stage.eventually(lambda: stage.rows(outbound)[0]["state"] is not OutboundState.CLAIMED)
        stage.clock.pass_(seconds=60)
    stage.eventually(lambda: stage.rows(outbound)[0]["state"] is OutboundState.FAILED)


def test_an_answer_refused_for_good_fails_and_loses_its_secret(stage: Stage) -> None:
    stage.carrier.respond = lambda one: stage.carrier.refuse(one, Refusal.PERMANENT, "ESME_RINVDSTADR")
    arrive(stage.pipeline, text(TK))
    stage.eventually(lambda: any(row["state"] is OutboundState.FAILED for row in stage.rows(outbound)))
    (row,) = stage.rows(outbound)
    assert row["error"] == "ESME_RINVDSTADR"
    assert row["body"] is None


def test_an_answer_that_is_too_old_is_marked_and_not_sent(stage: Stage) -> None:
    stage.carrier.respond = lambda one: stage.carrier.refuse(one, Refusal.TEMPORARY)
    arrive(stage.pipeline, text("HD"))
    stage.carrier.wait_for(1)
    stage.eventually(lambda: stage.rows(outbound)[0]["state"] is OutboundState.QUEUED)
    stage.clock.pass_(minutes=16)
    stage.eventually(lambda: stage.rows(outbound)[0]["state"] is OutboundState.EXPIRED)
    assert len(stage.carrier.sent) == 1


def test_answers_to_one_citizen_go_out_in_order(stage: Stage) -> None:
    stage.carrier.respond = keep_silent
    arrive(stage.pipeline, text("HD"), text("DVC 123456"), text("HD", sender="84905000001"))
    first, other = stage.carrier.wait_for(2)
    assert {first.recipient, other.recipient} == {"84905123456", "84905000001"}
    stage.carrier.respond = stage.carrier.take
    held = next(one for one in (first, other) if one.recipient == "84905123456")
    stage.pipeline.report([stage.carrier.take(held)])
    assert stage.carrier.wait_for(3)[2].recipient == "84905123456"


def test_segments_taken_at_the_first_try_are_not_sent_again(stage: Stage) -> None:
    def half(one: Submission) -> SendReport:
        report = stage.carrier.refuse(one, Refusal.THROTTLED)
        refused = replace(report.segments[0], number=2)
        return replace(report, total=2, segments=(SegmentTaken(number=1, message_id="a1"), refused))

    stage.carrier.respond = half
    arrive(stage.pipeline, text("HD"))
    stage.carrier.wait_for(1)
    stage.carrier.respond = keep_silent
    stage.eventually(lambda: stage.rows(outbound)[0]["state"] is OutboundState.QUEUED)
    stage.clock.pass_(seconds=5)
    assert stage.carrier.wait_for(2)[1].already_taken == frozenset({1})


def test_each_try_is_kept_with_the_time_at_which_it_was_written(stage: Stage) -> None:
    def written(how: Callable[[Submission], SendReport], seconds: int) -> Callable[[Submission], SendReport]:
        """Let a response come so long after the submit_sm was written."""

        def respond(one: Submission) -> SendReport:
            report = how(one)
            ago = stage.clock() - timedelta(seconds=seconds)
            return replace(report, segments=tuple(replace(part, submitted_at=ago) for part in report.segments))

        return respond

    begun = stage.clock()
    stage.carrier.respond = written(lambda one: stage.carrier.refuse(one, Refusal.THROTTLED, "ESME_RTHROTTLED"), 2)
    arrive(stage.pipeline, text("HD"))
    stage.eventually(lambda: stage.rows(outbound)[0]["state"] is OutboundState.QUEUED)
    stage.carrier.respond = written(stage.carrier.take, 1)
    stage.clock.pass_(seconds=5)
    stage.eventually(lambda: stage.rows(outbound)[0]["state"] is OutboundState.SENT)
    (refused,), (taken,) = stage.rows(event), stage.rows(segment)
    assert (refused["kind"], refused["detail"]) == ("retried", "ESME_RTHROTTLED")
    assert (refused["submitted_at"], refused["at"]) == (begun - timedelta(seconds=2), begun)
    assert (taken["submitted_at"], taken["sent_at"]) == (begun + timedelta(seconds=4), begun + timedelta(seconds=5))


def test_a_database_that_cannot_take_a_text_makes_the_carrier_keep_it(sqlite_database: Database, clock: Clock) -> None:
    stage = make_stage(sqlite_database, clock)
    stage.pipeline.start()
    try:
        set_read_only(sqlite_database, on=True)
        assert arrive(stage.pipeline, text("HD")) == [Verdict.TRY_LATER]
        assert arrive(stage.pipeline, text("HD")) == [Verdict.TRY_LATER]  # at once: the gate is shut
        set_read_only(sqlite_database, on=False)
        stage.eventually(lambda: arrive(stage.pipeline, text("HD")) == [Verdict.STORED])
        assert len(stage.carrier.wait_for(1)) == 1
    finally:
        stage.pipeline.stop(0.5)


def test_a_text_whose_handling_fails_is_parked_with_an_apology_and_its_neighbours_are_answered(
    database: Database, clock: Clock
) -> None:
    stage = make_stage(database, clock, max_attempts=2)
    with database.write() as connection:
        connection.execute(sql("DROP TABLE account"))  # whatever goes wrong in a handler
    stage.pipeline.start()
    try:
        arrive(stage.pipeline, text(TK), text("HD", sender="84905000001"))
        assert stage.carrier.wait_for(1)[0].recipient == "84905000001"
        stage.eventually(lambda: len(stage.rows(event)) == 1)
        stage.clock.pass_(seconds=5)
        (apology,) = [one for one in stage.carrier.wait_for(2) if one.recipient == "84905123456"]
        assert "Xin loi" in apology.body
        stage.eventually(lambda: stage.rows(inbound)[0]["state"] is InboundState.PARKED)
        kinds = [row["kind"] for row in stage.rows(event)]
        assert kinds == ["handling_failed", "parked"]
        assert "201499999" not in str(stage.rows(event))
    finally:
        stage.pipeline.stop(0.5)
