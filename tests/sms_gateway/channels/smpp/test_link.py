"""The link against the simulator, over real sockets."""

from __future__ import annotations

import itertools
import socket
import time
from dataclasses import replace

import pytest

from db.schema import ReceiptState
from sms_gateway.channels.smpp.coding.text import Encoding
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.session_numbers import SessionNumbers
from sms_gateway.demo.simulator import Conversation, Dialect, Direction, Simulator
from sms_gateway.pipeline.ports import Refusal, SegmentRefused, SegmentTaken, Verdict
from sms_gateway.settings.link_model import Alphabet, BindMode
from tests.sms_gateway.channels.smpp.conftest import Connect
from tests.sms_gateway.channels.smpp.fixtures.octets import raw
from tests.sms_gateway.channels.smpp.fixtures.pipeline import Pipeline, Script, make_link
from tests.sms_gateway.channels.smpp.fixtures.waiting import until

CITIZEN = "84905000001"


def told(segment: SegmentTaken | SegmentRefused) -> tuple[int, Refusal, str, bool]:
    """Return what a refusal says, and whether it knows when the segment was written."""
    assert isinstance(segment, SegmentRefused)
    return segment.number, segment.refusal, segment.error, segment.submitted_at is not None


def answered(conversation: Conversation) -> bool:
    return any(bubble.receipt for bubble in conversation)


@pytest.mark.parametrize("mode", list(BindMode))
def test_carries_a_text_an_answer_and_its_receipt(smsc: Simulator, connect: Connect, mode: BindMode) -> None:
    pipeline = Pipeline(Script(answer=lambda text: f"Da nhan: {text.body}"))
    link = connect(pipeline, mode=mode)
    smsc.send_text(CITIZEN, "8188", "DVC 000.00.12.H17")
    text, answer = smsc.wait_for(CITIZEN, answered)
    assert (text.direction, text.text, text.segments) == (Direction.MO, "DVC 000.00.12.H17", 1)
    assert text.settled_at is not None
    assert (answer.direction, answer.text, answer.encoding) == (
        Direction.MT,
        "Da nhan: DVC 000.00.12.H17",
        Encoding.GSM,
    )
    assert answer.receipt is ReceiptState.DELIVERED
    pipeline.wait(lambda it: len(it.receipts) == len(it.reports) == 1)  # in a pair, the receipt may come first
    (report,) = pipeline.reports
    (segment,) = report.segments
    assert isinstance(segment, SegmentTaken)
    assert (segment.number, segment.message_id) == (1, answer.message_ids[0])
    assert segment.submitted_at is not None
    assert pipeline.texts[0].received_at <= segment.submitted_at <= report.at
    assert pipeline.receipts[0].message_id == answer.message_ids[0]
    assert pipeline.texts[0].session == 1
    assert link.state().whole
    assert [bind.kind for bind in link.binds()] == (
        ["transceiver"] if mode is BindMode.TRANSCEIVER else ["receiver", "transmitter"]
    )
    assert link.alive()


def test_carries_long_texts_in_every_alphabet(smsc: Simulator, connect: Connect) -> None:
    pipeline = Pipeline(Script(answer=lambda text: text.body))
    connect(pipeline)
    for number, text in enumerate(["Nguyễn Văn Á " * 20, "[€]" * 100, "😀" * 100, "a" * 161]):
        citizen = f"8490500000{number}"
        smsc.send_text(citizen, "8188", text)
        sent, answer = smsc.wait_for(citizen, answered)
        assert answer.text == sent.text == text
        assert answer.segments == sent.segments == len(answer.message_ids)
    assert [text.body for text in pipeline.texts] == ["Nguyễn Văn Á " * 20, "[€]" * 100, "😀" * 100, "a" * 161]


@pytest.mark.parametrize("alphabet", list(Alphabet))
def test_carries_texts_by_a_carrier_with_any_default_alphabet(
    smsc: Simulator, connect: Connect, alphabet: Alphabet
) -> None:
    smsc.faults = replace(smsc.faults, alphabet=alphabet)
    pipeline = Pipeline(Script(answer=lambda text: text.body))
    connect(pipeline, alphabet=alphabet)
    texts = ["HD", "DVC 000.00.12.H17", "Hué ơi", "TK, Nguyen Van A, 201499999 " * 20, "a" * 161]
    for number, text in enumerate(texts):
        citizen = f"8490500000{number}"
        smsc.send_text(citizen, "8188", text)
        _, answer = smsc.wait_for(citizen, answered)
        assert answer.text == text
    assert [text.body for text in pipeline.texts] == texts
    pipeline.wait(lambda it: len(it.receipts) == sum(len(report.segments) for report in it.reports))


@pytest.mark.parametrize("dialect", list(Dialect))
def test_a_receipt_without_esm_class_is_never_answered(smsc: Simulator, connect: Connect, dialect: Dialect) -> None:
    smsc.faults = replace(smsc.faults, dialect=dialect, receipt_class=False, receipt_tlvs=False)
    pipeline = Pipeline(Script(answer=lambda text: f"Da nhan: {text.body}"))
    connect(pipeline)
    smsc.send_text(CITIZEN, "8188", "HD")
    pipeline.wait(lambda it: len(it.receipts) == 1)
    assert [text.body for text in pipeline.texts] == ["HD"]
    assert len(pipeline.reports) == 1


def test_keeps_many_texts_apart(smsc: Simulator, connect: Connect) -> None:
    smsc.faults = replace(smsc.faults, window=50)
    pipeline = Pipeline(Script(answer=lambda text: text.body))
    connect(pipeline, window=7)
    for number in range(300):
        smsc.send_text(f"849050{number:05d}", "8188", f"DVC {number}")
    for number in range(300):
        _, answer = smsc.wait_for(f"849050{number:05d}", answered)
        assert answer.text == f"DVC {number}"


def test_a_text_that_cannot_be_stored_is_sent_again(smsc: Simulator, connect: Connect) -> None:
    pipeline = Pipeline(Script(verdicts=(Verdict.TRY_LATER, Verdict.TRY_LATER)))
    connect(pipeline)
    smsc.send_text(CITIZEN, "8188", "HD")
    (text,) = smsc.wait_for(CITIZEN, lambda it: it[0].settled_at is not None)
    assert text.settled_at is not None
    assert [each.body for each in pipeline.texts] == ["HD", "HD", "HD"]


def test_a_window_of_one_does_not_lock_a_long_text(smsc: Simulator, connect: Connect) -> None:
    smsc.faults = replace(smsc.faults, window=1)
    pipeline = Pipeline()
    connect(pipeline)
    smsc.send_text(CITIZEN, "8188", "a" * 300)
    pipeline.wait(lambda it: len(it.texts) == 1)
    assert pipeline.texts[0].body == "a" * 300


def test_binds_again_after_the_connection_broke_and_gets_what_was_not_acknowledged(
    smsc: Simulator, connect: Connect
) -> None:
    pipeline = Pipeline()
    link = connect(pipeline)
    smsc.drop_connections()
    smsc.wait_bound(0)
    until(lambda: link.binds()[0].last_error is not None)
    smsc.send_text(CITIZEN, "8188", "HD")
    pipeline.wait(lambda it: len(it.texts) == 1)
    assert pipeline.texts[0].session == 2
    state = link.binds()[0]
    assert (state.bound, state.binds) == (True, 2)
    assert state.last_error == "connection closed"


def test_reports_what_was_in_flight_and_what_waited_when_the_link_fell(smsc: Simulator, connect: Connect) -> None:
    smsc.faults = replace(smsc.faults, lose_share=1.0)
    pipeline = Pipeline()
    link = connect(pipeline, window=2, response_seconds=30)
    link.submit([pipeline.submission("Ho so"), pipeline.submission("a" * 300), pipeline.submission("Ho so")])
    until(lambda: link.state().in_flight == 2)
    assert link.room() == 0
    smsc.drop_connections()
    pipeline.wait(lambda it: len(it.reports) == 3)
    refusals = {
        report.outbound_id: [segment.refusal for segment in report.segments if isinstance(segment, SegmentRefused)]
        for report in pipeline.reports
    }
    assert refusals == {1: [Refusal.UNANSWERED], 2: [Refusal.UNANSWERED, Refusal.NOT_SENT], 3: [Refusal.NOT_SENT]}
    until(lambda: link.room() == 2)


def test_reports_a_segment_without_an_answer_and_stays_bound(smsc: Simulator, connect: Connect) -> None:
    smsc.faults = replace(smsc.faults, lose_share=1.0)
    pipeline = Pipeline()
    link = connect(pipeline, response_seconds=0.2)
    link.submit([pipeline.submission("Ho so")])
    pipeline.wait(lambda it: len(it.reports) == 1)
    (segment,) = pipeline.reports[0].segments
    assert isinstance(segment, SegmentRefused)
    assert segment.refusal is Refusal.UNANSWERED
    assert link.binds()[0].binds == 1


def test_answers_an_unbind_and_binds_again(smsc: Simulator, connect: Connect) -> None:
    link = connect(Pipeline())
    smsc.ask_all(codes.OUTBIND)
    smsc.ask_all(codes.ALERT_NOTIFICATION)
    smsc.unbind_all()
    until(lambda: link.binds()[0].binds == 2)
    assert link.binds()[0].last_error == "unbound by the SMSC"


def test_a_text_sent_to_a_transmitter_is_sent_back(smsc: Simulator, connect: Connect) -> None:
    pipeline = Pipeline()
    link = connect(pipeline, mode=BindMode.PAIR)
    message = raw(codes.DELIVER_SM, b"\x00\x00\x001\x00\x00\x002\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02HD", 77)
    smsc.send_octets(message)
    pipeline.wait(lambda it: len(it.texts) == 1)  # the receiver's; that of the transmitter is refused
    assert link.state().whole


def test_sends_new_texts_back_while_it_drains(smsc: Simulator, connect: Connect) -> None:
    pipeline = Pipeline()
    link = connect(pipeline)
    link.drain()
    smsc.send_text(CITIZEN, "8188", "HD")
    assert link.stop(2)
    smsc.wait_bound(0)
    assert smsc.conversation(CITIZEN)[0].settled_at is None
    assert pipeline.texts == []
    second = Pipeline()
    other = make_link(smsc.port, second)
    other.start()
    second.wait(lambda it: len(it.texts) == 1)
    assert other.stop(2)


def test_unbinds_cleanly_once_everything_is_answered(smsc: Simulator, connect: Connect) -> None:
    smsc.faults = replace(smsc.faults, response_delay=0.2, receipts=False)
    pipeline = Pipeline()
    link = connect(pipeline)
    link.submit([pipeline.submission("Ho so")])
    until(lambda: link.state().in_flight == 1)
    assert link.stop(3)
    assert isinstance(pipeline.reports[0].segments[0], SegmentTaken)
    state = link.binds()[0]
    assert (state.bound, state.last_error) == (False, None)
    assert not link.alive()
    link.submit([pipeline.submission("too late")])
    pipeline.wait(lambda it: len(it.reports) == 2)
    assert pipeline.reports[1].segments == (SegmentRefused(number=1, refusal=Refusal.NOT_SENT, error="link stopped"),)


def test_binds_over_ipv6() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        smsc = Simulator("::1")
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    smsc.start()
    link = make_link(smsc.port, Pipeline(), host="::1")
    link.start()
    smsc.wait_bound()
    assert link.stop(2)
    smsc.stop()


def test_keeps_the_rate_over_the_wire(smsc: Simulator, connect: Connect) -> None:
    pipeline = Pipeline()
    link = connect(pipeline, rate=20)
    begun = time.monotonic()
    link.submit([pipeline.submission("Ho so") for _ in range(11)])
    pipeline.wait(lambda it: len(it.reports) == 11)
    assert 0.35 < time.monotonic() - begun < 3


def test_a_link_that_was_never_started_stops() -> None:
    numbers = itertools.count()
    link = make_link(1 + next(numbers), Pipeline())
    assert not link.alive()
    assert link.stop(1)


def test_several_binds_carry_one_link(smsc: Simulator, connect: Connect) -> None:
    smsc.faults = replace(smsc.faults, response_delay=0.05)
    pipeline = Pipeline(Script(answer=lambda text: text.body))
    link = connect(pipeline, binds=3, window=1)
    smsc.wait_bound(3)
    assert (link.state().window, len(link.binds())) == (3, 3)
    for number in range(12):
        smsc.send_text(f"849050{number:05d}", "8188", f"DVC {number}")
    until(lambda: link.state().in_flight == 3)
    for number in range(12):
        _, answer = smsc.wait_for(f"849050{number:05d}", answered)
        assert answer.text == f"DVC {number}"
    assert {text.session for text in pipeline.texts} == {1}  # one number while all stand


def test_the_session_number_grows_when_one_of_several_binds_falls() -> None:
    numbers = itertools.count(1)
    sessions = SessionNumbers(lambda: next(numbers))
    seen = []

    def leave() -> None:
        sessions.leave(())

    for change in (sessions.join, sessions.join, leave, leave, sessions.join):
        change()
        seen.append(sessions.number)
    assert seen == [1, 1, 2, 2, 3]


def test_pairs_may_be_several_too(smsc: Simulator, connect: Connect) -> None:
    pipeline = Pipeline(Script(answer=lambda text: text.body))
    link = connect(pipeline, binds=2, mode=BindMode.PAIR)
    smsc.send_text(CITIZEN, "8188", "HD")
    smsc.wait_for(CITIZEN, answered)
    kinds = [bind.kind for bind in link.binds()]
    assert kinds == ["receiver", "transmitter", "receiver", "transmitter"]


def test_a_status_that_is_none_is_passed_over(smsc: Simulator, connect: Connect) -> None:
    link = connect(Pipeline(), temporary=["ESME_RNOTHING"])
    assert link.state().whole
