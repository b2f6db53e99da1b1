"""Laws of the SMPP room: nothing raises on octets, what is written is read again, and the hot path equals smpplib."""

from __future__ import annotations

import itertools
import random
import string
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.schema import ReceiptState
from sms_gateway.channels.smpp.coding import gsm
from sms_gateway.channels.smpp.coding.long_texts import read_parts
from sms_gateway.channels.smpp.coding.text import Encoding, count_segments, decode_text, split_text
from sms_gateway.channels.smpp.coding.udh import take_header
from sms_gateway.channels.smpp.incoming import Incoming, Moment
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.framing import MAX_LENGTH, Framer
from sms_gateway.channels.smpp.pdu.pdu import read_pdu, write_bind_response, write_pdu, write_plain, write_response
from sms_gateway.channels.smpp.pdu.short_message import (
    ShortMessage,
    encode_data_message,
    encode_short_message,
)
from sms_gateway.channels.smpp.receipt import Receipt, read_receipt
from sms_gateway.channels.smpp.session.events import Event, Received
from sms_gateway.channels.smpp.session.session import Session
from sms_gateway.pipeline.ports import InboundPart, InboundText, Piece, Verdict
from sms_gateway.settings.link_model import Alphabet
from tests.sms_gateway.channels.smpp.fixtures.octets import raw
from tests.sms_gateway.channels.smpp.fixtures.sessions import TERMS

pytestmark = pytest.mark.no_cover  # it runs the same lines many times

settings.register_profile("unhurried", deadline=None)  # the processors are shared with the other tests
settings.load_profile("unhurried")

GSM_CHARACTERS = "".join(char for char in map(chr, range(0x3000)) if gsm.encode(char) is not None)
gsm_texts = st.text(GSM_CHARACTERS, max_size=600)
texts = st.one_of(gsm_texts, st.text(st.characters(exclude_categories=["Cs"]), max_size=400), st.text(max_size=100))
octet = st.integers(0, 255)
small = st.integers(0, 6)
addresses = st.text(string.ascii_letters + string.digits + "+", max_size=20)
tlv_rows = st.lists(st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=40)), max_size=5).map(tuple)
messages = st.builds(
    ShortMessage,
    source=addresses,
    destination=addresses,
    user_data=st.binary(max_size=254),
    data_coding=octet,
    esm_class=octet,
    source_ton=small,
    source_npi=small,
    dest_ton=small,
    dest_npi=small,
    registered_delivery=octet,
    validity_period=st.sampled_from(["", "000000001500000R"]),
    service_type=st.sampled_from(["", "CMT", "USSD"]),
    protocol_id=octet,
    priority=st.integers(0, 3),
    schedule=st.sampled_from(["", "000000000100000R"]),
    replace_if_present=st.integers(0, 1),
    default_message=octet,
    tlvs=tlv_rows,
)
streams = st.lists(
    st.one_of(
        messages.map(lambda message: write_pdu(codes.DELIVER_SM, 5, encode_short_message(message))),
        st.binary(max_size=60).map(lambda body: raw(codes.DELIVER_SM, body)),
        st.tuples(st.integers(0, 0xFFFFFFFF), st.binary(max_size=60), octet).map(lambda row: raw(*row)),
        st.sampled_from(
            [
                write_plain(codes.ENQUIRE_LINK, 3),
                write_response(codes.SUBMIT_SM, 2, 0, "A"),
                write_plain(codes.GENERIC_NACK, 2, 3),
                raw(codes.DATA_SM, encode_data_message(ShortMessage(source="1", destination="2", user_data=b""))),
            ]
        ),
    ),
    max_size=8,
).map(b"".join)


@given(texts)
def test_segments_join_to_the_text_that_was_cut(text: str) -> None:
    cut = split_text(text, 7)
    several = len(cut.user_data) > 1
    parts = [take_header(each) if several else (None, each) for each in cut.user_data]
    if several:
        assert [part and (part.number, part.total) for part, _ in parts] == [
            (number, len(parts)) for number in range(1, len(parts) + 1)
        ]
    joined = "".join(
        octets.decode("utf-16-be", "surrogatepass") if cut.encoding is Encoding.UCS2 else gsm.decode(octets)
        for _, octets in parts
    )
    assert joined == text


@given(texts)
def test_segments_fill_what_the_air_carries_and_no_more(text: str) -> None:
    cut = split_text(text, 7)
    assert count_segments(text) == (cut.encoding, len(cut.user_data))
    assert (cut.encoding is Encoding.GSM) == (gsm.encode(text) is not None)
    limit = 160 if cut.encoding is Encoding.GSM else 140
    if len(cut.user_data) > 1:
        limit = 153 + 6 if cut.encoding is Encoding.GSM else 134 + 6
    assert all(len(each) <= limit for each in cut.user_data)


@given(texts)
def test_no_cut_falls_inside_a_character(text: str) -> None:
    cut = split_text(text, 7)
    if len(cut.user_data) == 1:
        return
    pieces = [take_header(each)[1] for each in cut.user_data]
    if cut.encoding is Encoding.GSM:
        assert not any(piece.endswith(b"\x1b") for piece in pieces)
    else:
        decoded = [piece.decode("utf-16-be", "surrogatepass") for piece in pieces]
        assert "".join(decoded) == text
        shorter = [len(piece) < 120 for piece in decoded[:-1]]
        marks = [unicodedata.category(piece[0]) == "Mn" for piece in decoded[1:]]
        runs = "Mn" * 7 in "".join(unicodedata.category(char) for char in text)
        assert runs or not any(mark and short for mark, short in zip(marks, shorter, strict=True))


class _Source:
    def acknowledge(self, verdicts: object) -> None:
        raise AssertionError(f"only the pipeline calls its sources: {verdicts}")


@given(
    # A NUL at the end of a part is padding, and `@` is one in the GSM alphabet.
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="@\x00"), min_size=71, max_size=500),
    st.randoms(),
    st.sampled_from(["header", "parameters"]),
)
def test_parts_in_any_order_and_some_of_them_twice_read_as_one_text(
    text: str, chance: random.Random, joined_by: str
) -> None:
    cut = split_text(text, 7)
    total = len(cut.user_data)
    received = []
    for number, octets in enumerate(cut.user_data, 1):
        plain = take_header(octets)[1] if total > 1 else octets
        sar = (
            (codes.SAR_REFERENCE, b"\x01\x07"),
            (codes.SAR_TOTAL, bytes([total])),
            (codes.SAR_NUMBER, bytes([number])),
        )
        message = ShortMessage(
            source="849",
            destination="8188",
            data_coding=cut.encoding.value,
            esm_class=codes.ESM_UDHI if total > 1 and joined_by == "header" else 0,
            user_data=plain if joined_by == "parameters" else octets,
            tlvs=sar if joined_by == "parameters" else (),
        )
        pdu = write_pdu(codes.DELIVER_SM, number, encode_short_message(message))
        received.append(Received(command=codes.DELIVER_SM, sequence=number, message=message, pdu=pdu))
    if total > 1:
        received += chance.sample(received, chance.randrange(total))
    chance.shuffle(received)
    incoming = Incoming("carrier", Alphabet.GSM, _Source())
    arrivals = incoming.receive(received, Moment(bind=1, session=1, at=datetime(2026, 11, 22, tzinfo=UTC))).arrivals
    pieces = {
        each.content.number: Piece(octets=each.content.octets, data_coding=each.content.data_coding)
        for each in arrivals
        if isinstance(each.content, InboundPart)
    }
    whole = [each.content.body for each in arrivals if isinstance(each.content, InboundText)]
    assert [text] == (whole or [read_parts(total, pieces, Alphabet.GSM)])
    responses = incoming.settle([(each.ticket, Verdict.STORED) for each in arrivals])
    assert len(responses) == len(received)


@given(gsm_texts)
def test_gsm_reads_what_it_writes(text: str) -> None:
    septets = gsm.encode(text)
    assert septets is not None
    assert gsm.decode(septets) == text
    assert gsm.count_septets(text) == len(septets)
    for fill_bits in range(7):
        unpacked = gsm.unpack(gsm.pack(septets, fill_bits), fill_bits)
        assert unpacked in (septets, septets + b"\r") or septets.endswith((b"\x00", b"\r"))


PLAIN = st.sampled_from("ABCDEFGHKTV abcdefghnouvy 0123456789 ,./-")


@given(st.text(PLAIN, max_size=400))
def test_what_is_packed_for_a_carrier_is_what_is_read_from_it(text: str) -> None:
    cut = split_text(text, 7, Alphabet.GSM_PACKED)
    several = len(cut.user_data) > 1
    received = [
        Received(
            command=codes.DELIVER_SM,
            sequence=number,
            message=ShortMessage(
                source="849", destination="8188", esm_class=codes.ESM_UDHI * several, user_data=octets
            ),
            pdu=b"",
        )
        for number, octets in enumerate(cut.user_data, 1)
    ]
    incoming = Incoming("carrier", Alphabet.GSM_PACKED, _Source())
    arrivals = incoming.receive(received, Moment(bind=1, session=1, at=datetime(2026, 11, 22, tzinfo=UTC))).arrivals
    pieces = {
        each.content.number: Piece(octets=each.content.octets, data_coding=each.content.data_coding)
        for each in arrivals
        if isinstance(each.content, InboundPart)
    }
    whole = [each.content.body for each in arrivals if isinstance(each.content, InboundText)]
    assert [text] == (whole or [read_parts(len(pieces), pieces, Alphabet.GSM_PACKED)])


@given(st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=100))
def test_latin_1_reads_what_it_writes(text: str) -> None:
    assert decode_text(text.encode("latin-1"), 3) == text


WRITTEN = st.sampled_from("aăâđêôơưÁẮỄ 19,.-/đ\u0301\u0323“”…₫😀你好")


@given(st.text(WRITTEN, min_size=1, max_size=70))
def test_ucs2_reads_what_it_writes(text: str) -> None:
    assert decode_text(text.encode("utf-16-be"), 8) == text
    assert decode_text(b"\xff\xfe" + text.encode("utf-16-le"), 8) == text


@given(st.binary(max_size=300), octet, st.sampled_from(Alphabet))
def test_decoding_never_raises_and_gives_storable_text(octets: bytes, data_coding: int, alphabet: Alphabet) -> None:
    decode_text(octets, data_coding, alphabet).encode("utf-8")


@given(st.binary(max_size=MAX_LENGTH // 64), st.lists(st.integers(0, 1000), max_size=4))
def test_framing_gives_the_same_however_octets_are_split(octets: bytes, cuts: list[int]) -> None:
    whole, split = Framer(), Framer()
    expected = whole.feed(octets)
    places = sorted({0, len(octets), *(cut for cut in cuts if cut < len(octets))})
    found = [frame for start, end in itertools.pairwise(places) for frame in split.feed(octets[start:end])]
    assert found == expected
    assert split.bad_length == whole.bad_length


def _run(octets: bytes, size: int) -> tuple[list[Event], bytes]:
    session = Session(TERMS)
    session.start(0)
    events = session.receive(write_bind_response(codes.BIND_TRANSCEIVER, 1, 0, "smsc"), 0)
    session.submit(b"", "one", 0)
    for place in range(0, len(octets), size):
        events += session.receive(octets[place : place + size], 1)
        events += session.tick(1)
    return events, session.take_octets()


@given(st.one_of(streams, st.binary(max_size=300)), st.integers(1, 40))
def test_a_session_never_raises_and_means_the_same_however_octets_are_split(octets: bytes, size: int) -> None:
    assert _run(octets, size) == _run(octets, max(1, len(octets)))


@given(streams)
def test_every_frame_is_read_as_something(octets: bytes) -> None:
    for frame in Framer().feed(octets):
        read_pdu(frame)


@given(messages)
def test_reading_receipts_never_raises_and_fits_the_table(message: ShortMessage) -> None:
    receipt = read_receipt(message, Alphabet.GSM)
    if receipt is not None:
        assert len(receipt.message_id or "") <= 65
        assert len(receipt.error or "") <= 16


@given(st.text(string.ascii_letters + string.digits + "-", min_size=1, max_size=64), st.sampled_from(["", " ", ","]))
def test_a_receipt_is_read_whatever_its_id(message_id: str, blank: str) -> None:
    text = f"id:{message_id}{blank or ' '}stat:EXPIRED{blank or ' '}err:7"
    message = ShortMessage(source="1", destination="2", user_data=text.encode())
    expected = Receipt(message_id=message_id, state=ReceiptState.EXPIRED, error="7")
    assert read_receipt(message, Alphabet.GSM) == expected
