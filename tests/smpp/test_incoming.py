from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from db.schema import ReceiptState
from sms_gateway.road.ports import Arrival, DeliveryReceipt, InboundText, Verdict
from sms_gateway.settings.model import Alphabet
from sms_gateway.smpp import codes, incoming, parts
from sms_gateway.smpp.events import Received
from sms_gateway.smpp.incoming import Incoming, Moment
from sms_gateway.smpp.shortmessage import ShortMessage
from sms_gateway.smpp.tlv import Tlvs

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
OK, LATER = codes.ESME_ROK, codes.ESME_RX_T_APPN


class Door:
    def acknowledge(self, verdicts: Sequence[tuple[int, Verdict]]) -> None:
        raise AssertionError(f"only the road calls its doors: {len(verdicts)}")


def gate() -> Incoming:
    return Incoming("carrier", Alphabet.GSM, Door())


def moment(now: float = 0.0, bind: int = 1) -> Moment:
    return Moment(bind=bind, session=40 + bind, at=AT, now=now)


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
    return Received(command=codes.DELIVER_SM, sequence=sequence, message=message)


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
    )
    assert batch.responses == []
    assert gate_.pending == 1
    verdicts = [(arrival.ticket, Verdict.STORED), (arrival.ticket, Verdict.STORED), (999, Verdict.STORED)]
    assert gate_.settle(verdicts, 0) == [((1, codes.DELIVER_SM, 5), OK)]
    assert gate_.pending == 0


@pytest.mark.parametrize(
    ("verdict", "status"), [(Verdict.STORED, OK), (Verdict.DUPLICATE, OK), (Verdict.TRY_LATER, LATER)]
)
def test_answers_as_the_verdict_says(verdict: Verdict, status: int) -> None:
    gate_ = gate()
    (arrival,) = gate_.receive([deliver(b"HD", 5)], moment()).arrivals
    assert gate_.settle([(arrival.ticket, verdict)], 0) == [((1, codes.DELIVER_SM, 5), status)]


def test_a_receipt_is_no_text_even_without_esm_class() -> None:
    batch = gate().receive([deliver(b"id:77 stat:UNDELIV err:001")], moment())
    assert [arrival.content for arrival in batch.arrivals] == [
        DeliveryReceipt(link="carrier", message_id="77", state=ReceiptState.UNDELIVERABLE, error="001", received_at=AT)
    ]


def test_a_receipt_that_names_no_message_is_acknowledged_and_counted() -> None:
    gate_ = gate()
    useless = replace(deliver(b"?", 9), message=deliver(b"?").message._replace(esm_class=codes.ESM_RECEIPT))
    batch = gate_.receive([useless], moment())
    assert (batch.arrivals, batch.responses) == ([], [((1, codes.DELIVER_SM, 9), OK)])
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


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_joins_parts_in_any_order_and_answers_them_together(order: tuple[int, ...]) -> None:
    gate_ = gate()
    texts = {1: b"TK, Nguyen", 2: b" Van A, 2014", 3: b"99999"}
    batches = [gate_.receive([part(number, 3, texts[number])], moment(number / 100)) for number in order]
    assert [len(batch.arrivals) for batch in batches] == [0, 0, 1]
    assert not any(batch.responses for batch in batches)
    (arrival,) = batches[2].arrivals
    assert isinstance(arrival.content, InboundText)
    assert (arrival.content.body, arrival.content.octets) == ("TK, Nguyen Van A, 201499999",) * 1 + (
        b"TK, Nguyen Van A, 201499999",
    )
    responses = gate_.settle([(arrival.ticket, Verdict.STORED)], 1)
    assert sorted(responses) == [((1, codes.DELIVER_SM, number), OK) for number in (1, 2, 3)]
    assert not gate_.impatient


def test_joins_by_sar_parameters_with_a_16_bit_reference() -> None:
    gate_ = gate()
    arrivals = []
    for number, octets in ((2, b"Van A"), (1, b"TK, Nguyen ")):
        tlvs = (
            (codes.SAR_REFERENCE, b"\x12\x34"),
            (codes.SAR_NUMBER, bytes([number])),
            (codes.MESSAGE_PAYLOAD, octets),
            (codes.SAR_TOTAL, b"\x02"),
        )
        arrivals += gate_.receive([deliver(b"", number, tlvs=tlvs)], moment()).arrivals
    assert bodies(arrivals) == ["TK, Nguyen Van A"]


def test_joins_octets_before_decoding_since_a_cut_may_fall_inside_a_character() -> None:
    gate_ = gate()
    octets = "TK 😀".encode("utf-16-be")
    head = [b"\x05\x00\x03\x07\x02" + bytes([number]) for number in (1, 2)]
    arrivals = gate_.receive(
        [
            deliver(head[0] + octets[:8], 1, udhi=True, coding=8),
            deliver(head[1] + octets[8:], 2, udhi=True, coding=8),
        ],
        moment(),
    ).arrivals
    assert bodies(arrivals) == ["TK 😀"]


def test_mixes_no_citizens_who_share_a_reference() -> None:
    gate_ = gate()
    people = [f"849050{number:05d}" for number in range(1000)]
    first = [part(1, 2, b"TK " + sender.encode(), sender=sender) for sender in people]
    second = [part(2, 2, b" " + sender.encode(), sender=sender) for sender in reversed(people)]
    assert gate_.receive(first, moment()).arrivals == []
    arrivals = gate_.receive(second, moment()).arrivals
    assert bodies(arrivals) == [f"TK {sender} {sender}" for sender in reversed(people)]


def test_a_doubled_part_is_answered_and_counts_once() -> None:
    gate_ = gate()
    gate_.receive([part(1, 2, b"TK ", 1), part(1, 2, b"TK ", 2)], moment())
    (arrival,) = gate_.receive([part(2, 2, b"A", 3)], moment()).arrivals
    assert bodies([arrival]) == ["TK A"]
    late = gate_.receive([part(2, 2, b"A", 4)], moment(0.1))
    assert (late.arrivals, late.responses) == ([], [])
    assert sorted(gate_.settle([(arrival.ticket, Verdict.STORED)], 1)) == [
        ((1, codes.DELIVER_SM, number), OK) for number in (1, 2, 3, 4)
    ]
    latest = gate_.receive([part(1, 2, b"TK ", 5)], moment(20))
    assert (latest.arrivals, latest.responses) == ([], [((1, codes.DELIVER_SM, 5), OK)])


def test_a_reference_used_anew_ends_the_text_before() -> None:
    gate_ = gate()
    gate_.receive([part(1, 2, b"one")], moment())
    arrivals = gate_.receive([part(1, 2, b"two")], moment(1)).arrivals
    assert bodies(arrivals) == ["one…"]
    assert bodies(gate_.receive([part(2, 2, b"!")], moment(1)).arrivals) == ["two!"]


def test_acknowledges_a_part_after_a_while_so_that_a_window_of_one_goes_on() -> None:
    gate_ = gate()
    gate_.receive([part(1, 2, b"TK ")], moment(0))
    assert gate_.impatient
    assert gate_.receive([], moment(parts.HOLD_SECONDS - 0.01)).responses == []
    held_long_enough = gate_.receive([], moment(parts.HOLD_SECONDS + 0.1))
    assert held_long_enough.responses == [((1, codes.DELIVER_SM, 1), OK)]
    (arrival,) = gate_.receive([part(2, 2, b"A")], moment(1)).arrivals
    assert gate_.settle([(arrival.ticket, Verdict.STORED)], 1) == [((1, codes.DELIVER_SM, 2), OK)]


def test_reads_what_is_there_when_a_part_never_comes() -> None:
    gate_ = gate()
    gate_.receive([part(1, 4, b"TK, Nguyen"), part(4, 4, b"1990")], moment(0))
    assert gate_.receive([], moment(parts.LIMIT_SECONDS - 1)).arrivals == []
    (arrival,) = gate_.receive([], moment(parts.LIMIT_SECONDS)).arrivals
    assert bodies([arrival]) == ["TK, Nguyen…1990"]


def test_forgets_joined_texts_after_a_while() -> None:
    gate_ = gate()
    (arrival,) = gate_.receive([part(1, 2, b"TK "), part(2, 2, b"A")], moment(0)).arrivals
    gate_.settle([(arrival.ticket, Verdict.STORED)], 0)
    gate_.receive([], moment(parts.LIMIT_SECONDS + 1))
    assert not gate_._parts._done


def test_a_refused_long_text_is_sent_again_whole() -> None:
    gate_ = gate()
    (arrival,) = gate_.receive([part(1, 2, b"TK "), part(2, 2, b"A")], moment(0)).arrivals
    assert sorted(gate_.settle([(arrival.ticket, Verdict.TRY_LATER)], 0)) == [
        ((1, codes.DELIVER_SM, 1), LATER),
        ((1, codes.DELIVER_SM, 2), LATER),
    ]
    again = gate_.receive([part(1, 2, b"TK ", 8), part(2, 2, b"A", 9)], moment(1)).arrivals
    assert bodies(again) == ["TK A"]


def test_a_refused_long_text_of_which_a_part_is_acknowledged_is_offered_again() -> None:
    gate_ = gate()
    gate_.receive([part(1, 2, b"TK ")], moment(0))
    gate_.receive([], moment(1))
    (arrival,) = gate_.receive([part(2, 2, b"A")], moment(2)).arrivals
    assert gate_.settle([(arrival.ticket, Verdict.TRY_LATER)], 2) == []
    assert gate_.receive([], moment(2.5)).arrivals == []
    assert gate_.receive([], moment(2 + incoming.AGAIN_SECONDS)).arrivals == [arrival]
    assert gate_.settle([(arrival.ticket, Verdict.STORED)], 4) == [((1, codes.DELIVER_SM, 2), OK)]


def test_sends_everything_back_while_it_drains_but_gives_up_nothing_acknowledged() -> None:
    gate_ = gate()
    gate_.receive([part(1, 2, b"TK ", reference=1), part(1, 2, b"HD ", 2, reference=2)], moment(0))
    gate_.receive([], moment(1))
    gate_.receive([part(1, 2, b"DVC ", 3, reference=3)], moment(2))
    gate_.draining = True
    batch = gate_.receive([deliver(b"HD", 5)], moment(2.01))
    assert bodies(batch.arrivals) == ["TK …", "HD …"]
    assert batch.responses == [((1, codes.DELIVER_SM, 5), LATER)]


def test_sends_back_what_it_cannot_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "MAX_PENDING", 1)
    monkeypatch.setattr(parts, "MAX_OCTETS", 5)
    gate_ = gate()
    batch = gate_.receive(
        [part(1, 2, b"123", 1), part(1, 2, b"123", 2, reference=8), deliver(b"HD", 3), deliver(b"HD", 4)], moment()
    )
    assert len(batch.arrivals) == 1
    assert batch.responses == [((1, codes.DELIVER_SM, 2), LATER), ((1, codes.DELIVER_SM, 4), LATER)]
