from __future__ import annotations

import pytest

from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.pdu import (
    BindRequest,
    BindResponse,
    Pdu,
    UnreadablePdu,
    read_pdu,
    write_bind,
    write_bind_response,
)
from sms_gateway.channels.smpp.pdu.short_message import (
    ShortMessage,
    c_octets,
    decode_data_message,
    decode_short_message,
    encode_data_message,
    encode_short_message,
)
from tests.sms_gateway.channels.smpp.fixtures.octets import frames, raw, smpplib_octets

BIND = BindRequest(
    command=codes.BIND_TRANSCEIVER,
    sequence=4,
    system_id="gateway",
    password="secret",
    system_type="cmt",
    address_range="8188",
)


def read(octets: bytes) -> Pdu:
    (frame,) = frames(octets)
    return read_pdu(frame)


@pytest.mark.parametrize("command", [codes.BIND_TRANSCEIVER, codes.BIND_RECEIVER, codes.BIND_TRANSMITTER])
def test_reads_the_binds_that_it_writes(command: int) -> None:
    bind = BindRequest(command=command, sequence=4, system_id="gateway", password="secret")
    assert read(write_bind(bind)) == bind
    assert read(write_bind(BIND)) == BIND


def test_reads_the_answers_that_it_writes() -> None:
    ok = write_bind_response(codes.BIND_RECEIVER, 4, codes.ESME_ROK, "smsc")
    assert read(ok) == BindResponse(sequence=4, status=0, system_id="smsc")
    assert ok == smpplib_octets("bind_receiver_resp", 4, system_id="smsc", sc_interface_version=0x34)


def test_cuts_and_cleans_what_the_standard_has_no_place_for() -> None:
    wide = BindRequest(command=codes.BIND_TRANSCEIVER, sequence=1, system_id="một hệ thống dài quá", password="x" * 20)
    read_back = read(write_bind(wide))
    assert isinstance(read_back, BindRequest)
    assert (read_back.system_id, read_back.password) == ("m?t h? th?ng d?", "x" * 20)
    assert c_octets("a\x00b", 9) == b"ab\x00"


def test_shows_no_password() -> None:
    assert "secret" not in repr(BIND)
    assert "gateway" in repr(BIND)


@pytest.mark.parametrize("cut", range(1, 30))
def test_a_bind_that_ends_early_is_unreadable(cut: int) -> None:
    (frame,) = frames(write_bind(BIND))
    if cut <= len(frame.body):
        pdu = read(raw(codes.BIND_TRANSCEIVER, frame.body[:-cut]))
        assert isinstance(pdu, UnreadablePdu)


def test_a_message_with_an_address_beyond_all_bounds_is_unreadable() -> None:
    body = encode_short_message(ShortMessage(source="1", destination="2", user_data=b""))
    assert decode_short_message(body) is not None
    assert decode_short_message(body.replace(b"1\x00", b"1" * 65 + b"\x00", 1)) is None


def test_refuses_to_write_more_than_a_short_message_holds() -> None:
    with pytest.raises(ValueError, match="254"):
        encode_short_message(ShortMessage(source="1", destination="2", user_data=bytes(255)))


@pytest.mark.parametrize("padding", [b"", b"\x00", b"\x00\x00\x00"])
def test_passes_over_padding_at_the_end(padding: bytes) -> None:
    message = ShortMessage(source="1", destination="2", user_data=b"HD", tlvs=((5, b"x"),))
    assert decode_short_message(encode_short_message(message) + padding) == message


@pytest.mark.parametrize("left", [b"\x14\x01\x00\x10ab", b"\x14\x01\xff\xff", b"\x04\x27\x00\x02\x02"])
def test_passes_over_a_parameter_that_runs_past_the_end(left: bytes) -> None:
    message = ShortMessage(source="1", destination="2", user_data=b"HD", tlvs=((5, b"x"),))
    assert decode_short_message(encode_short_message(message) + left) == message
    payload = ShortMessage(source="1", destination="2", tlvs=((codes.MESSAGE_PAYLOAD, b"HD"),))
    assert decode_data_message(encode_data_message(payload) + left) == payload


@pytest.mark.parametrize(
    "tag", [codes.MESSAGE_PAYLOAD, codes.SAR_REFERENCE, codes.SAR_TOTAL, codes.SAR_NUMBER], ids=hex
)
def test_a_parameter_that_the_text_depends_on_must_be_whole(tag: int) -> None:
    message = ShortMessage(source="1", destination="2", user_data=b"HD")
    assert decode_short_message(encode_short_message(message) + tag.to_bytes(2, "big") + b"\x00\x09ab") is None


@pytest.mark.parametrize("password", ["", "secret12", "abcdef123456", "x" * 64])
def test_a_password_goes_out_whole(password: str) -> None:
    bind = BindRequest(command=codes.BIND_TRANSCEIVER, sequence=4, system_id="gateway", password=password)
    assert read(write_bind(bind)) == bind
    if len(password) <= 8:
        assert write_bind(bind) == smpplib_octets(
            "bind_transceiver",
            4,
            system_id="gateway",
            password=password,
            system_type="",
            interface_version=0x34,
            addr_ton=0,
            addr_npi=0,
            address_range="",
        )
