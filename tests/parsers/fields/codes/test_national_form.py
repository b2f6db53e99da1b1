"""Receipt codes of the national form: found in a text, told from other digits, and written as printed."""

from __future__ import annotations

import pytest

from parsers.fields.codes.national_form import find_national_form, is_national_form, is_one_national


@pytest.mark.parametrize(
    ("folded", "is_one"),
    [
        ("000.00.12.H17-230815-0007", True),
        ("0000012H172308150007", True),
        ("H17.12-230815-0007", True),
        ("G09.20-20260609-0092637", True),
        ("H17.12-231515-0007", False),
        ("H17.12-230815", False),
        ("YC482173051", False),
        ("12 H17-230815-0007", False),
    ],
)
def test_a_code_and_nothing_else(folded: str, *, is_one: bool) -> None:
    assert is_national_form(folded) is is_one
    assert is_one_national(folded) or not is_one


@pytest.mark.parametrize(
    ("folded", "found"),
    [
        ("HO SO 000.00.12.H17-230815-0007 SAO LAU THE", ["000.00.12.H17-230815-0007"]),
        ("H17.12-230815-0007 VA H17.12-230815-0008", ["H17.12-230815-0007", "H17.12-230815-0008"]),
        ("TT YC482173051 CUA TOI", []),
        ("GOI 0905123456", []),
    ],
)
def test_codes_in_a_sentence(folded: str, found: list[str]) -> None:
    assert [folded[start:end] for start, end in find_national_form(folded)] == found
