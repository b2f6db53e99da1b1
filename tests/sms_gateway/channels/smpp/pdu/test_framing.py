from __future__ import annotations

import struct

import pytest

from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.framing import MAX_LENGTH, Frame, Framer
from tests.sms_gateway.channels.smpp.fixtures.octets import raw

STREAM = raw(codes.ENQUIRE_LINK, sequence=7) + raw(codes.SUBMIT_SM_RESP, b"abc\x00", 8) + raw(codes.UNBIND, sequence=9)
FRAMES = [
    Frame(codes.ENQUIRE_LINK, 0, 7, raw(codes.ENQUIRE_LINK, sequence=7)),
    Frame(codes.SUBMIT_SM_RESP, 0, 8, raw(codes.SUBMIT_SM_RESP, b"abc\x00", 8)),
    Frame(codes.UNBIND, 0, 9, raw(codes.UNBIND, sequence=9)),
]


def test_cuts_a_whole_stream() -> None:
    assert Framer().feed(STREAM) == FRAMES


def test_cuts_a_stream_that_comes_octet_by_octet() -> None:
    framer = Framer()
    assert [frame for octet in STREAM for frame in framer.feed(bytes([octet]))] == FRAMES


@pytest.mark.parametrize("cut", range(len(STREAM)))
def test_cuts_a_stream_split_anywhere(cut: int) -> None:
    framer = Framer()
    assert framer.feed(STREAM[:cut]) + framer.feed(STREAM[cut:]) == FRAMES


@pytest.mark.parametrize("length", [0, 1, 15, MAX_LENGTH + 1, 0xFFFFFFFF])
def test_gives_what_came_before_a_length_out_of_bounds_and_nothing_after(length: int) -> None:
    framer = Framer()
    bad = struct.pack(">IIII", length, codes.ENQUIRE_LINK, 0, 1)
    assert framer.feed(STREAM + bad + STREAM) == FRAMES
    assert framer.bad_length == length
    assert framer.feed(STREAM) == []


@pytest.mark.parametrize("length", [16, MAX_LENGTH])
def test_takes_the_shortest_and_the_longest(length: int) -> None:
    assert len(Framer().feed(raw(codes.DATA_SM, bytes(length - 16)))) == 1
