"""PDUs taken apart for people: every octet is told, and no octets of a stranger break it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sms_gateway.channels.smpp.inspect.dissection import MOST_FIELDS, Carries, PduField, dissect
from sms_gateway.channels.smpp.inspect.field_names import TLVS
from sms_gateway.channels.smpp.inspect.field_values import (
    CODINGS,
    MEANINGS,
    Meaning,
    data_coding_words,
    esm_class_words,
    registered_delivery_words,
    table_word,
)
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.pdu import write_pdu
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage, encode_data_message, encode_short_message
from tests.sms_gateway.channels.smpp.fixtures.octets import raw, smpplib_octets

PART = ShortMessage(
    source="84905123456",
    source_ton=1,
    source_npi=1,
    destination="8188",
    dest_ton=3,
    esm_class=0x40,
    data_coding=8,
    user_data=b"\x05\x00\x03\x07\x02\x01" + "TK".encode("utf-16-be"),
    tlvs=((0x0427, b"\x02"), (0x1400, b"45204"), (0x0423, b"\x03\x00\x21")),
)
DELIVER = write_pdu(codes.DELIVER_SM, 9, encode_short_message(PART))


def by_name(pdu: bytes) -> dict[str, PduField]:
    (found,) = dissect(pdu)
    return {field.name: field for field in found.fields}


def said(pdu: bytes, name: str) -> list[str]:
    return [" ".join((key_of(word), *values_of(word))).strip() for word in by_name(pdu)[name].words]


def key_of(meaning: Meaning) -> str:
    return meaning if isinstance(meaning, str) else meaning.key.removeprefix("wire.")


def values_of(meaning: Meaning) -> list[str]:
    return [] if isinstance(meaning, str) else [str(value) for value in meaning.values.values()]


def test_tells_every_field_with_its_place_and_meaning() -> None:
    (found,) = dissect(DELIVER)
    assert found.name == "deliver_sm"
    assert [(field.offset, field.name) for field in found.fields][:8] == [
        (0, "command_length"),
        (4, "command_id"),
        (8, "command_status"),
        (12, "sequence_number"),
        (16, "service_type"),
        (17, "source_addr_ton"),
        (18, "source_addr_npi"),
        (19, "source_addr"),
    ]
    assert said(DELIVER, "source_addr_ton") == ["ton.1"]
    assert said(DELIVER, "dest_addr_ton") == ["ton.3"]
    assert said(DELIVER, "esm_class") == ["esm.type.0", "esm.udhi"]
    assert said(DELIVER, "data_coding") == ["UCS-2"]
    assert said(DELIVER, "UDH IE 00") == ["udh.part 1/2", "udh.reference 7"]
    assert said(DELIVER, "message_state") == ["message_state.2"]
    assert said(DELIVER, "network_error_code") == ["network.3", "33"]
    assert by_name(DELIVER)["TLV 0x1400"].carries is Carries.UNKNOWN
    assert by_name(DELIVER)["source_addr"].carries is Carries.ADDRESS
    assert found.text == "TK".encode("utf-16-be")


def test_reads_what_smpplib_writes() -> None:
    theirs = smpplib_octets(
        "deliver_sm", sequence=7, source_addr="849", destination_addr="8188", short_message=b"HD", esm_class=0
    )
    assert said(theirs, "source_addr") == ["849"]
    assert by_name(theirs)["short_message"].octets == b"HD"


def test_a_data_sm_has_its_text_in_a_parameter() -> None:
    message = ShortMessage(source="849", destination="8188", tlvs=((codes.MESSAGE_PAYLOAD, b"DVC 1"),))
    pdu = write_pdu(codes.DATA_SM, 3, encode_data_message(message))
    assert by_name(pdu)["message_payload"].octets == b"DVC 1"
    assert by_name(pdu)["message_payload"].carries is Carries.TEXT


def test_what_follows_the_last_whole_parameter_is_shown_as_unread() -> None:
    body = encode_short_message(PART) + b"\x14\x01\x00\x10ab"
    fields = by_name(write_pdu(codes.DELIVER_SM, 9, body))
    assert fields["?"].octets == b"\x14\x01\x00\x10ab"
    assert fields["?"].carries is Carries.UNKNOWN


def test_pdus_that_stand_one_after_another_are_told_apart() -> None:
    assert [len(each.fields) for each in dissect(DELIVER + raw(0x99) + DELIVER)] == [27, 4, 27]


@pytest.mark.parametrize("cut", range(1, len(DELIVER)))
def test_a_pdu_that_ends_early_is_told_as_far_as_it_goes(cut: int) -> None:
    (found,) = dissect(DELIVER[:cut])
    assert b"".join(field.octets for field in found.fields) == DELIVER[:cut]


STRANGE = st.binary(max_size=300) | st.builds(
    lambda body, command: write_pdu(command, 1, body),
    st.binary(max_size=200),
    st.sampled_from([codes.DELIVER_SM, codes.DATA_SM, codes.SUBMIT_SM]),
)


@example(raw(codes.SUBMIT_SM, bytes(7) + b"@" + bytes(8) + b"\x02\x01\x00"))  # an element of the header cut short
@given(STRANGE | st.builds(lambda head, cut: DELIVER[:cut] + head + DELIVER, STRANGE, st.integers(0, len(DELIVER))))
def test_every_octet_is_told_once_whatever_comes(octets: bytes) -> None:
    pdus = dissect(octets)
    assert b"".join(field.octets for pdu in pdus for field in pdu.fields) == octets
    for pdu in pdus:
        place = 0
        for field in pdu.fields:
            assert (field.offset, field.head <= len(field.octets)) == (place, True)
            assert all(isinstance(word, str) or key_of(word) in MEANINGS.words for word in field.words)
            place += len(field.octets)


def test_a_flood_of_parameters_is_bounded() -> None:
    message = ShortMessage(source="849", destination="8188", tlvs=((0x1400, b""),) * 5000)
    pdu = write_pdu(codes.DELIVER_SM, 9, encode_short_message(message))
    (found,) = dissect(pdu)
    assert len(found.fields) == MOST_FIELDS + 1
    assert b"".join(field.octets for field in found.fields) == pdu


@pytest.mark.parametrize("value", range(256))
def test_every_octet_of_a_field_has_words(value: int) -> None:
    words = [
        *esm_class_words(value, is_deliver=True),
        *esm_class_words(value, is_deliver=False),
        *registered_delivery_words(value),
        *data_coding_words(value),
        table_word("ton", value),
        table_word("npi", value),
        table_word("a table that is none", value),
    ]
    assert {key_of(word) for word in words} <= {*MEANINGS.words, *CODINGS.values()}


@pytest.mark.parametrize(
    ("value", "keys"),
    [
        (0x00, ["coding.default"]),
        (0x04, ["coding.octet"]),
        (0xF1, ["coding.default", "coding.class"]),
        (0xF5, ["coding.octet", "coding.class"]),
        (0xC8, ["coding.default", "coding.waiting"]),
        (0xE0, ["UCS-2", "coding.waiting"]),
        (0x18, ["UCS-2", "coding.class"]),
        (0x24, ["coding.octet", "coding.compressed"]),
        (0x80, ["reserved"]),
    ],
)
def test_data_codings_are_taken_apart_by_their_groups(value: int, keys: list[str]) -> None:
    assert [key_of(word) for word in data_coding_words(value)] == keys


def test_an_address_or_parameter_of_another_length_could_be_anything() -> None:
    long = ShortMessage(source="849", destination="8188", tlvs=((0x0427, b"\x02\x02"), (0x0204, b""), (0x0423, b"1")))
    fields = by_name(write_pdu(codes.DELIVER_SM, 9, encode_short_message(long)))
    for name in ("message_state", "user_message_reference", "network_error_code"):
        assert fields[name].carries is Carries.UNKNOWN
    assert TLVS[0x0204][0] == "user_message_reference"
