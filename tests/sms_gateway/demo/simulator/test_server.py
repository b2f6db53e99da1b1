"""The simulated carrier, asked by hand over a socket."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from db.schema import ReceiptState
from sms_gateway.channels.smpp.coding.text import Encoding
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.framing import Frame, Framer
from sms_gateway.channels.smpp.pdu.pdu import BindRequest, write_bind, write_pdu, write_plain, write_response
from sms_gateway.channels.smpp.pdu.short_message import (
    ShortMessage,
    decode_message_id,
    decode_short_message,
    encode_short_message,
)
from sms_gateway.channels.smpp.receipt import read_receipt
from sms_gateway.demo.simulator import Direction, Faults, MessageIds, Simulator
from sms_gateway.demo.simulator.conversation import MAX_BUBBLES
from sms_gateway.settings.link_model import Alphabet
from tests.sms_gateway.channels.smpp.fixtures.octets import raw
from tests.sms_gateway.channels.smpp.fixtures.waiting import until

CITIZEN = "84905000001"
ANSWER = ShortMessage(source="8188", destination=CITIZEN, registered_delivery=1, user_data=b"Ho so")


@pytest.fixture
def smsc() -> Iterator[Simulator]:
    simulator = Simulator(system_id="gateway", password="secret", faults=Faults(retry_delay=0.01))
    simulator.start()
    yield simulator
    simulator.stop()


class Client:
    """A gateway of few words."""

    def __init__(self, smsc: Simulator, command: int = codes.BIND_TRANSCEIVER) -> None:
        self.socket = socket.create_connection(("127.0.0.1", smsc.port), timeout=10)
        self.framer = Framer()
        self.frames: list[Frame] = []
        self.command = command

    def bind(self, system_id: str = "gateway", password: str = "secret") -> int:
        request = BindRequest(command=self.command, sequence=1, system_id=system_id, password=password)
        self.send(write_bind(request))
        return self.next().status

    def send(self, octets: bytes) -> None:
        self.socket.sendall(octets)

    def next(self) -> Frame:
        while not self.frames:
            octets = self.socket.recv(65536)
            assert octets, "closed"
            self.frames += self.framer.feed(octets)
        return self.frames.pop(0)

    def closed(self) -> bool:
        return not self.socket.recv(65536)

    def submit(self, message: ShortMessage = ANSWER, sequence: int = 2) -> None:
        self.send(write_pdu(codes.SUBMIT_SM, sequence, encode_short_message(message)))


@pytest.fixture
def client(smsc: Simulator) -> Iterator[Client]:
    made = Client(smsc)
    yield made
    made.socket.close()


@pytest.mark.parametrize(
    ("system_id", "password", "status"),
    [
        ("gateway", "secret", codes.ESME_ROK),
        ("gateway", "wrong", codes.ESME_RINVPASWD),
        ("other", "secret", codes.ESME_RBINDFAIL),
    ],
)
def test_lets_in_whom_it_knows(smsc: Simulator, client: Client, system_id: str, password: str, status: int) -> None:
    assert client.bind(system_id, password) == status
    until(lambda: smsc.bound == int(status == 0))


def test_takes_one_bind_a_connection(client: Client) -> None:
    client.bind()
    assert client.bind() == codes.ESME_RALYBND


def test_takes_no_answer_from_a_receiver_or_a_stranger(smsc: Simulator, client: Client) -> None:
    client.submit()
    assert client.next().status == codes.ESME_RINVBNDSTS
    receiver = Client(smsc, codes.BIND_RECEIVER)
    receiver.bind()
    receiver.submit()
    assert receiver.next().status == codes.ESME_RINVBNDSTS
    receiver.socket.close()


def test_answers_what_it_does_not_know_with_a_nack_and_goes_on(client: Client) -> None:
    client.bind()
    client.send(raw(0x00000003, b"?", 5) + write_plain(codes.ENQUIRE_LINK, 6))
    assert client.next().pdu == write_plain(codes.GENERIC_NACK, 5, codes.ESME_RINVCMDID)
    assert client.next().pdu == write_plain(codes.ENQUIRE_LINK_RESP, 6)


def test_passes_over_answers_to_nothing(client: Client) -> None:
    client.bind()
    client.send(write_response(codes.DELIVER_SM, 77, 0) + write_response(codes.SUBMIT_SM, 78, 0))
    client.send(write_plain(codes.ENQUIRE_LINK, 6))
    assert client.next().command == codes.ENQUIRE_LINK_RESP


def test_answers_an_unbind_and_closes(smsc: Simulator, client: Client) -> None:
    client.bind()
    client.send(write_plain(codes.UNBIND, 9))
    assert client.next().pdu == write_plain(codes.UNBIND_RESP, 9)
    assert client.closed()
    smsc.wait_bound(0)


def test_closes_when_its_own_unbind_is_answered(smsc: Simulator, client: Client) -> None:
    client.bind()
    smsc.unbind_all()
    asked = client.next()
    assert asked.command == codes.UNBIND
    client.send(write_plain(codes.UNBIND_RESP, asked.sequence))
    assert client.closed()


def test_closes_on_a_length_out_of_bounds(client: Client) -> None:
    client.bind()
    client.send(b"\xff" * 16)
    assert client.closed()


@pytest.mark.parametrize(
    ("style", "base"), [(MessageIds.HEX, (16, 16)), (MessageIds.DECIMAL, (10, 10)), (MessageIds.MIXED, (16, 10))]
)
def test_writes_message_ids_in_the_style_asked_for(
    smsc: Simulator, client: Client, style: MessageIds, base: tuple[int, int]
) -> None:
    smsc.faults = replace(smsc.faults, message_ids=style)
    client.bind()
    client.submit()
    message_id = decode_message_id(client.next().body)
    message = decode_short_message(client.next().body)
    assert message is not None
    receipt = read_receipt(message, Alphabet.GSM)
    assert receipt is not None
    assert receipt.message_id is not None
    assert int(message_id, base[0]) == int(receipt.message_id, base[1])


def test_sends_no_receipt_unless_asked(smsc: Simulator, client: Client) -> None:
    client.bind()
    client.submit(ANSWER._replace(registered_delivery=0))
    client.next()
    smsc.faults = replace(smsc.faults, receipts=False)
    client.submit()
    client.next()
    client.send(write_plain(codes.ENQUIRE_LINK, 6))
    assert client.next().command == codes.ENQUIRE_LINK_RESP


def test_delays_responses_and_receipts(smsc: Simulator, client: Client) -> None:
    smsc.faults = replace(
        smsc.faults, response_delay=0.05, receipt_delay=0.05, receipt_state=ReceiptState.UNDELIVERABLE
    )
    client.bind()
    client.submit()
    client.send(write_plain(codes.ENQUIRE_LINK, 6))
    assert [client.next().command for _ in range(3)] == [
        codes.ENQUIRE_LINK_RESP,
        codes.SUBMIT_SM_RESP,
        codes.DELIVER_SM,
    ]


def test_shows_an_undelivered_answer(smsc: Simulator, client: Client) -> None:
    smsc.faults = replace(smsc.faults, receipt_state=ReceiptState.UNDELIVERABLE)
    client.bind()
    client.submit()
    client.next()
    client.send(write_response(codes.DELIVER_SM, client.next().sequence, 0))
    (bubble,) = smsc.wait_for(CITIZEN, lambda it: bool(it and it[0].receipt))
    assert (bubble.direction, bubble.text, bubble.receipt) == (Direction.MT, "Ho so", ReceiptState.UNDELIVERABLE)


def test_shows_an_answer_once_all_its_segments_are_there(smsc: Simulator, client: Client) -> None:
    client.bind()
    for number in (2, 1):
        assert smsc.conversation(CITIZEN) == ()
        part = ANSWER._replace(
            esm_class=codes.ESM_UDHI,
            data_coding=8,
            user_data=bytes((5, 0, 3, 9, 2, number)) + f"ạ{number}".encode("utf-16-be"),
        )
        client.submit(part)
    (bubble,) = smsc.wait_for(CITIZEN, bool)
    assert (bubble.text, bubble.encoding, bubble.segments) == ("ạ1ạ2", Encoding.UCS2, 2)
    assert len(set(bubble.message_ids)) == 2


def test_sends_a_text_again_that_is_refused_for_now_but_not_one_refused_for_good(
    smsc: Simulator, client: Client
) -> None:
    client.bind()
    smsc.send_text(CITIZEN, "8188", "HD")
    for _ in range(2):
        client.send(write_response(codes.DELIVER_SM, client.next().sequence, codes.ESME_RX_T_APPN))
    client.send(write_response(codes.DELIVER_SM, client.next().sequence, codes.ESME_RINVMSGLEN))
    client.send(write_plain(codes.ENQUIRE_LINK, 6))
    assert client.next().command == codes.ENQUIRE_LINK_RESP
    assert smsc.conversation(CITIZEN)[0].settled_at is None


def test_keeps_texts_until_somebody_is_bound_and_again_when_unanswered(smsc: Simulator, client: Client) -> None:
    smsc.send_text(CITIZEN, "8188", "first")
    smsc.send_text(CITIZEN, "8188", "second")
    client.bind()
    texts = [decode_short_message(client.next().body) for _ in range(2)]
    client.socket.close()
    smsc.wait_bound(0)
    later = Client(smsc)
    later.bind()
    assert [decode_short_message(later.next().body) for _ in range(2)] == texts
    later.socket.close()


def test_keeps_its_window(smsc: Simulator, client: Client) -> None:
    smsc.faults = replace(smsc.faults, window=1)
    smsc.send_text(CITIZEN, "8188", "first")
    smsc.send_text(CITIZEN, "8188", "second")
    client.bind()
    first = client.next()
    client.send(write_plain(codes.ENQUIRE_LINK, 6))
    assert client.next().command == codes.ENQUIRE_LINK_RESP
    client.send(write_response(codes.DELIVER_SM, first.sequence, 0))
    assert client.next().command == codes.DELIVER_SM


def test_gives_up_waiting_in_time(smsc: Simulator) -> None:
    with pytest.raises(TimeoutError):
        smsc.wait_for(CITIZEN, bool, timeout=0.01)
    with pytest.raises(TimeoutError):
        smsc.wait_bound(1, timeout=0.01)


def test_forgets_old_bubbles_and_takes_their_settlement(smsc: Simulator) -> None:
    for number in range(MAX_BUBBLES + 5):
        smsc.send_text(CITIZEN, "8188", str(number))
    conversation = smsc.conversation(CITIZEN)
    assert (len(conversation), conversation[0].text) == (MAX_BUBBLES, "5")
    client = Client(smsc)
    client.bind()
    for _ in range(MAX_BUBBLES + 5):
        client.send(write_response(codes.DELIVER_SM, client.next().sequence, 0))
    smsc.wait_for(CITIZEN, lambda it: all(bubble.settled_at for bubble in it))
    client.socket.close()


def test_writes_on_when_a_slow_gateway_reads_again(smsc: Simulator) -> None:
    slow = Client(smsc)
    slow.bind()
    octets = raw(codes.ALERT_NOTIFICATION, bytes(60_000))
    for _ in range(200):
        smsc.send_octets(octets)
    assert all(slow.next().body == bytes(60_000) for _ in range(200))
    slow.socket.close()


def test_a_simulator_that_was_never_started_stops() -> None:
    simulator = Simulator()
    simulator.stop()
    simulator.send_text(CITIZEN, "8188", "to nobody")
