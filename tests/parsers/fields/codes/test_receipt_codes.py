"""One rule in two rooms: how a code is matched stands in parsers and in db, which do not know each other."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.citizens.dossiers import canonical
from parsers import read
from parsers.commands import LookUpStatus

TODAY = date(2026, 3, 2)
CODES = [
    "000.00.12.H17-230815-0007",
    "h17.12-230815-0007",
    "G22.99-251225-020175",
    "00673810079",
    "04486.G/2019/08708",
    "TT250C8DDF4C1E",
    "AB-987654321",
    "TĐ-123456",
]


@pytest.mark.parametrize("code", CODES)
def test_codes_seen_in_real_life_are_one_in_both(code: str) -> None:
    reading = read(f"DVC {code}", today=TODAY)
    assert isinstance(reading, LookUpStatus)
    assert [one.canonical for one in reading.codes] == [canonical(code)]


@given(st.text("ABCHIOLabchiol0123456789ĐĂ.-/_ ", min_size=4, max_size=44))
def test_what_the_parser_calls_canonical_db_calls_so_too(code: str) -> None:
    reading = read(f"DVC {code}", today=TODAY)
    if isinstance(reading, LookUpStatus):
        for one in reading.codes:
            assert one.canonical == canonical(one.written) == canonical(one.canonical)
