"""Laws of PDUs: what is written is read again, and smpplib reads and writes the same."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.channels.smpp.coding.udh import take_header
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.pdu import write_pdu, write_response
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
from tests.sms_gateway.channels.smpp.fixtures.octets import frames, smpplib_octets, smpplib_read
from tests.sms_gateway.channels.smpp.test_smpp_laws import messages, octet, tlv_rows

pytestmark = pytest.mark.no_cover  # it runs the same lines many times


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
