"""Agency codes: both orders come to the same, for generated codes too."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.conversation.routing.agency_codes import agencies_in, agency_levels

UNHURRIED = settings(deadline=None)  # a busy machine is no fault


TWO_DIGITS = st.integers(1, 99).map(lambda number: f"{number:02d}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("H17.12-230815-0007", [("H17", "12")]),
        ("000.00.12.H17-230815-0007", [("H17", "12")]),
        ("000.00.00.H49-230815-0007", [("H49",)]),
        ("38.98.H29-210519-0003", [("H29", "98", "38")]),
        ("G09.20-20260609-0092637", [("G09", "20")]),
        ("HS O00.O0.12.H17-230815-0007", [("H17", "12")]),  # O for 0
        ("H17.12-230815-0007 VA H17.28-230815-0007", [("H17", "12"), ("H17", "28")]),
        ("YC482173051", []),
        ("0905123456", []),
    ],
)
def test_the_agency_is_read_in_both_orders(text: str, expected: list[tuple[str, ...]]) -> None:
    assert list(agencies_in(text)) == expected


@UNHURRIED
@given(TWO_DIGITS, TWO_DIGITS, st.sampled_from(["H17", "G09"]))
def test_one_agency_has_one_spelling(second: str, third: str, first: str) -> None:
    assert agency_levels(f"000.{third}.{second}.{first}") == agency_levels(f"{first}.{second}.{third}")
    assert list(agencies_in(f"HO SO {first}.{second}-230815-0007")) == [(first, second)]


@UNHURRIED
@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(list(agencies_in(text)), list)
