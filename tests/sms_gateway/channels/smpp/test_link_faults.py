"""The link against a simulator that breaks rules, stalls or cannot be reached."""

from __future__ import annotations

import socket
import time
from dataclasses import replace

import pytest

from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage
from sms_gateway.demo.simulator import Simulator
from sms_gateway.pipeline.ports import Refusal, SegmentRefused, SegmentTaken
from tests.sms_gateway.channels.smpp.conftest import Connect
from tests.sms_gateway.channels.smpp.fixtures.octets import raw
from tests.sms_gateway.channels.smpp.fixtures.pipeline import Pipeline, Script, make_link
from tests.sms_gateway.channels.smpp.fixtures.waiting import until
from tests.sms_gateway.channels.smpp.test_link import CITIZEN, answered, told


def test_notices_a_frozen_link_and_binds_anew(smsc: Simulator, connect: Connect) -> None:
    pipeline = Pipeline()
    link = connect(pipeline, enquire_seconds=0.1, response_seconds=0.3)
    until(lambda: smsc.enquiries > 1)
    assert link.binds()[0].round_trip is not None
    smsc.freeze()
    until(lambda: link.binds()[0].binds == 2)
    assert link.binds()[0].last_error == "no answer to enquire_link"


def test_slows_down_when_throttled_and_reports_each(smsc: Simulator, connect: Connect) -> None:
    smsc.faults = replace(smsc.faults, throttle_share=1.0)
    pipeline = Pipeline()
    link = connect(pipeline)
    link.submit([pipeline.submission("Ho so")])
    pipeline.wait(lambda it: len(it.reports) == 1)
    (segment,) = pipeline.reports[0].segments
    assert told(segment) == (1, Refusal.THROTTLED, "ESME_RTHROTTLED", True)
    smsc.faults = replace(smsc.faults, throttle_share=0.0)
    link.submit([pipeline.submission("Ho so")])
    pipeline.wait(lambda it: len(it.reports) == 2)
    assert isinstance(pipeline.reports[1].segments[0], SegmentTaken)
    until(lambda: pipeline.nudges == 2)  # bound, and room again
    assert link.room() > 0


def test_reports_a_refusal_by_its_name(smsc: Simulator, connect: Connect) -> None:
    smsc.faults = replace(smsc.faults, reject_share=1.0)
    pipeline = Pipeline()
    link = connect(pipeline)
    link.submit([pipeline.submission("Ho so")])
    pipeline.wait(lambda it: len(it.reports) == 1)
    (segment,) = pipeline.reports[0].segments
    assert told(segment) == (1, Refusal.PERMANENT, "ESME_RINVDSTADR", True)


def test_a_receipt_without_esm_class_is_no_command(smsc: Simulator, connect: Connect) -> None:
    smsc.faults = replace(smsc.faults, receipt_class=False, receipt_tlvs=False)
    pipeline = Pipeline(Script(answer=lambda text: f"Xin chao {text.sender}"))
    connect(pipeline)
    smsc.send_text(CITIZEN, "8188", "HD")
    smsc.wait_for(CITIZEN, answered)
    assert len(pipeline.texts) == 1
    assert len(pipeline.receipts) == 1


def test_garbage_costs_one_pdu(smsc: Simulator, connect: Connect) -> None:
    pipeline = Pipeline()
    link = connect(pipeline)
    smsc.send_octets(raw(0x00000777, b"???") + raw(codes.DELIVER_SM, b"\x00\x01\x02"))
    smsc.send_message(ShortMessage(source=CITIZEN, destination="8188", user_data=b"HD"))
    pipeline.wait(lambda it: len(it.texts) == 1)
    until(lambda: smsc.nacks == [codes.ESME_RINVCMDID])
    state = link.binds()[0]
    assert (state.unreadable, state.binds) == (2, 1)


def test_a_length_out_of_bounds_costs_the_connection(smsc: Simulator, connect: Connect) -> None:
    link = connect(Pipeline())
    smsc.send_octets(b"\xff" * 16)
    until(lambda: link.binds()[0].binds == 2)
    assert link.binds()[0].last_error == "command_length out of bounds"


def test_stops_in_time_though_the_carrier_says_nothing(smsc: Simulator, connect: Connect) -> None:
    smsc.faults = replace(smsc.faults, lose_share=1.0)
    pipeline = Pipeline()
    link = connect(pipeline, response_seconds=60)
    link.submit([pipeline.submission("Ho so")])
    until(lambda: link.state().in_flight == 1)
    smsc.freeze()
    begun = time.monotonic()
    assert link.stop(1)
    assert time.monotonic() - begun < 1.5
    assert told(pipeline.reports[0].segments[0]) == (1, Refusal.UNANSWERED, "no response", True)


def test_goes_on_trying_while_nobody_listens_and_reports_at_once(smsc: Simulator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    pipeline = Pipeline()
    link = make_link(port, pipeline, reconnect_seconds=0.02)
    link.start()
    until(lambda: link.binds()[0].last_error is not None)
    assert link.binds()[0].last_error == f"127.0.0.1 port {port}: Connection refused"
    assert link.room() == 0
    link.submit([pipeline.submission("Ho so")])
    pipeline.wait(lambda it: len(it.reports) == 1)
    assert pipeline.reports[0].segments == (SegmentRefused(number=1, refusal=Refusal.NOT_SENT, error="not bound"),)
    later = Simulator(port=port)
    later.start()
    later.wait_bound()
    assert link.stop(2)
    later.stop()


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"password": "wrong"}, "bind refused: ESME_RINVPASWD"),
        ({"system_id": "stranger"}, "bind refused: ESME_RBINDFAIL"),
        ({"host": "no-such-host.invalid"}, "no-such-host.invalid: no such host"),
    ],
)
def test_says_why_it_cannot_bind(smsc: Simulator, settings: dict[str, object], error: str) -> None:
    link = make_link(smsc.port, Pipeline(), **settings)
    link.start()
    until(lambda: (link.binds()[0].last_error or "").startswith(error))
    assert not link.state().whole
    assert link.stop(2)


def test_a_carrier_that_says_nothing_to_the_bind_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        link = make_link(silent.getsockname()[1], Pipeline(), response_seconds=0.1)
        link.start()
        until(lambda: link.binds()[0].last_error == "no answer to bind")
        assert link.stop(2)
