from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.schema import ReceiptState
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.pdu import write_pdu
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage, encode_data_message, encode_short_message
from sms_gateway.channels.smpp.pdu.tlv import Tlvs
from sms_gateway.channels.smpp.receipt import Receipt, read_receipt
from sms_gateway.channels.smpp.session.events import Received
from sms_gateway.pipeline.dispatch.receipt_texts import is_receipt_text
from sms_gateway.settings.link_model import Alphabet
from tests.sms_gateway.channels.smpp.fixtures.sessions import bound_session

STANDARD = "id:{} sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:DELIVRD err:000 text:Ho so DVC"


def message(text: str | bytes, esm_class: int = 0, data_coding: int = 0, tlvs: Tlvs = ()) -> ShortMessage:
    octets = text.encode("ascii") if isinstance(text, str) else text
    return ShortMessage(
        source="84905000001",
        destination="8188",
        user_data=octets,
        esm_class=esm_class,
        data_coding=data_coding,
        tlvs=tlvs,
    )


def receipt(message_id: str | None, state: ReceiptState = ReceiptState.DELIVERED, error: str | None = None) -> Receipt:
    return Receipt(message_id=message_id, state=state, error=error)


DIALECTS = [
    pytest.param(STANDARD.format("0123456789"), receipt("0123456789", error="000"), id="standard"),
    pytest.param(STANDARD.format("00B8BE19"), receipt("00B8BE19", error="000"), id="leading zeros are kept"),
    pytest.param(
        STANDARD.format("9e2c2a28-0c6f-4d9c-8d6e-2d1f7b6a5c4d"),
        receipt("9e2c2a28-0c6f-4d9c-8d6e-2d1f7b6a5c4d", error="000"),
        id="uuid",
    ),
    pytest.param("id:77 stat:DELIVRD", receipt("77"), id="without most"),
    pytest.param("id:77 sub:001 dlvrd:001 err:000", receipt("77", ReceiptState.UNKNOWN, "000"), id="without stat"),
    pytest.param("stat:EXPIRED err:0x1F id:77", receipt("77", ReceiptState.EXPIRED, "0x1F"), id="reordered"),
    pytest.param(
        "id:77,sub:001,dlvrd:000,submit date:261122120000,done date:261122120100,stat:UNDELIV,err:ABC,text:",
        receipt("77", ReceiptState.UNDELIVERABLE, "ABC"),
        id="commas",
    ),
    pytest.param("ID:77 SUBMIT_DATE:1 DONE_DATE:2 STAT:REJECTD", receipt("77", ReceiptState.REJECTED), id="capitals"),
    pytest.param("id: 77 status: delivered error: 0", receipt("77", error="0"), id="blanks and long names"),
    pytest.param("id=77 stat=2 err=0", receipt("77", error="0"), id="equals, and the state as a number"),
    pytest.param("imsi:452041234567890 id:77 stat:ACCEPTD", receipt("77", ReceiptState.ACCEPTED), id="more fields"),
    pytest.param("id:77 stat:DELIVRD text:id:88 stat:UNDELIV", receipt("77"), id="the echoed text is not read"),
    pytest.param("id:77 stat:DELETED", receipt("77", ReceiptState.DELETED), id="deleted"),
    pytest.param("id:77 stat:UNKNOWN", receipt("77", ReceiptState.UNKNOWN), id="unknown"),
    pytest.param("id:77 stat:ENROUTE", receipt("77", ReceiptState.ENROUTE), id="en route"),
    pytest.param("id:a_1@b stat:DELIVRD", receipt("a_1@b"), id="signs that GSM 03.38 has elsewhere"),
    pytest.param("id:77 stat:FAILED", receipt("77", ReceiptState.UNDELIVERABLE), id="failed"),
]


NUMBER = st.text("0123456789", min_size=1, max_size=5)
ODD = st.text("09aZ-_:.'\x00 ", max_size=70)
TAILS = ["", " 005 text:x", " text:id:88 stat:UNDELIV", ",x", " id:9 err:1", " Text:", "\u00a0text", " stat:EXPIRED"]
TIMES = "submit date:2611221200 done date:2611221201"


@given(
    message_id=st.text("0123456789abcdefABCDEF-", min_size=1, max_size=64),
    counts=st.tuples(NUMBER, NUMBER),
    state=st.sampled_from(["DELIVRD", "UNDELIV", "EXPIRED", "rejectd", "nonsense"]),
    error=st.sampled_from(["000", "0x1F", "ABC", "1" * 16, "1" * 17, ""]),
    tail=st.sampled_from(TAILS) | st.text(max_size=20),
    odd=st.none() | st.tuples(st.sampled_from(["id", "sub", "dlvrd", "done date", "stat", "err"]), ODD),
)
@example(message_id="0A", counts=("1", "1"), state="DELIVRD", error="000", tail=" text:Ho so", odd=None)
@example(message_id="0A", counts=("1", "1"), state="UNDELIV", error="", tail=" 005 text:x", odd=None)
def test_the_usual_form_is_read_as_by_the_search_for_names(
    *, message_id: str, counts: tuple[str, str], state: str, error: str, tail: str, odd: tuple[str, str] | None
) -> None:
    """A blank before it changes nothing but that it is read by the search. At most one field holds something odd."""
    text = f" id:{message_id} sub:{counts[0]} dlvrd:{counts[1]} {TIMES} stat:{state} err:{error}{tail}"
    if odd is not None:
        name, words = odd
        text = re.sub(f" {name}:[^ ]*", lambda _: f" {name}:{words}", text, count=1)
    searched, usual = (
        read_receipt(message(octets.encode("utf-16-be", "surrogatepass"), 4, data_coding=8), Alphabet.GSM)
        for octets in (text, text[1:])
    )
    assert usual == searched


@pytest.mark.parametrize("esm_class", [0x04, 0x00, 0x20, 0x44])
@pytest.mark.parametrize(("text", "expected"), DIALECTS)
def test_reads_every_dialect_with_and_without_esm_class(text: str, expected: Receipt, esm_class: int) -> None:
    assert read_receipt(message(text, esm_class), Alphabet.GSM) == expected


@pytest.mark.parametrize(("text", "expected"), DIALECTS)
def test_reads_every_dialect_in_ucs2(text: str, expected: Receipt) -> None:
    assert read_receipt(message(text.encode("utf-16-be"), data_coding=8), Alphabet.GSM) == expected


@pytest.mark.parametrize(
    "text",
    [
        "TK, Nguyen Van A, 201499999, 20/12/1990",
        "DVC000.00.12.H17-230815-0007",
        "id: 201499999",
        "id:201499999 xin mo tai khoan",
        "CMND id 201499999 stat",
        "CMND id: 201499999 stat: DELIVRD",
        "id: 201499999 sub: Nguyen Van A",
        "id:201499999 ten:An ngay:20/12/1990",
        "id: 201499999 stat: 2",
        "id:201499999 stat:roi",
        "id: stat:DELIVRD err:000",
        "Toi gui lai: " + STANDARD.format("77"),
        STANDARD.format("77").replace("stat:", "trang thai "),
        "TK, id:201499999, sub:1, dlvrd:1, err:0, Nguyen Van A, 20/12/1990",
        "submit date: 20/12/1990 done date: 21/12/1990",
        "",
    ],
)
def test_takes_no_text_of_a_citizen_for_a_receipt(text: str) -> None:
    assert not is_receipt_text(text)
    payload = ((codes.MESSAGE_PAYLOAD, text.encode()),)
    for found in (message(text), message("", tlvs=payload), message(text.encode("utf-16-be"), data_coding=8)):
        assert read_receipt(found, Alphabet.GSM) is None


WORDS = st.sampled_from(["Nguyen", "Van", "A", "DVC", "TK", "id", "stat", "sub:1", "err:0", "20/12/1990", "id:7", ","])


@given(st.lists(WORDS, max_size=12), st.sampled_from(["DVC", "TK", "Nguyen Van A", "xin", "1"]), st.integers(0, 12))
def test_a_text_with_one_word_of_its_own_is_no_receipt(words: list[str], word: str, place: int) -> None:
    assert not is_receipt_text(" ".join([*words[:place], word, *words[place:]]))


@pytest.mark.parametrize("esm_class", [0x00, 0x04, 0x08, 0x10, 0x20, 0x80])
@pytest.mark.parametrize("coding", [0, 1, 3, 4, 8, 0xF1])
def test_a_receipt_is_one_wherever_its_text_is(esm_class: int, coding: int) -> None:
    octets = STANDARD.format("1A2B3C00").encode("utf-16-be" if coding == 8 else "ascii")
    payload = ((codes.MESSAGE_PAYLOAD, octets),)
    header = bytes((4, 0x05, 2, 0x0B, 0x84))
    for found in (
        message(octets, esm_class, coding),
        message("", esm_class, coding, payload),
        message(b"-", esm_class & ~codes.ESM_TYPE, coding, payload),
        message(header + octets, esm_class | codes.ESM_UDHI, coding),
    ):
        assert read_receipt(found, Alphabet.GSM) == receipt("1A2B3C00", error="000")


@pytest.mark.parametrize(
    ("command", "encode"), [(codes.DELIVER_SM, encode_short_message), (codes.DATA_SM, encode_data_message)]
)
def test_a_receipt_in_the_payload_of_either_pdu_is_one(command: int, encode: Callable[[ShortMessage], bytes]) -> None:
    payload = ((codes.MESSAGE_PAYLOAD, STANDARD.format("1A2B3C00").encode()),)
    (received,) = bound_session().receive(write_pdu(command, 1, encode(message("", tlvs=payload))), 0)
    assert isinstance(received, Received)
    assert read_receipt(received.message, Alphabet.GSM) == receipt("1A2B3C00", error="000")


def test_an_empty_id_among_the_parameters_makes_no_receipt() -> None:
    """A text of a citizen would else be lost."""
    for value in (b"", b"\x00"):
        assert read_receipt(message("HD", tlvs=((codes.RECEIPTED_MESSAGE_ID, value),)), Alphabet.GSM) is None


def test_prefers_the_parameters_and_needs_no_nul() -> None:
    tlvs = (
        (codes.RECEIPTED_MESSAGE_ID, b"ABC"),
        (codes.MESSAGE_STATE, b"\x05"),
        (codes.NETWORK_ERROR_CODE, b"\x03\x00\x22"),
    )
    assert read_receipt(message("", tlvs=tlvs), Alphabet.GSM) == receipt("ABC", ReceiptState.UNDELIVERABLE, "034")
    terminated = ((codes.RECEIPTED_MESSAGE_ID, b"ABC\x00"), (codes.MESSAGE_STATE, b"\x02"))
    assert read_receipt(message(STANDARD.format("DEF"), 4, tlvs=terminated), Alphabet.GSM) == receipt(
        "ABC", error="000"
    )


def test_reads_a_receipt_in_the_payload() -> None:
    tlvs = ((codes.MESSAGE_PAYLOAD, STANDARD.format("77").encode()),)
    assert read_receipt(message("", 4, tlvs=tlvs), Alphabet.GSM) == receipt("77", error="000")


@pytest.mark.parametrize("state", [b"", b"\x63"])
def test_takes_a_state_that_makes_no_sense_for_unknown(state: bytes) -> None:
    tlvs = ((codes.RECEIPTED_MESSAGE_ID, b"ABC\x00"), (codes.MESSAGE_STATE, state))
    assert read_receipt(message("", tlvs=tlvs), Alphabet.GSM) == receipt("ABC", ReceiptState.UNKNOWN)


def test_says_when_a_declared_receipt_names_no_message() -> None:
    assert read_receipt(message(b"\xff\xfe\x80", 4), Alphabet.GSM) == receipt(None, ReceiptState.UNKNOWN)


def test_cuts_what_is_too_long_to_be_stored() -> None:
    read = read_receipt(message(f"id:{'7' * 200} stat:DELIVRD err:{'9' * 50}"), Alphabet.GSM)
    assert read == receipt("7" * 64, error="9" * 16)


@pytest.mark.parametrize("data_coding", [1, 3, 8])
def test_nul_ends_a_field_so_that_none_gets_into_a_row(data_coding: int) -> None:
    text = "id:42\x00 stat:DELIVRD err:7\x00"
    octets = text.encode("utf-16-be" if data_coding == 8 else "ascii")
    assert read_receipt(message(octets, data_coding=data_coding), Alphabet.GSM) == receipt("42", error="7")
