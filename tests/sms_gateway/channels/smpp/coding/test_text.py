from __future__ import annotations

import pytest

from sms_gateway.channels.smpp.coding import gsm
from sms_gateway.channels.smpp.coding.text import Encoding, count_segments, decode_text, split_text
from sms_gateway.channels.smpp.coding.udh import take_header
from sms_gateway.settings.link_model import Alphabet

VIETNAMESE = "Nguyễn Văn Á, 201499999"
GSM_ONLY = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà"


@pytest.mark.parametrize(
    ("octets", "data_coding", "text"),
    [
        pytest.param(b"TK, Nguyen", 0, "TK, Nguyen", id="plain"),
        pytest.param(b"\x00\x02\x11", 0, "@$_", id="gsm below 32"),
        pytest.param(b"\x1b\x65 \x1b\x3c\x1b\x3e", 0, "€ []", id="gsm extension"),
        pytest.param(b"A\x1b", 0, "A ", id="gsm escape at the end"),
        pytest.param(b"A\x1bZ", 0, "AZ", id="gsm escape to nowhere is the basic character"),
        pytest.param(b"A\x1b\x1bB", 0, "A B", id="gsm double escape"),
        pytest.param(VIETNAMESE.encode(), 0, VIETNAMESE, id="utf-8 by mistake under 0"),
        pytest.param(VIETNAMESE.encode(), 1, VIETNAMESE, id="utf-8 by mistake under 1"),
        pytest.param(VIETNAMESE.encode(), 3, VIETNAMESE, id="utf-8 by mistake under 3"),
        pytest.param("Hà Nội".encode(), 4, "Hà Nội", id="utf-8 under 4"),
        pytest.param("Hué".encode(), 0, "Hué", id="utf-8 under 0 that might be latin-1"),
        pytest.param("Hué".encode(), 3, "HuÃ©", id="latin-1 that might be utf-8"),
        pytest.param("Hué café".encode("latin-1"), 0, "Hué café", id="latin-1 by mistake under 0"),
        pytest.param("Hué café".encode("latin-1"), 3, "Hué café", id="latin-1"),
        pytest.param("“TK”".encode("cp1252"), 3, "“TK”", id="windows-1252 under 3"),
        pytest.param(b"\x81\xff", 3, "\x81ÿ", id="nothing else fits"),
        pytest.param(gsm.pack(b"TK, Nguyen Van A, 201499999"), 0, "TK, Nguyen Van A, 201499999", id="packed septets"),
        pytest.param(VIETNAMESE.encode("utf-16-be"), 8, VIETNAMESE, id="ucs-2"),
        pytest.param(b"\xfe\xff" + VIETNAMESE.encode("utf-16-be"), 8, VIETNAMESE, id="ucs-2 with mark"),
        pytest.param(b"\xff\xfe" + VIETNAMESE.encode("utf-16-le"), 8, VIETNAMESE, id="ucs-2 little-endian with mark"),
        pytest.param("TK 😀".encode("utf-16-be"), 8, "TK 😀", id="surrogate pair"),
        pytest.param("TK 😀".encode("utf-16-be")[:-2], 8, "TK \ufffd", id="half a surrogate pair"),
        pytest.param("TK".encode("utf-16-be") + b"\x00", 8, "TK", id="odd: terminator"),
        pytest.param("TK".encode("utf-16-be") + b"\x1e", 8, "TK\ufffd", id="odd: half a character"),
        pytest.param(b"DVC12", 8, "DVC12", id="odd: ascii marked as ucs-2"),
        pytest.param(b"DVC123", 8, "DVC123", id="even: ascii marked as ucs-2"),
        pytest.param(VIETNAMESE.encode("utf-16-le"), 8, VIETNAMESE, id="ucs-2 little-endian without mark"),
        pytest.param("TK".encode("utf-16-le") + b"\x00", 8, "TK", id="odd and little-endian"),
        pytest.param("H😀".encode("utf-16-le"), 8, "H😀", id="little-endian with a pair"),
        pytest.param("一二".encode("utf-16-be"), 8, "一二", id="big-endian when in doubt"),
        pytest.param("你好".encode("utf-16-be"), 8, "你好", id="chinese whose octets are all ascii"),
        pytest.param("H".encode("utf-16-be"), 8, "H", id="one character"),
        pytest.param(VIETNAMESE.encode("utf-16-be"), 0, VIETNAMESE, id="ucs-2 by mistake under 0"),
        pytest.param(b"@\x01", 0, "¡£", id="two octets under 0 are two characters"),
        pytest.param(b"DVC000.00.12.H17-230815-0007\x00", 0, "DVC000.00.12.H17-230815-0007", id="NUL counted under 0"),
        pytest.param(b"HD\x00\x00", 0, "HD", id="two of them"),
        pytest.param(b"a@\x00b", 0, "a¡@b", id="in the middle it is a character"),
        pytest.param(b"HD\x00", 1, "HD", id="NUL counted under 1"),
        pytest.param(b"HD\x00", 3, "HD", id="NUL counted under 3"),
        pytest.param(b"HD\x00", 0xF1, "HD", id="NUL counted, class 1"),
        pytest.param("Hué".encode() + b"\x00", 0, "Hué", id="NUL behind UTF-8 under 0"),
        pytest.param("Huế".encode("utf-16-be") + b"\x00", 8, "Huế", id="NUL counted under 8"),
        pytest.param("Huế".encode("utf-16-be") + b"\x00\x00", 8, "Huế", id="a whole one under 8"),
        pytest.param(
            gsm.pack("Hue thang 8 dien nuoc à".encode("latin-1").replace(b"\xe0", b"\x7f")),
            0,
            "Hue thang 8 dien nuoc à",
            id="packed septets with an accent",
        ),
        pytest.param(VIETNAMESE.encode("utf-16-be"), 0x08, VIETNAMESE, id="ucs-2, group 0"),
        pytest.param(VIETNAMESE.encode("utf-16-le"), 0xE8, VIETNAMESE, id="little-endian, group E"),
        pytest.param(b"HD", 0x40, "HD", id="group 4, to be deleted"),
        pytest.param("Hồ".encode("utf-16-be"), 0x48, "Hồ", id="group 4, ucs-2"),
        pytest.param(b"HD", 0x80, "HD", id="group 8, reserved"),
        pytest.param(b"HD", 0xC8, "HD", id="group C, indication on"),
        pytest.param(b"HD", 0xC0, "HD", id="group C"),
        pytest.param(b"\x00", 0xD1, "@", id="group D"),
        pytest.param("Hồ".encode("utf-16-be"), 0xE0, "Hồ", id="group E"),
        pytest.param(b"\x00", 0xF0, "@", id="group F, default alphabet"),
        pytest.param(b"HD", 0xF5, "HD", id="group F, octets"),
        pytest.param(b"HD", 0x10, "HD", id="flash"),
        pytest.param("Hồ".encode("utf-16-be"), 0x18, "Hồ", id="flash ucs-2"),
        pytest.param(b"HD", 0x14, "HD", id="class 0, octets"),
        pytest.param("Привет".encode("iso8859_5"), 6, "Привет", id="cyrillic"),
        pytest.param(b"", 0, "", id="empty"),
        pytest.param(b"", 8, "", id="empty ucs-2"),
    ],
)
def test_reads_octets_by_data_coding(octets: bytes, data_coding: int, text: str) -> None:
    assert decode_text(octets, data_coding) == text


@pytest.mark.parametrize(
    ("alphabet", "octets", "text"),
    [
        (Alphabet.LATIN1, b"@\xe9", "@é"),
        (Alphabet.ASCII, b"@_", "@_"),
        (Alphabet.GSM, b"\x00\x11", "@_"),
        (Alphabet.GSM_PACKED, gsm.pack(b"HD"), "HD"),
        (Alphabet.GSM_PACKED, gsm.pack(b"TK7"), "TK7"),
        (Alphabet.GSM_PACKED, gsm.pack(b"DVC 000.00.12.H17-230815-0007"), "DVC 000.00.12.H17-230815-0007"),
        (Alphabet.GSM_PACKED, gsm.pack(b"\x7f\x04\x05\x1b\x65"), "àèé€"),
        (Alphabet.GSM_PACKED, b"DVC 000.00.12.H17", "DVC 000.00.12.H17"),  # one that the carrier did not pack
        (Alphabet.GSM_PACKED, VIETNAMESE.encode(), VIETNAMESE),
        (Alphabet.GSM_PACKED, VIETNAMESE.encode("utf-16-be"), VIETNAMESE),
        (Alphabet.GSM_PACKED, b"", ""),
    ],
)
def test_reads_data_coding_0_as_the_carrier_means_it(alphabet: Alphabet, octets: bytes, text: str) -> None:
    assert decode_text(octets, 0, alphabet) == text


def test_knows_every_character_of_the_default_alphabet_and_no_backtick() -> None:
    octets = gsm.encode(GSM_ONLY)
    assert octets is not None
    assert len(octets) == len(GSM_ONLY)
    assert gsm.decode(octets) == GSM_ONLY
    assert gsm.encode("`") is None
    assert gsm.encode("ç") is None  # only the capital is in the table


@pytest.mark.parametrize(
    ("text", "encoding", "segments"),
    [
        pytest.param("", Encoding.GSM, 1, id="empty"),
        pytest.param("a" * 160, Encoding.GSM, 1, id="160"),
        pytest.param("a" * 161, Encoding.GSM, 2, id="161"),
        pytest.param("a" * 306, Encoding.GSM, 2, id="306"),
        pytest.param("a" * 307, Encoding.GSM, 3, id="307"),
        pytest.param("€" * 80, Encoding.GSM, 1, id="80 escape pairs"),
        pytest.param("€" * 81, Encoding.GSM, 2, id="81 escape pairs"),
        pytest.param("€" * 153, Encoding.GSM, 3, id="an escape pair is not cut"),
        pytest.param("ạ" * 70, Encoding.UCS2, 1, id="70"),
        pytest.param("ạ" * 71, Encoding.UCS2, 2, id="71"),
        pytest.param("ạ" * 135, Encoding.UCS2, 3, id="135"),
        pytest.param("😀" * 35, Encoding.UCS2, 1, id="35 surrogate pairs"),
        pytest.param("😀" * 67, Encoding.UCS2, 3, id="a surrogate pair is not cut"),
        pytest.param("`", Encoding.UCS2, 1, id="backtick"),
    ],
)
def test_counts_segments_as_it_cuts_them(text: str, encoding: Encoding, segments: int) -> None:
    assert count_segments(text) == (encoding, segments)
    cut = split_text(text, 1)
    assert (cut.encoding, len(cut.user_data)) == (encoding, segments)
    assert all(len(each) <= 140 + 20 * (encoding is Encoding.GSM) for each in cut.user_data)


def test_cuts_no_combining_sequence() -> None:
    text = "ạ" * 66 + "a\u0323\u0302" + "b" * 10
    pieces = [take_header(each)[1].decode("utf-16-be") for each in split_text(text, 1).user_data]
    assert pieces == ["ạ" * 66, "a\u0323\u0302" + "b" * 10]


def test_cuts_a_text_that_is_one_endless_combining_sequence() -> None:
    text = "a" + "\u0323" * 300
    cut = split_text(text, 1)
    assert "".join(take_header(each)[1].decode("utf-16-be") for each in cut.user_data) == text


def test_refuses_more_than_255_segments() -> None:
    assert len(split_text("a" * 153 * 255, 1).user_data) == 255
    with pytest.raises(ValueError, match="255"):
        split_text("a" * (153 * 255 + 1), 1)


@pytest.mark.parametrize(
    ("alphabet", "text", "encoding", "octets"),
    [
        pytest.param(Alphabet.LATIN1, "Hué @", Encoding.GSM, b"Hu\xe9 @", id="latin-1"),
        pytest.param(Alphabet.LATIN1, "Δ", Encoding.UCS2, b"\x03\x94", id="in gsm, not in latin-1"),
        pytest.param(Alphabet.LATIN1, "ç", Encoding.UCS2, b"\x00\xe7", id="in latin-1, not in gsm"),
        pytest.param(Alphabet.ASCII, "[TK]", Encoding.GSM, b"[TK]", id="ascii"),
        pytest.param(Alphabet.GSM, "[TK]", Encoding.GSM, b"\x1b<TK\x1b>", id="gsm"),
        # §6.1.2.1.1: seven letters in seven octets, where a CR keeps the spare bits from being read as `@`
        pytest.param(Alphabet.GSM_PACKED, "1234567", Encoding.GSM, bytes.fromhex("31d98c56b3dd1a"), id="gsm packed"),
        pytest.param(Alphabet.GSM_PACKED, "ạ", Encoding.UCS2, b"\x1e\xa1", id="ucs-2 is never packed"),
    ],
)
def test_writes_data_coding_0_as_the_carrier_means_it(
    alphabet: Alphabet, text: str, encoding: Encoding, octets: bytes
) -> None:
    cut = split_text(text, 1, alphabet)
    assert cut.encoding is encoding
    assert cut.user_data == (octets,)


def test_packs_segments_behind_their_headers_into_what_the_air_carries() -> None:
    text = "".join(chr(ord("a") + number % 26) for number in range(306))
    cut = split_text(text, 7, Alphabet.GSM_PACKED)
    assert [len(each) for each in cut.user_data] == [140, 140]
    assert "".join(gsm.decode(gsm.unpack(take_header(each)[1], fill_bits=1)) for each in cut.user_data) == text


@pytest.mark.parametrize("data_coding", [0x10, 0x40, 0xC0, 0xC8, 0xD1, 0xF0])
def test_unpacks_whatever_is_in_the_default_alphabet(data_coding: int) -> None:
    assert decode_text(gsm.pack(b"HD"), data_coding, Alphabet.GSM_PACKED) == "HD"


@pytest.mark.parametrize("data_coding", [1, 3, 4, 0x14, 0xF5])
def test_unpacks_nothing_else(data_coding: int) -> None:
    assert decode_text(b"HD", data_coding, Alphabet.GSM_PACKED) == "HD"


def test_counts_septets_where_data_coding_0_is_ascii() -> None:
    assert len(split_text("[" * 81, 1, Alphabet.ASCII).user_data) == 2
