"""A simulator, and links that are bound to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from sms_gateway.channels.smpp.link import Link
from sms_gateway.demo.simulator import Faults, Simulator
from tests.sms_gateway.channels.smpp.fixtures.pipeline import Pipeline, make_link
from tests.sms_gateway.channels.smpp.fixtures.waiting import until

Connect = Callable[..., Link]


@pytest.fixture
def smsc() -> Iterator[Simulator]:
    simulator = Simulator(system_id="gateway", password="secret", faults=Faults(retry_delay=0.05))
    simulator.start()
    yield simulator
    simulator.stop()


@pytest.fixture
def connect(smsc: Simulator) -> Iterator[Connect]:
    """Make a link to the simulator and wait until it is bound."""
    links: list[Link] = []

    def connect_link(pipeline: Pipeline, **settings: object) -> Link:
        link = make_link(smsc.port, pipeline, **settings)
        links.append(link)
        link.start()
        until(lambda: link.state().whole)
        return link

    yield connect_link
    assert [link.stop(2) for link in links] == [True] * len(links)
