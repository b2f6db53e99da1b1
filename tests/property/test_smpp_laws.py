"""Laws of the SMPP room: nothing raises on octets, what is written is read again, and the hot path equals smpplib."""

from __future__ import annotations

import itertools
import random
import string
import unicodedata
from datetime import UTC, datetime
from typing import Any

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
    SubmitWriter,
    decode_data_message,
    decode_message_id,
    decode_short_message,
    encode_data_message,
    encode_short_message,
)
from sms_gateway.channels.smpp.pdu.tlv import walk_tlvs, write_tlvs
from sms_gateway.channels.smpp.receipt import Receipt, read_receipt
from sms_gateway.channels.smpp.session.events import Event, Received
from sms_gateway.channels.smpp.session.session import Session
from sms_gateway.pipeline.ports import InboundPart, InboundText, Piece, Verdict
from sms_gateway.settings.link_model import Alphabet
from tests.sms_gateway.channels.smpp.fixtures.octets import frames, raw, smpplib_octets, smpplib_read
from tests.sms_gateway.channels.smpp.fixtures.sessions import TERMS

settings.register_profile("unhurried", deadline=None)  # the processors are shared with the other tests
settings.load_profile("unhurried")

GSM_CHARACTERS = "".join(sorted(gsm._SEPTETS_OF))
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
    assert (cut.encoding is Encoding.GSM) == gsm.in_alphabet(text)
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


class _Door:
    def acknowledge(self, verdicts: object) -> None:
        raise AssertionError(f"only the pipeline calls its doors: {verdicts}")


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
    incoming = Incoming("carrier", Alphabet.GSM, _Door())
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
    incoming = Incoming("carrier", Alphabet.GSM_PACKED, _Door())
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


@given(st.binary(max_size=200))
def test_headers_and_parameters_never_raise(octets: bytes) -> None:
    take_header(octets)
    walk_tlvs(octets, 0)


@given(tlv_rows)
def test_parameters_are_read_as_written(rows: tuple[tuple[int, bytes], ...]) -> None:
    assert walk_tlvs(write_tlvs(rows), 0) == rows


@given(messages)
def test_messages_are_read_as_written(message: ShortMessage) -> None:
    assert decode_short_message(encode_short_message(message)) == message


@given(messages, st.integers(0, 300))
def test_a_message_that_ends_early_is_none_or_lacks_parameters_only(message: ShortMessage, length: int) -> None:
    whole = encode_short_message(message)
    cut = decode_short_message(whole[:length])
    if length < len(whole) and cut is not None:
        assert cut.user_data == message.user_data
        assert cut.tlvs == message.tlvs[: len(cut.tlvs)]


def _same_as_smpplib(message: ShortMessage, theirs: Any) -> None:
    pairs = [
        (message.service_type.encode(), theirs.service_type),
        (message.source.encode(), theirs.source_addr),
        (message.destination.encode(), theirs.destination_addr),
        (message.user_data, theirs.short_message or b""),
        (message.validity_period.encode(), theirs.validity_period),
        (message.schedule.encode(), theirs.schedule_delivery_time),
        (
            (message.source_ton, message.source_npi, message.dest_ton, message.dest_npi),
            (theirs.source_addr_ton, theirs.source_addr_npi, theirs.dest_addr_ton, theirs.dest_addr_npi),
        ),
        (
            (message.esm_class, message.protocol_id, message.priority, message.registered_delivery),
            (theirs.esm_class, theirs.protocol_id, theirs.priority_flag, theirs.registered_delivery),
        ),
        (
            (message.replace_if_present, message.data_coding, message.default_message),
            (theirs.replace_if_present_flag, theirs.data_coding, theirs.sm_default_msg_id),
        ),
    ]
    for ours, other in pairs:
        assert ours == other


def _without_parameters(message: ShortMessage) -> ShortMessage:
    return message._replace(tlvs=())


@given(messages, octet, octet, st.binary(max_size=160))
def test_what_writes_many_writes_as_what_writes_one(
    message: ShortMessage, esm_class: int, data_coding: int, user_data: bytes
) -> None:
    varied = message._replace(
        esm_class=esm_class,
        data_coding=data_coding,
        user_data=user_data,
        validity_period="000000001500000R",
        schedule="",
        replace_if_present=0,
        default_message=0,
        tlvs=(),
    )
    written = SubmitWriter(message).write(message.destination, b"000000001500000R", esm_class, data_coding, user_data)
    assert written == encode_short_message(varied)


@given(messages, st.sampled_from(["submit_sm", "deliver_sm"]))
def test_smpplib_reads_the_messages_that_we_write(message: ShortMessage, name: str) -> None:
    message = _without_parameters(message)
    command = codes.SUBMIT_SM if name == "submit_sm" else codes.DELIVER_SM
    theirs = smpplib_read(write_pdu(command, 9, encode_short_message(message)))
    assert (theirs.command, theirs.sequence, theirs.status) == (name, 9, 0)
    _same_as_smpplib(message, theirs)


@given(messages, st.sampled_from(["submit_sm", "deliver_sm"]))
def test_we_read_the_messages_that_smpplib_writes(message: ShortMessage, name: str) -> None:
    # smpplib sets UDHI and the like by itself when it is asked for nothing; all fields are therefore given
    octets = smpplib_octets(
        name,
        9,
        service_type=message.service_type,
        source_addr_ton=message.source_ton,
        source_addr_npi=message.source_npi,
        source_addr=message.source,
        dest_addr_ton=message.dest_ton,
        dest_addr_npi=message.dest_npi,
        destination_addr=message.destination,
        esm_class=message.esm_class,
        protocol_id=message.protocol_id,
        priority_flag=message.priority,
        schedule_delivery_time=message.schedule,
        validity_period=message.validity_period,
        registered_delivery=message.registered_delivery,
        replace_if_present_flag=message.replace_if_present,
        data_coding=message.data_coding,
        sm_default_msg_id=message.default_message,
        short_message=message.user_data,
    )
    (frame,) = frames(octets)
    assert decode_short_message(frame.body) == _without_parameters(message)


@given(
    st.text(string.ascii_letters + string.digits + "-", max_size=64), st.integers(0, 0x4FF), st.integers(1, 0x7FFFFFFF)
)
def test_responses_equal_those_of_smpplib(message_id: str, status: int, sequence: int) -> None:
    for command, name in ((codes.SUBMIT_SM, "submit_sm_resp"), (codes.DELIVER_SM, "deliver_sm_resp")):
        ours = write_response(command, sequence, status, message_id)
        assert ours == smpplib_octets(name, sequence, status, message_id=message_id)
        (frame,) = frames(ours)
        assert decode_message_id(frame.body) == message_id


@given(messages)
def test_data_messages_are_read_as_written(message: ShortMessage) -> None:
    plain = ShortMessage(
        source=message.source,
        destination=message.destination,
        user_data=b"",
        data_coding=message.data_coding,
        esm_class=message.esm_class,
        registered_delivery=message.registered_delivery,
        tlvs=message.tlvs,
    )
    assert decode_data_message(encode_data_message(plain)) == plain


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
