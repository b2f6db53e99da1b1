"""What of personal data a page may show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import GAP
from sms_gateway.web.masking import mask_octets, mask_text, readable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("TK, A B, 201499999, 20/12/1990", "TK, A B, ••••••999, 20/12/1990", id="CMND"),
        pytest.param("TK A B 079201001234 01.02.2001", "TK A B •••••••••234 01.02.2001", id="CCCD"),
        pytest.param("TK A B 79201001234", "TK A B ••••••••234", id="a lost zero"),
        pytest.param("TK A B 2O14999l9", "TK A B ••••••9l9", id="look-alikes"),
        pytest.param("TK A B 201 499 999", "TK A B ••• ••• 999", id="in groups"),
        pytest.param("TK A B 201 499 999 20 12 1990", "TK A B ••• ••• ••• •• •• •990", id="groups and a date"),
        pytest.param("TK A B 0792.0100.1234", "TK A B ••••.••••.•234", id="groups with dots"),
        pytest.param("TK A B 201499999 20 12 1990", "TK A B ••••••999 20 12 1990", id="a solid number and a date"),
        pytest.param("TKA201499999", "TKA••••••999", id="glued to letters"),
        pytest.param("goi toi 0905123456", "goi toi •••••••456", id="telephone"),
        pytest.param("TK A B ２０１４９９９９９", "TK A B ••••••９９９", id="full width"),
        pytest.param("DVC 000.00.12.H17-230815-0031", "DVC 000.00.12.H17-230815-0031", id="receipt code, unread"),
        pytest.param("Lo Oi Lili", "Lo Oi Lili", id="no digits at all"),
        pytest.param("HD", "HD", id="nothing to hide"),
    ],
)
def test_long_numbers_in_a_text_are_hidden(text: str, shown: str) -> None:
    assert mask_text(text, keeps_codes=False) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("DVC000.00.12.H17-230815-0007", "DVC000.00.12.H17-230815-0007", id="usual code"),
        pytest.param("DVC G09.20-20260609-0092637", "DVC G09.20-20260609-0092637", id="long code"),
        pytest.param("DVC 13557009", "DVC 13557009", id="eight digits"),
        pytest.param("DVC 00673810079", "DVC 00673810079", id="eleven digits"),
        pytest.param("DVC 201499999", "DVC ••••••999", id="an identity number after all"),
        pytest.param("DVC 079201001234", "DVC •••••••••234", id="twelve digits"),
    ],
)
def test_receipt_codes_of_a_look_up_are_shown(text: str, shown: str) -> None:
    assert mask_text(text, keeps_codes=True) == shown


def test_octets_of_hidden_digits_are_hidden() -> None:
    shown = mask_octets(b"A 201499999", data_coding=0, keeps_codes=False)
    assert shown == ["41", "20", *["**"] * 6, "39", "39", "39"]


def test_both_octets_of_a_hidden_ucs2_digit_are_hidden() -> None:
    shown = mask_octets("Ạ 201499999".encode("utf-16-be"), data_coding=8, keeps_codes=False)
    assert shown[:4] == ["1e", "a0", "00", "20"]
    assert shown[4:16] == ["**"] * 12
    assert shown[16:] == ["00", "39"] * 3


@given(st.text(), st.booleans())
def test_any_text_can_be_shown(text: str, keeps_codes: bool) -> None:  # noqa: FBT001 - hypothesis gives it by name
    shown = mask_text(text, keeps_codes=keeps_codes)
    assert len(shown) == len(text)
    shown.encode()


@given(st.binary(max_size=300), st.sampled_from([0, 3, 8]))
def test_any_octets_can_be_shown(octets: bytes, data_coding: int) -> None:
    assert len(mask_octets(octets, data_coding=data_coding, keeps_codes=False)) == len(octets)


@given(st.from_regex(r"[0-9]{9}|[0-9]{12}", fullmatch=True), st.text(alphabet="TKA, .-/\n"), st.booleans())
def test_an_identity_number_is_never_shown(number: str, around: str, keeps_codes: bool) -> None:  # noqa: FBT001 - as above
    shown = mask_text(f"{around}{number}{around}", keeps_codes=keeps_codes)
    assert number not in shown


def test_control_characters_and_lone_surrogates_become_visible() -> None:
    assert mask_text("a\x00b\ud800c\u202ed\n", keeps_codes=False) == "a\ufffdb?c\ufffdd\n"


def test_a_part_that_never_came_is_seen() -> None:
    assert readable(f"TK, Nguyen{GAP}1990") == "TK, Nguyen[…]1990"
    assert mask_text(f"DVC 104{GAP}02, 201499999", keeps_codes=True) == "DVC 104[…]02, ••••••999"


@given(st.text(alphabet="0123456789 .-oOI,aTK", max_size=300), st.integers(0, 200), st.booleans())
def test_a_cut_text_shows_nothing_that_the_whole_one_hides(text: str, most: int, keeps_codes: bool) -> None:  # noqa: FBT001 - as above
    cut = mask_text(text, keeps_codes=keeps_codes, most=most)
    whole = mask_text(text, keeps_codes=keeps_codes)
    assert len(cut) == min(most, len(text))
    assert all(one == "•" for one, other in zip(cut, whole, strict=False) if other == "•")
