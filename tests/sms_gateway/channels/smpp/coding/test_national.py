"""National languages: tables that a header names are read, by each part for itself; unknown ones lose no name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import parsers
from parsers.commands import RegisterAccount
from parsers.misread import Misread
from sms_gateway.channels.smpp.coding import gsm
from sms_gateway.channels.smpp.coding.long_texts import read_parts
from sms_gateway.channels.smpp.coding.national import LOST, decode
from sms_gateway.channels.smpp.coding.packed_septets import pack_behind
from sms_gateway.channels.smpp.incoming import Incoming, Moment
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage
from sms_gateway.channels.smpp.session.events import Received
from sms_gateway.pipeline.ports import InboundPart, InboundText, Piece, Verdict
from sms_gateway.settings.link_model import Alphabet

MOMENT = Moment(bind=1, session=1, at=datetime(2026, 11, 28, tzinfo=UTC))
TURKISH, SPANISH, PORTUGUESE, URDU = 1, 2, 3, 13
SINGLE, LOCKING = 0x24, 0x25


class Source:
    def acknowledge(self, verdicts: Sequence[tuple[int, Verdict]]) -> None:
        raise AssertionError(f"only the pipeline calls its sources: {len(verdicts)}")


def header(*elements: tuple[int, int], part: tuple[int, int] | None = None) -> bytes:
    """Write a header that names languages, and a part of a long text before them."""
    content = b"" if part is None else bytes((0, 3, 7, part[1], part[0]))
    content += b"".join(bytes((element, 1, language)) for element, language in elements)
    return bytes([len(content)]) + content


def arrive(octets: bytes, *, alphabet: Alphabet = Alphabet.GSM, coding: int = 0) -> InboundText | InboundPart:
    message = ShortMessage(
        source="84905000001", destination="8188", esm_class=codes.ESM_UDHI, data_coding=coding, user_data=octets
    )
    received = Received(command=codes.DELIVER_SM, sequence=1, message=message, pdu=b"")
    (arrival,) = Incoming("carrier", alphabet, Source()).receive([received], MOMENT).arrivals
    assert isinstance(arrival.content, (InboundText, InboundPart))
    return arrival.content


def body(octets: bytes, **carrier: Alphabet | int) -> str:
    text = arrive(octets, **carrier)  # type: ignore[arg-type]  # each value fits its name
    assert isinstance(text, InboundText)
    return text.body


TEXTS = [
    pytest.param([(SINGLE, PORTUGUESE)], b"TK, Jo\x1b{o Melo", "TK, João Melo", id="Portuguese single"),
    pytest.param([(LOCKING, PORTUGUESE)], b"TK, Jo{o Melo", "TK, João Melo", id="Portuguese locking"),
    pytest.param([(LOCKING, TURKISH)], b"TK, Ay\x1de \x0bul", "TK, Ayşe Ğul", id="Turkish locking"),
    pytest.param([(SINGLE, TURKISH)], b"TK, Ay\x1bse \x1be1", "TK, Ayşe €1", id="Turkish single"),
    pytest.param([(SINGLE, SPANISH)], b"TK, Jos\x05 \x1ba", "TK, José á", id="Spanish single"),
    pytest.param([(LOCKING, SPANISH)], b"TK, Jos\x05", "TK, José", id="Spanish has no locking table"),
    pytest.param([(LOCKING, TURKISH), (SINGLE, SPANISH)], b"\x1bA\x40\x1b(", "Áİ{", id="one of each"),
    pytest.param([(SINGLE, TURKISH), (SINGLE, SPANISH)], b"\x1ba", "á", id="the last of one kind counts"),
    pytest.param([(LOCKING, URDU)], b"\x00 abc1,", "ا abc1,", id="Urdu locking"),
    pytest.param([(SINGLE, 0)], b"\x1be\x1b(", "€{", id="the default one"),
    pytest.param([(SINGLE, 6)], b"\x1c\x1bT\x1bK\x1b\x1d", "ÆTK१", id="Hindi single"),
    pytest.param([(SINGLE, 14)], b"TK, Jo\x1b{o", f"TK, Jo{LOST}o", id="unknown single"),
    pytest.param([(LOCKING, 14)], b"TK, an 1990", f"{LOST * 2}, an 1990", id="unknown locking"),
    pytest.param([(LOCKING, TURKISH)], b"TK\x1b", f"TK{LOST}", id="half an escape"),
    pytest.param([(SINGLE, TURKISH)], b"a\x1b\x1bb", "a b", id="an escape behind an escape"),
]


@pytest.mark.parametrize(("elements", "octets", "expected"), TEXTS)
def test_reads_a_text_by_the_tables_of_its_header(
    elements: list[tuple[int, int]], octets: bytes, expected: str
) -> None:
    head = header(*elements)
    assert body(head + octets) == expected
    assert body(head + octets, coding=0xF1) == expected
    assert body(pack_behind(head, octets), alphabet=Alphabet.GSM_PACKED) == expected


def test_an_element_of_another_length_names_no_language() -> None:
    assert body(b"\x04\x24\x02\x01\x00Ay\x1bse") == f"Ay{LOST}e"


@pytest.mark.parametrize(
    ("coding", "alphabet", "octets", "expected"),
    [
        (8, Alphabet.GSM, "Nguyễn".encode("utf-16-be"), "Nguyễn"),
        (3, Alphabet.GSM, "João".encode("latin-1"), "João"),
        (0, Alphabet.LATIN1, "João".encode("latin-1"), "João"),
        (0, Alphabet.GSM, "Nguyễn".encode(), "Nguyễn"),
    ],
    ids=["UCS-2", "Latin-1", "Latin-1 by the settings", "UTF-8 by mistake"],
)
def test_a_carrier_that_has_converted_the_text_is_read_as_it_says(
    coding: int, alphabet: Alphabet, octets: bytes, expected: str
) -> None:
    assert body(header((LOCKING, TURKISH)) + octets, coding=coding, alphabet=alphabet) == expected


@pytest.mark.parametrize("alphabet", [Alphabet.GSM, Alphabet.GSM_PACKED])
def test_each_part_of_a_long_text_has_tables_of_its_own(alphabet: Alphabet) -> None:
    parts = [
        ([(SINGLE, PORTUGUESE)], b"TK, Jo\x1b{o Kaya, "),
        ([], b"2014{9"),
        ([(LOCKING, TURKISH)], b" Ay\x1de "),
        ([(LOCKING, 99)], b"An 1"),
    ]
    pieces = {}
    for number, (elements, octets) in enumerate(parts, 1):
        head = header(*elements, part=(number, len(parts)))
        packed = alphabet is Alphabet.GSM_PACKED
        part = arrive(pack_behind(head, octets) if packed else head + octets, alphabet=alphabet)
        assert isinstance(part, InboundPart)
        pieces[part.number] = Piece(octets=part.octets, data_coding=part.data_coding)
    assert read_parts(len(parts), pieces, alphabet) == f"TK, João Kaya, 2014ä9 Ayşe {LOST}n 1"


@given(
    locking=st.integers(0, 255), single=st.integers(0, 255), septets=st.binary(max_size=160), text=st.text(max_size=20)
)
def test_every_pair_of_tables_reads_everything(*, locking: int, single: int, septets: bytes, text: str) -> None:
    read = decode(septets, locking, single)
    assert len(read) <= len(septets)
    octets = gsm.encode(text)
    if octets is not None:
        assert decode(octets, 0, 0) == gsm.decode(octets)


@pytest.mark.parametrize("language", range(1, 14))
def test_what_every_table_has_in_common_is_the_same_everywhere(language: int) -> None:
    plain = b"nguyen van an 0123456789 .,:;?!"
    assert decode(plain, language, language) == plain.decode()
    assert decode(plain, 99, language) == plain.decode()
    assert decode(b"\x1be\x1b(\x1b)\x1b/\x1b<\x1b>\x1b@", language, language) == "€{}\\[]|"


@pytest.mark.parametrize(("elements", "name"), [([(SINGLE, 77)], b"Jo\x1b{o Melo"), ([(LOCKING, 77)], b"Ay\x1de kaya")])
def test_a_name_in_an_unknown_table_opens_no_account(elements: list[tuple[int, int]], name: bytes) -> None:
    text = body(header(*elements) + b"TK, " + name + b", 001090000016, 20/12/1990")
    assert isinstance(parsers.read(text, today=date(2026, 11, 28), short_codes={"8188"}), Misread)


def test_a_name_in_a_known_table_is_kept_as_it_was_written() -> None:
    text = body(header((SINGLE, PORTUGUESE)) + b"TK, Jo\x1b{o Silva, 001090000016, 20/12/1990")
    command = parsers.read(text, today=date(2026, 11, 28), short_codes={"8188"})
    assert isinstance(command, RegisterAccount)
    assert command.full_name.casefold() == "joão silva"
