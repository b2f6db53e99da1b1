"""The whole gateway against carriers of every habit, with no setting: each answer ends as delivered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import func, select

from db.messages.receipt_matching import learned
from db.schema import OutboundState, inbound, outbound, part
from db.store.engine import Database, open_database
from sms_gateway.channels.smpp.coding.text import split_text
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage
from sms_gateway.demo.simulator import Direction, MessageIds, Simulator
from sms_gateway.demo.simulator.player import Summary, make_simulator, play
from sms_gateway.demo.simulator.scenario import Scenario
from sms_gateway.process import keyfile
from sms_gateway.process.startup import opened
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.settings.model import DatabaseSettings, Settings, WebSettings
from sms_gateway.wiring.gateway import Gateway
from tests.migrated import upgrade
from tests.sms_gateway.channels.smpp.fixtures.waiting import until

LONG = "TK, Nguyễn Văn Á, 201499999, 20/12/1990, và một đoạn dài hơn bảy mươi ký tự để thành hai phần"

Start = Callable[..., tuple[Gateway, Database]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = DatabaseSettings(url=f"sqlite:///{tmp_path / 'gateway.db'}", key_file=tmp_path / "keys")
    database = open_database(settings.url, keyfile.load_or_make(settings.key_file))
    upgrade(database)
    database.close()
    return Settings(database=settings, web=WebSettings(port=0))


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    """Start gateways bound to a simulator; may be called again, as after a restart."""
    ends: list[Callable[[], object]] = []

    def start_gateway(simulator: Simulator, **more: str) -> tuple[Gateway, Database]:
        while ends:
            ends.pop()()
        link = LinkSettings(host="127.0.0.1", port=simulator.port, system_id="gw", reconnect_seconds=0.1)
        link = link.model_copy(update=more)
        context = opened(settings.model_copy(update={"links": {"main": link}}))
        database = context.__enter__()
        ends.append(lambda: context.__exit__(None, None, None))
        gateway = Gateway(settings.model_copy(update={"links": {"main": link}}), database)
        gateway.start()
        ends.append(gateway.stop)
        return gateway, database

    yield start_gateway
    while ends:
        ends.pop()()


def run(start: Start, **scenario: object) -> tuple[Summary, Database]:
    read = Scenario.model_validate({"seconds": 30, "settle_seconds": 0.2} | scenario)
    simulator = make_simulator(read)
    simulator.start()
    try:
        _, database = start(simulator)
        return play(read, simulator), database
    finally:
        simulator.stop()


def states(database: Database) -> dict[OutboundState, int]:
    with database.read() as connection:
        asked = select(outbound.c.state, func.count()).group_by(outbound.c.state)
        return {row[0]: row[1] for row in connection.execute(asked)}


@pytest.mark.parametrize("ids", list(MessageIds))
@pytest.mark.parametrize("early", [False, True], ids=["receipts after", "receipts first"])
def test_every_receipt_finds_its_answer(start: Start, ids: MessageIds, *, early: bool) -> None:
    faults = {"message_ids": ids, "receipt_tlvs": False, "receipt_first": early, "response_delay": 0.05 * early}
    texts = [{"text": "HD", "count": 25, "per_second": 200}]
    summary, database = run(start, faults=faults, texts=texts)
    assert (summary.texts, summary.answers) == (25, 25)
    until(lambda: states(database) == {OutboundState.DELIVERED: 25})
    with database.read() as connection:
        rules = learned(connection)
    assert sum(each.hits for each in rules) == 25
    assert any(each.settled for each in rules)


def test_doubled_reordered_corrupt_and_forgotten_texts_are_answered_once(start: Start) -> None:
    faults = {"double_share": 0.3, "reorder_share": 0.3, "corrupt_share": 0.2, "forget_share": 0.3, "window": 50}
    texts = [{"text": LONG, "count": 20, "per_second": 100}, {"text": "HD", "sender": "84907000000", "count": 20}]
    events = [{"at": 0.4, "do": "drop"}]
    summary, database = run(start, faults=faults, texts=texts, events=events, settle_seconds=1.5)
    assert summary.binds == 2
    assert min(summary.doubled, summary.forgotten, summary.broken) > 0
    assert (summary.texts, summary.answered, summary.doubled_answers) == (40, 40, 0)
    with database.read() as connection:
        bodies = set(connection.scalars(select(inbound.c.body)))
    assert bodies == {LONG, "HD"}


def test_a_long_text_survives_a_restart_of_the_gateway_in_its_middle(start: Start) -> None:
    simulator = Simulator()
    simulator.start()
    _, database = start(simulator)
    simulator.wait_bound()
    cut = split_text(LONG, 7)
    first, second = (
        ShortMessage(
            source="84905000001",
            destination="8188",
            esm_class=codes.ESM_UDHI,
            data_coding=cut.encoding.value,
            user_data=octets,
        )
        for octets in cut.user_data
    )
    simulator.send_message(first)
    until(lambda: _parts(database) == 1)
    _, database = start(simulator)
    simulator.wait_bound()
    simulator.send_message(second)
    (answer,) = simulator.wait_for("84905000001", bool)
    assert answer.direction is Direction.MT
    with database.read() as connection:
        assert list(connection.scalars(select(inbound.c.body))) == [LONG]
    simulator.stop()


def _parts(database: Database) -> int:
    with database.read() as connection:
        return connection.scalar(select(func.count()).select_from(part)) or 0


EMPTY = [
    ("nothing", b"", 0, 0),
    ("nothing, in UCS-2", b"", 0, 8),
    ("blanks", b"   \r\n", 0, 0),
    ("a header alone", b"\x05\x00\x03\x07\x01\x01", codes.ESM_UDHI, 0),
    ("an empty flash", b"", 0, 0x10),
]


def test_an_empty_text_is_answered_with_help(start: Start) -> None:
    simulator = Simulator()
    simulator.start()
    start(simulator)
    simulator.wait_bound()
    for number, (what, octets, esm_class, coding) in enumerate(EMPTY):
        citizen = f"8490500000{number}"
        empty = ShortMessage(
            source=citizen, destination="8188", esm_class=esm_class, data_coding=coding, user_data=octets
        )
        simulator.send_message(empty)
        (answer,) = simulator.wait_for(citizen, bool)
        assert answer.text.startswith("Tin nhan trong. Soan gui 8188: TK, "), what
    simulator.stop()


def test_the_number_of_a_link_is_one_of_ours(start: Start) -> None:
    simulator = Simulator()
    simulator.start()
    try:
        _, database = start(simulator, short_code="84905999999")
        simulator.wait_bound()
        simulator.send_text("84905999999", "84905999999", "HD")
        simulator.send_text("84905123456", "84905999999", "HD gui 84905999999")
        simulator.wait_for("84905123456", lambda it: any(bubble.receipt for bubble in it))
        with database.read() as connection:
            found = list(connection.execute(select(inbound.c.reading, inbound.c.outcome).order_by(inbound.c.id)))
    finally:
        simulator.stop()
    assert [tuple(row) for row in found] == [("help", "own_number"), ("help", "helped")]


def test_an_answer_goes_out_from_the_short_code_of_the_settings(start: Start) -> None:
    simulator = Simulator()
    simulator.start()
    try:
        _, database = start(simulator)
        simulator.wait_bound()
        cases = product(("", "+8188", "848188", "8188 "), ("HD", LONG))
        for number, (destination, text) in enumerate(cases):
            citizen = f"8490512345{number}"
            simulator.send_text(citizen, destination, text)
            simulator.wait_for(citizen, lambda it: any(bubble.receipt for bubble in it))
            answers = [bubble for bubble in simulator.conversation(citizen) if bubble.direction is Direction.MT]
            assert {bubble.short_code for bubble in answers} == {"8188"}, (destination, text)
        with database.read() as connection:
            assert set(connection.scalars(select(outbound.c.sender))) == {"8188"}
            assert set(connection.scalars(select(inbound.c.recipient))) == {"8188"}
        until(lambda: set(states(database)) == {OutboundState.DELIVERED})
    finally:
        simulator.stop()
