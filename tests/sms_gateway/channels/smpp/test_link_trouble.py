"""A link goes on whatever happens: no descriptors, wrong names, faults of our own. Real sockets, small limits."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence

import pytest

from sms_gateway.demo.simulator import Faults, Simulator
from sms_gateway.pipeline.ports import Arrival, Refusal, SegmentRefused
from tests.sms_gateway.channels.smpp.fixtures.pipeline import Pipeline, make_link
from tests.sms_gateway.channels.smpp.fixtures.waiting import until

STARVED = """
import os, resource, sys
from tests.sms_gateway.channels.smpp.fixtures.pipeline import Pipeline, make_link
from tests.sms_gateway.channels.smpp.fixtures.waiting import until

link = make_link(int(sys.argv[1]), Pipeline())
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
spare = os.dup(0)
resource.setrlimit(resource.RLIMIT_NOFILE, (spare, hard))  # every number below is taken
link.start()
until(lambda: link.binds()[0].last_error is not None)
print(link.binds()[0].last_error, link.alive())
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
until(lambda: link.state().whole)
print(link.stop(3))
"""


@pytest.fixture
def smsc() -> Iterator[Simulator]:
    simulator = Simulator(system_id="gateway", password="secret", faults=Faults(retry_delay=0.05))
    simulator.start()
    yield simulator
    simulator.stop()


def test_without_descriptors_a_link_waits_and_binds_when_there_are_some(smsc: Simulator) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARVED, str(smsc.port)], capture_output=True, text=True, timeout=60, check=False
    )
    first, last = done.stdout.splitlines()
    assert "Too many open files" in first, done.stderr
    assert "no such host" not in first
    assert first.endswith(" True")
    assert last == "True"


@pytest.mark.parametrize("host", ["smsc..example", "a" * 70, ".example"])
def test_a_wrong_name_costs_its_own_link_alone(smsc: Simulator, host: str) -> None:
    wrong, right = make_link(smsc.port, Pipeline(), host=host), make_link(smsc.port, Pipeline())
    wrong.start()
    right.start()
    until(lambda: right.state().whole and wrong.binds()[0].last_error is not None)
    assert "not the name of a host" in str(wrong.binds()[0].last_error)
    assert wrong.alive()
    assert wrong.stop(3)
    assert right.stop(3)


class FaultyRoad(Pipeline):
    """A pipeline with a fault: it raises at the first arrivals."""

    raised = 0

    def offer(self, arrivals: Sequence[Arrival]) -> None:
        if not self.raised:
            self.raised += 1
            raise RuntimeError("a fault of ours")
        super().offer(arrivals)


def test_a_fault_of_ours_ends_the_session_and_the_link_binds_again(
    smsc: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    pipeline = FaultyRoad()
    smsc.faults = Faults(retry_delay=0.05, response_delay=5)  # so that an answer is in flight when it happens
    link = make_link(smsc.port, pipeline, response_seconds=20)
    link.start()
    until(lambda: link.state().whole)
    link.submit([pipeline.submission("Da nhan")])
    until(lambda: link.state().in_flight == 1)
    smsc.send_text("84905000001", "8188", "HD")
    until(lambda: link.binds()[0].binds == 2)
    pipeline.wait(lambda it: len(it.texts) == 1 and len(it.reports) == 1)
    (segment,) = pipeline.reports[0].segments
    assert isinstance(segment, SegmentRefused)
    assert segment.refusal is Refusal.UNANSWERED
    assert "link_fault" in caplog.text
    assert link.alive()
    assert link.stop(3)
