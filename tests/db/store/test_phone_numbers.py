"""Senders are read in every form that carriers write them in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.store.phone_numbers import mask_number, read_sender


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("84905123456", "84905123456"),
        ("+84905123456", "84905123456"),
        ("0905123456", "84905123456"),
        ("905123456", "84905123456"),
        ("0084905123456", "84905123456"),
        ("84 0905123456", "84905123456"),
        ("+84 (0) 905 123 456", "84905123456"),
        ("905.123.456", "84905123456"),
        ("841234567", "84841234567"),
        ("0841234567", "84841234567"),
        ("01626123456", "84326123456"),
        ("841281234567", "84781234567"),
        ("+841991234567", "84591234567"),
        ("02363881888", "842363881888"),
        ("+85620551234", "85620551234"),
        ("8188", None),
        ("+8188", None),
        ("1022", None),
        ("19001234", None),
        ("18001091", None),
        ("1900545415", None),
        ("+8419001234", None),
        ("0841900545415", None),
        ("84190012345678", None),
        ("00841900123456", None),
        ("84019001234", None),
        ("+84018001091", None),
        ("0084019001234", None),
        ("00841401234567", None),
        ("840905123456", "84905123456"),
        ("+84912190012", "84912190012"),
        ("VNeID", None),
        ("BO TTTT", None),
        ("DANANG1", None),
        ("", None),
        ("  ", None),
        ("٠٩٠٥١٢٣٤٥٦", None),
        ("999999999999999999999", None),
        ("0", None),
    ],
)
def test_reads_a_sender_however_it_is_written(raw: str, number: str | None) -> None:
    assert read_sender(raw) == number


@given(st.text(st.characters()))
def test_never_raises_on_any_sender(raw: str) -> None:
    number = read_sender(raw)
    assert number is None or (number.isdecimal() and 8 <= len(number) <= 15)


@given(st.from_regex(r"84[35789][0-9]{8}", fullmatch=True))
def test_a_number_read_once_reads_the_same_again(raw: str) -> None:
    number = read_sender(raw)
    assert number is not None
    assert read_sender(number) == number


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("84905123456", "8490***3456"),
        ("+84905123456", "+849***3456"),
        ("0905123456", "0905***3456"),
        ("8188", "8188"),
        ("VIETTEL", "VIETTEL"),
        ("", ""),
    ],
)
def test_the_middle_of_a_number_is_hidden(number: str, shown: str) -> None:
    assert mask_number(number) == shown
