from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from db.schema import ReceiptState
from sms_gateway.channels.smpp import incoming
from sms_gateway.channels.smpp.coding import gsm
from sms_gateway.channels.smpp.coding.long_texts import read_parts
from sms_gateway.channels.smpp.coding.packed_septets import pack_behind
from sms_gateway.channels.smpp.incoming import Incoming, Moment, Response
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.pdu import write_pdu
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage, encode_short_message
from sms_gateway.channels.smpp.pdu.tlv import Tlvs
from sms_gateway.channels.smpp.session.events import Received
from sms_gateway.pipeline.ports import Arrival, DeliveryReceipt, InboundPart, InboundText, Piece, Verdict
from sms_gateway.settings.link_model import Alphabet

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
OK, LATER = codes.ESME_ROK, codes.ESME_RX_T_APPN


class Source:
    def acknowledge(self, verdicts: Sequence[tuple[int, Verdict]]) -> None:
        raise AssertionError(f"only the pipeline calls its sources: {len(verdicts)}")


def gate() -> Incoming:
    return Incoming("carrier", Alphabet.GSM, Source())


def moment(bind: int = 1) -> Moment:
    return Moment(bind=bind, session=40 + bind, at=AT)


def deliver(
    octets: bytes,
    sequence: int = 1,
    *,
    udhi: bool = False,
    tlvs: Tlvs = (),
    sender: str = "84905000001",
    coding: int = 0,
) -> Received:
    message = ShortMessage(
        source=sender,
        destination="8188",
        user_data=octets,
        esm_class=codes.ESM_UDHI if udhi else 0,
        data_coding=coding,
        tlvs=tlvs,
    )
    pdu = write_pdu(codes.DELIVER_SM, sequence, encode_short_message(message))
    return Received(command=codes.DELIVER_SM, sequence=sequence, message=message, pdu=pdu)


def part(
    number: int, total: int, octets: bytes, sequence: int = 0, *, reference: int = 7, sender: str = "84905000001"
) -> Received:
    header = bytes((5, 0, 3, reference, total, number))
    return deliver(header + octets, sequence or number, udhi=True, sender=sender)


def bodies(arrivals: list[Arrival]) -> list[str]:
    return [arrival.content.body for arrival in arrivals if isinstance(arrival.content, InboundText)]


def test_turns_a_text_into_an_arrival_and_its_verdict_into_a_response() -> None:
    gate_ = gate()
    batch = gate_.receive([deliver(b"HD", 5)], moment())
    (arrival,) = batch.arrivals
    assert arrival.content == InboundText(
        link="carrier",
        session=41,
        provider_id=None,
        sender="84905000001",
        recipient="8188",
        body="HD",
        octets=b"HD",
        data_coding=0,
        received_at=AT,
        wire=deliver(b"HD", 5).pdu,
    )
    assert batch.responses == []
    assert gate_.pending == 1
    verdicts = [(arrival.ticket, Verdict.STORED), (arrival.ticket, Verdict.STORED), (999, Verdict.STORED)]
    assert bare(gate_.settle(verdicts)) == [((1, codes.DELIVER_SM, 5), OK)]
    assert gate_.pending == 0


@pytest.mark.parametrize(
    ("verdict", "status"), [(Verdict.STORED, OK), (Verdict.DUPLICATE, OK), (Verdict.TRY_LATER, LATER)]
)
def test_answers_as_the_verdict_says(verdict: Verdict, status: int) -> None:
    gate_ = gate()
    (arrival,) = gate_.receive([deliver(b"HD", 5)], moment()).arrivals
    assert bare(gate_.settle([(arrival.ticket, verdict)])) == [((1, codes.DELIVER_SM, 5), status)]


def test_a_receipt_is_no_text_even_without_esm_class() -> None:
    batch = gate().receive([deliver(b"id:77 stat:UNDELIV err:001")], moment())
    assert [arrival.content for arrival in batch.arrivals] == [
        DeliveryReceipt(
            link="carrier",
            message_id="77",
            state=ReceiptState.UNDELIVERABLE,
            error="001",
            received_at=AT,
            sender="84905000001",
        )
    ]


def test_a_receipt_that_names_no_message_is_acknowledged_and_counted() -> None:
    gate_ = gate()
    useless = replace(deliver(b"?", 9), message=deliver(b"?").message._replace(esm_class=codes.ESM_RECEIPT))
    batch = gate_.receive([useless], moment())
    assert (batch.arrivals, bare(batch.responses)) == ([], [((1, codes.DELIVER_SM, 9), OK)])
    assert gate_.useless_receipts == 1


@pytest.mark.parametrize(
    "received",
    [
        pytest.param(deliver(b"", tlvs=((codes.MESSAGE_PAYLOAD, b"HD"),)), id="payload"),
        pytest.param(deliver(b"\x06\x05\x04\x0b\x84\x23\xf0HD", udhi=True), id="ports stripped"),
        pytest.param(deliver(b"\x05\x00\x03\x07\x01\x01HD", udhi=True), id="one part of one"),
        pytest.param(deliver(b"HD", tlvs=((codes.SAR_TOTAL, b"\x01"), (codes.SAR_NUMBER, b"\x01"))), id="sar, alone"),
        pytest.param(deliver(b"HD", tlvs=((0x1400, b"vendor"),)), id="a carrier's own parameter"),
    ],
)
def test_reads_a_text_wherever_it_is(received: Received) -> None:
    batch = gate().receive([received], moment())
    assert bodies(batch.arrivals) == ["HD"]


def bare(responses: list[Response]) -> list[tuple[tuple[int, int, int], int]]:
    """Leave out with what each message came in."""
    return [((bind, command, sequence), status) for (bind, command, sequence, _), status in responses]


def numbers(arrivals: list[Arrival]) -> list[tuple[int, int, int, bytes]]:
    contents = [arrival.content for arrival in arrivals]
    return [(it.reference, it.total, it.number, it.octets) for it in contents if isinstance(it, InboundPart)]


def test_hands_each_part_to_the_road_and_answers_it_by_its_own_verdict() -> None:
    gate_ = gate()
    arrivals = gate_.receive([part(3, 3, b"99999"), part(1, 3, b"TK, ")], moment()).arrivals
    assert numbers(arrivals) == [(7, 3, 3, b"99999"), (7, 3, 1, b"TK, ")]
    assert bare(gate_.settle([(arrivals[1].ticket, Verdict.STORED)])) == [((1, codes.DELIVER_SM, 1), OK)]
    assert bare(gate_.settle([(arrivals[0].ticket, Verdict.TRY_LATER)])) == [((1, codes.DELIVER_SM, 3), LATER)]


def test_knows_parts_by_sar_parameters_with_a_16_bit_reference() -> None:
    tlvs = (
        (codes.SAR_REFERENCE, b"\x12\x34"),
        (codes.SAR_NUMBER, b"\x02"),
        (codes.MESSAGE_PAYLOAD, b"Van A"),
        (codes.SAR_TOTAL, b"\x02"),
    )
    arrivals = gate().receive([deliver(b"", tlvs=tlvs)], moment()).arrivals
    assert numbers(arrivals) == [(0x1234, 2, 2, b"Van A")]


def test_knows_parts_by_a_16_bit_reference_behind_other_elements() -> None:
    header = bytes((12, 0x05, 4, 0, 80, 0, 81, 0x08, 4, 0x12, 0x34, 2, 1))
    arrivals = gate().receive([deliver(header + b"TK", udhi=True)], moment()).arrivals
    assert numbers(arrivals) == [(0x1234, 2, 1, b"TK")]


def test_a_message_that_a_fault_of_ours_cannot_read_costs_no_other(caplog: pytest.LogCaptureFixture) -> None:
    broken = deliver(b"HD", 1)
    broken = replace(broken, message=broken.message._replace(user_data=None))  # type: ignore[arg-type]  # as by a fault
    batch = gate().receive([broken, deliver(b"HD", 2)], moment())
    assert bodies(batch.arrivals) == ["HD"]
    assert bare(batch.responses) == [((1, codes.DELIVER_SM, 1), LATER)]
    assert "message_unreadable" in caplog.text


PUSH = b"\x06\x05\x04\x0b\x84\x23\xf0" + b"\x0c\x06\x03\xbe\xaf\x84\x8c\x82\x98A2001\x00"
PUSH_PART = b"\x0b\x05\x04\x0b\x84\x23\xf0\x00\x03\x07\x02\x01" + b"\x0c\x06\x03"


@pytest.mark.parametrize("coding", [2, 4, 0x15, 0xF5])
@pytest.mark.parametrize("octets", [PUSH, PUSH_PART], ids=["whole", "a part"])
def test_what_is_for_a_program_is_stored_by_itself_and_marked(octets: bytes, coding: int) -> None:
    by_tlv = deliver(b"\x0c\x06", coding=coding, tlvs=((codes.DESTINATION_PORT, b"\x0b\x84"),))
    for received in (deliver(octets, udhi=True, coding=coding), by_tlv):
        (arrival,) = gate().receive([received], moment()).arrivals
        assert isinstance(arrival.content, InboundText)
        assert arrival.content.is_for_program


@pytest.mark.parametrize(
    "received",
    [
        deliver(b"HD", coding=4),
        deliver(b"\x03\x24\x01\x01HD", udhi=True, coding=4),
        deliver(b"\x06\x05\x04\x0b\x84\x23\xf0HD", udhi=True, coding=0),
        deliver(b"\x06\x05\x04\x0b\x84\x23\xf0" + "HD".encode("utf-16-be"), udhi=True, coding=8),
    ],
    ids=["binary without a port", "another element", "letters to a port", "UCS-2 to a port"],
)
def test_letters_are_for_us_wherever_they_are_addressed_to(received: Received) -> None:
    (arrival,) = gate().receive([received], moment()).arrivals
    assert isinstance(arrival.content, InboundText)
    assert not arrival.content.is_for_program
    assert arrival.content.body == "HD"


def test_sends_everything_back_while_it_drains() -> None:
    gate_ = gate()
    gate_.draining = True
    batch = gate_.receive([deliver(b"HD", 5), part(1, 2, b"TK ", 6)], moment())
    assert batch.arrivals == []
    assert bare(batch.responses) == [((1, codes.DELIVER_SM, 5), LATER), ((1, codes.DELIVER_SM, 6), LATER)]


def test_sends_back_what_it_cannot_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "MAX_PENDING", 1)
    batch = gate().receive([deliver(b"HD", 3), deliver(b"HD", 4)], moment())
    assert len(batch.arrivals) == 1
    assert bare(batch.responses) == [((1, codes.DELIVER_SM, 4), LATER)]


def test_a_nul_that_ends_each_part_is_padding() -> None:
    assert joined(b"TK, Nguyen\x00", b" Van A\x00") == "TK, Nguyen Van A"


def test_a_nul_that_ends_some_parts_alone_is_a_letter() -> None:
    assert joined(b"lien he lan\x00", b"gmail.com") == "lien he lan@gmail.com"
    assert joined(b"lien he lan\x00", b"gmail.com", b" hay 1022\x00") == "lien he lan@gmail.com hay 1022"


def joined(*octets: bytes) -> str:
    """Return the text that these parts make."""
    count = len(octets)
    received = [part(number, count, each) for number, each in enumerate(octets, 1)]
    found = numbers(gate().receive(received, moment()).arrivals)
    return read_parts(count, {number: Piece(octets=each, data_coding=0) for _, _, number, each in found}, Alphabet.GSM)


def test_unpacks_each_part_by_itself_since_fill_bits_follow_its_header() -> None:
    first, second = "TK, Nguyen Van An, 201499999, ", "20/12/1990 va mot doan dai hon"
    arrivals = []
    for number, text in enumerate((first, second), 1):
        bits = int.from_bytes(gsm.pack(text.encode()), "little") << 1  # a header of six octets wants one fill bit
        packed = bits.to_bytes((len(text) * 7 + 1 + 7) // 8, "little")
        arrivals += gate().receive([part(number, 2, packed)], moment()).arrivals
    assert [octets for *_, octets in numbers(arrivals)] == [first.encode(), second.encode()]


@pytest.mark.parametrize("joined_by", ["header", "parameters"])
def test_a_carrier_that_packs_may_pack_what_looks_like_letters(joined_by: str) -> None:
    gate_ = Incoming("carrier", Alphabet.GSM_PACKED, Source())
    halves = (b"TK, Nguyen Van A, ", b"201499999, 20/12/1990")
    received = []
    for number, half in enumerate(halves, 1):
        if joined_by == "header":
            header = bytes((5, 0, 3, 7, 2, number))
            received.append(deliver(pack_behind(header, half), number, udhi=True))
        else:
            sar = ((codes.SAR_REFERENCE, b"\x00\x07"), (codes.SAR_TOTAL, b"\x02"), (codes.SAR_NUMBER, bytes([number])))
            received.append(deliver(gsm.pack(half), number, tlvs=sar))
    contents = [each.content for each in gate_.receive(received, moment()).arrivals]
    pieces = {
        each.number: Piece(octets=each.octets, data_coding=each.data_coding)
        for each in contents
        if isinstance(each, InboundPart)
    }
    assert read_parts(2, pieces, Alphabet.GSM_PACKED) == b"".join(halves).decode()


def test_a_packed_text_behind_a_header_of_ports_is_unpacked_once() -> None:
    gate_ = Incoming("carrier", Alphabet.GSM_PACKED, Source())
    received = deliver(pack_behind(bytes((6, 5, 4, 0, 1, 0, 2)), b"HD"), udhi=True)
    assert bodies(gate_.receive([received], moment()).arrivals) == ["HD"]


@pytest.mark.parametrize("octets", [gsm.pack(b"id:77 stat:DELIVRD"), b"id:77 stat:DELIVRD"], ids=["packed", "as it is"])
def test_a_receipt_of_a_carrier_that_packs_is_no_text(octets: bytes) -> None:
    (arrival,) = Incoming("carrier", Alphabet.GSM_PACKED, Source()).receive([deliver(octets)], moment()).arrivals
    assert isinstance(arrival.content, DeliveryReceipt)
    assert arrival.content.message_id == "77"
