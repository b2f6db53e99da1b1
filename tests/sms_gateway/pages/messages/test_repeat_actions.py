"""When a text may be run again, and an answer sent again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from db.reports.message_log import AnswerRow, TextRow
from db.schema import InboundState, OutboundState
from db.store.address import Address
from sms_gateway.pages.messages.repeat_actions import may_run_again, may_send_again
from tests.sms_gateway.conftest import NOON

TEXT = TextRow(
    id=1,
    link="viettel",
    sender=Address("84905123456"),
    recipient="8188",
    body="HD",
    received_at=NOON,
    state=InboundState.HANDLED,
    reading="help",
    outcome="helped",
)
ANSWER = AnswerRow(
    id=2,
    link="viettel",
    shown="Soan HD gui 8188",
    is_secret=False,
    reference=1,
    state=OutboundState.FAILED,
    created_at=NOON,
    expires_at=NOON + timedelta(minutes=15),
    sent_at=None,
    settled_at=NOON,
    attempts=1,
    unsure=False,
    data_coding=0,
    segments=1,
    error=None,
)
MISREAD = "misread:full_name"
RUNS = {
    (InboundState.PARKED, "help"): {None, *OutboundState},
    (InboundState.HANDLED, "help"): {None, "failed", "expired"},
    (InboundState.HANDLED, MISREAD): {None, "failed", "expired", "sent", "delivered"},
}


@pytest.mark.parametrize("state", list(InboundState))
@pytest.mark.parametrize("reading", ["help", MISREAD])
def test_a_text_is_run_again_where_it_makes_sense(state: InboundState, reading: str) -> None:
    text = replace(TEXT, state=state, reading=reading)
    runs = RUNS.get((state, reading), RUNS[InboundState.PARKED, "help"] if state is InboundState.PARKED else set())
    for answered in (None, *OutboundState):
        answers = () if answered is None else (replace(ANSWER, state=answered),)
        assert may_run_again(text, answers) is (answered in runs), (state, answered)
        assert not may_run_again(replace(text, body=""), answers)  # its words were deleted


def test_an_answer_is_sent_again_where_it_makes_sense() -> None:
    for state in OutboundState:
        answer = replace(ANSWER, state=state)
        assert may_send_again(answer, (answer,)) is (state in {"sent", "failed", "expired"}), state
        for later in OutboundState:
            follower = replace(ANSWER, id=3, state=later)
            expected = state in {"sent", "failed", "expired"} and later in {"failed", "expired"}
            assert may_send_again(answer, (answer, follower)) is expected, (state, later)
    for change in ({"is_secret": True}, {"shown": None}):
        answer = replace(ANSWER, **change)
        assert not may_send_again(answer, (answer,))


def test_a_text_that_came_while_its_service_was_off_is_run_again_once_it_is_on() -> None:
    delivered = (replace(ANSWER, state=OutboundState.DELIVERED),)
    for outcome in ("accounts_off", "look_ups_off", "notices_off", "table_off"):
        text = replace(TEXT, reading="look_up_status", outcome=outcome)
        assert may_run_again(text, delivered, is_open=True), outcome
        assert not may_run_again(text, delivered, is_open=False), outcome
    silent = replace(TEXT, state=InboundState.SILENCED, outcome="switched_off")
    assert may_run_again(silent, (), is_open=True)
    assert not may_run_again(silent, (), is_open=False)
    assert not may_run_again(replace(silent, outcome="blocked"), (), is_open=True)


def test_a_text_that_came_while_the_conversation_was_shut_is_run_again_once_it_is_open() -> None:
    text, answers = (
        replace(TEXT, reading="question", outcome="conversation_off"),
        (replace(ANSWER, state=OutboundState.DELIVERED),),
    )
    assert may_run_again(text, answers, is_open=True)
    assert not may_run_again(text, answers, is_open=False)
    assert not may_run_again(replace(text, outcome="ticket_opened"), answers, is_open=True)
    assert not may_run_again(text, (replace(ANSWER, state=OutboundState.QUEUED),), is_open=True)
