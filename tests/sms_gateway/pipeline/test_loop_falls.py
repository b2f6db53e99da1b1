"""The pipeline with a real link and a real carrier on sockets: sessions that fall, responses that come late."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from db.schema import InboundState, OutboundState, inbound, outbound
from db.store.engine import Database
from sms_gateway.channels.smpp import acknowledgements
from sms_gateway.channels.smpp.link import Link
from sms_gateway.demo.simulator import Direction, Faults, Simulator
from sms_gateway.settings.link_model import LinkSettings
from tests.generators.generated import LONG
from tests.sms_gateway.pipeline.conftest import Stage, make_stage
from tests.sms_gateway.pipeline.edges import Clock

pytestmark = pytest.mark.long_on_postgresql  # it is the carrier that falls; test_loop.py runs the rounds on both

FAULTS = Faults(receipts=False, retry_delay=0.05, window=200)
MANY = 600


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """A pipeline with one link, bound to a carrier."""

    stage: Stage
    link: Link
    smsc: Simulator

    def send(self, citizen: int, text: str = "HD") -> None:
        self.smsc.send_text(number(citizen), "8188", text)

    def answers(self, citizen: int) -> int:
        return sum(bubble.direction is Direction.MT for bubble in self.smsc.conversation(number(citizen)))

    def is_heard(self, citizen: int) -> bool:
        """Tell whether the carrier has the acknowledgement of all that this citizen sent."""
        texts = [bubble for bubble in self.smsc.conversation(number(citizen)) if bubble.direction is Direction.MO]
        return all(bubble.settled_at for bubble in texts)

    def states(self) -> Counter[object]:
        return Counter(row["state"] for row in self.stage.rows(outbound))

    def until(self, holds: Callable[[], bool], *, seconds: float = 60, passing: float = 0) -> None:
        """Wait until it holds, while so many seconds pass on the pipeline's clock each time."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"it did not happen in time: {self.states()}"
            self.stage.clock.pass_(seconds=passing)
            time.sleep(0.05)

    def fall(self) -> None:
        """Break the connection, and wait until the next one stands, after more time than a double tap takes."""
        binds = self.link.binds()[0].binds
        self.smsc.drop_connections()
        self.stage.clock.pass_(seconds=15)
        self.until(lambda: self.link.binds()[0].binds > binds and self.link.state().whole)


def number(citizen: int) -> str:
    return f"849{citizen:08d}"


Start = Callable[..., Service]


@pytest.fixture
def start(database: Database, clock: Clock) -> Iterator[Start]:
    ends: list[Callable[[], object]] = []

    def start_service(faults: Faults = FAULTS, **settings: object) -> Service:
        smsc = Simulator(faults=faults)
        smsc.start()
        stage = make_stage(database, clock)
        chosen = {"host": "127.0.0.1", "port": smsc.port, "system_id": "gw", "reconnect_seconds": 0.05} | settings
        link = Link(
            "main",
            LinkSettings.model_validate(chosen),
            stage.pipeline,
            now=clock,
            session_number=stage.desk.new_id,
            short_codes=("8188",),
        )
        stage.pipeline.detach("main")  # the carrier of paper
        stage.pipeline.attach(link)
        stage.pipeline.start()
        link.start()
        ends.extend([smsc.stop, lambda: stage.pipeline.stop(0.5), lambda: link.stop(1)])
        service = Service(stage=stage, link=link, smsc=smsc)
        service.until(lambda: link.state().whole)
        return service

    yield start_service
    while ends:
        ends.pop()()


def test_the_same_question_after_a_fall_is_answered_when_the_first_was_surely_heard(start: Start) -> None:
    service = start()
    for citizen in range(30):
        service.send(citizen)
    service.until(lambda: all(service.answers(citizen) == 1 for citizen in range(30)))
    service.until(lambda: service.states() == {OutboundState.SENT: 30})
    service.fall()
    for citizen in range(30):
        service.send(citizen)
    service.until(lambda: all(service.answers(citizen) == 2 for citizen in range(30)))
    assert {row["state"] for row in service.stage.rows(inbound)} == {InboundState.HANDLED}


def test_a_long_question_after_a_fall_is_answered_too(start: Start) -> None:
    service = start()
    service.send(1, "HD " + "a" * 300)
    service.until(lambda: service.answers(1) == 1 and service.states() == {OutboundState.SENT: 1})
    service.fall()
    service.send(1, "HD " + "a" * 300)
    service.until(lambda: service.answers(1) == 2)


def test_a_receiver_asks_for_proof_by_an_enquire_link(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """No submit_sm goes by it, whose response would prove anything."""
    monkeypatch.setattr(acknowledgements, "UNPROVEN_SECONDS", 0.5)
    service = start(mode="pair")
    service.send(1)
    service.until(lambda: service.answers(1) == 1)
    service.until(lambda: service.smsc.enquiries == 1)
    service.until(lambda: service.link.binds()[0].round_trip is not None)
    service.fall()
    service.send(1)
    service.until(lambda: service.answers(1) == 2)


def test_what_the_carrier_goes_on_to_send_proves_nothing(start: Start) -> None:
    """Its later texts crossed with our acknowledgements, which it never read."""
    service = start()
    service.smsc.deafen()
    for citizen in range(20):
        service.send(citizen)
        time.sleep(0.01)
    service.until(lambda: len(service.stage.rows(inbound)) == 20)
    service.fall()
    service.until(lambda: all(service.is_heard(citizen) for citizen in range(20)), passing=1)
    states = Counter(row["state"] for row in service.stage.rows(inbound))
    assert states == {InboundState.HANDLED: 20, InboundState.REDELIVERY: 20}
    service.until(lambda: service.states() == {OutboundState.SENT: 20}, passing=1)


@pytest.mark.parametrize("mode", ["transceiver", "pair"])
@pytest.mark.parametrize("seed", [1, 2] if LONG else [1])
def test_what_the_carrier_did_not_hear_is_never_acted_on_twice(start: Start, seed: int, mode: str) -> None:
    """The carrier sends again exactly what it has not heard of; falls come at any moment, the clock in leaps."""
    chance = random.Random(seed)
    service = start(mode=mode, binds=chance.choice([1, 2]))
    citizens = 0
    for _ in range(12):
        for _ in range(chance.randrange(60)):
            service.send(citizens)
            citizens += 1
        time.sleep(chance.choice([0, 0.001, 0.005, 0.02, 0.05]))
        service.smsc.drop_connections()
        service.stage.clock.pass_(seconds=chance.choice([15, 60, -3600, 7200]))
    service.until(lambda: all(service.is_heard(citizen) for citizen in range(citizens)), passing=1)
    handled = Counter(row["sender"] for row in service.stage.rows(inbound) if row["state"] is InboundState.HANDLED)
    assert set(handled.values()) == {1}
    assert len(handled) == citizens
    assert InboundState.REDELIVERY in {row["state"] for row in service.stage.rows(inbound)}


def test_a_carrier_that_breaks_the_connection_under_load_takes_every_answer_in_the_end(start: Start) -> None:
    service = start(replace(FAULTS, drop_after=50, response_delay=0.02), window=100)
    for citizen in range(MANY):
        service.send(citizen)
    over = {OutboundState.SENT, OutboundState.FAILED}
    service.until(lambda: set(service.states()) <= over and service.states().total() == MANY, seconds=90, passing=0.5)
    given_up = [row for row in service.stage.rows(outbound) if row["state"] is OutboundState.FAILED]
    assert sum(not service.answers(citizen) for citizen in range(MANY)) <= len(given_up)
    assert len(given_up) <= MANY // 25  # on a slow machine the window grows again between two falls
    assert {row["unanswered"] for row in given_up} <= {3}


def test_responses_that_come_after_the_wait_settle_their_answers_and_nothing_goes_twice(start: Start) -> None:
    service = start(replace(FAULTS, response_delay=1.0), response_seconds=0.3, window=50)
    for citizen in range(200):
        service.send(citizen)
    service.until(lambda: service.states() == {OutboundState.SENT: 200})
    assert [service.answers(citizen) for citizen in range(200)] == [1] * 200
    assert not any(row["unsure"] for row in service.stage.rows(outbound))


def test_receipts_of_answers_with_late_responses_count(start: Start) -> None:
    service = start(Faults(response_delay=0.6, receipt_first=True), response_seconds=0.2)
    service.send(1)
    service.until(lambda: service.states() == {OutboundState.DELIVERED: 1})


def test_a_carrier_that_unbinds_gets_its_responses_out_first(start: Start) -> None:
    service = start(replace(FAULTS, response_delay=0.2), window=200)
    for citizen in range(150):
        service.send(citizen)
    service.until(lambda: service.link.state().in_flight > 100)
    service.smsc.unbind_all()
    service.until(lambda: service.states() == {OutboundState.SENT: 150}, passing=1)
    assert [service.answers(citizen) for citizen in range(150)] == [1] * 150
    assert not any(row["unsure"] for row in service.stage.rows(outbound))
    service.until(lambda: service.link.binds()[0].binds == 2)


def test_a_carrier_that_unbinds_and_owes_responses_is_left_after_a_second(start: Start) -> None:
    service = start(replace(FAULTS, lose_share=1.0))
    service.send(1)
    service.until(lambda: service.link.state().in_flight == 1)
    begun = time.monotonic()
    service.smsc.unbind_all()
    service.until(lambda: service.link.binds()[0].last_error == "unbound by the SMSC")
    assert 0.9 < time.monotonic() - begun < 3
