"""The short way of a look-up reads what the tolerant reader reads, whenever it reads anything."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import parsers
from parsers.grammars.status_lookup_exact import printed_form_reader
from tests.generators.generated import LONG

pytestmark = pytest.mark.no_cover  # it runs the same lines many times

TODAY = date(2026, 11, 22)
CODES = st.from_regex(
    r"DVC ?([0-9]{3}\.[0-9]{2}\.[0-9]{2}\.)?[A-Z][0-9]{2}(\.[0-9]{2}){0,2}-[0-9]{6}-[0-9]{4,7}\Z", fullmatch=True
)
DATED = st.builds(
    "{}{}{}-{:02d}{:02d}{:02d}-{:04d}".format,
    st.sampled_from(["DVC", "DVC "]),
    st.sampled_from(["", "000.00.12.", "818.88.18.", "001.20.26."]),
    st.from_regex(r"[A-Z][0-9]{2}(\.[0-9]{2}){0,2}\Z", fullmatch=True),
    st.integers(0, 99),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 9999999),
)


read_printed_form = printed_form_reader(["DVC"])


def tolerantly(text: str, *short_codes: str) -> object:
    """Read the text with its keyword in small letters, which is no printed form."""
    return parsers.read(text.replace("DVC", "dvc", 1), today=TODAY, short_codes=short_codes or ("8188",))


@given(st.one_of(CODES, DATED))
@example("DVC000.00.12.H17-230815-0007")
@example("DVC 818.88.18.H81-230815-8188")
@example("DVCH17-230815-0007")
@settings(max_examples=1500 if LONG else 100, deadline=None)
def test_reads_as_the_tolerant_reader_does(text: str) -> None:
    printed = read_printed_form(text)
    if printed is not None:
        assert tolerantly(text) == printed
        assert tolerantly(text, "0007", "230815") == printed


@given(DATED)
def test_reads_every_form_that_receipts_print(text: str) -> None:
    assert read_printed_form(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "dvc H17-230815-0007",
        "DVC H17-230815-0007\n",
        "DVC  H17-230815-0007",
        "DVC H17-231515-0007",
        "DVC Ｈ17-230815-0007",
        "DVC H17-٢30815-0007",
        "DVC H17-230815-00071234",
        "DVC H17-230815-0007 gui 8188",
    ],
)
def test_leaves_everything_else_to_the_tolerant_reader(text: str) -> None:
    assert read_printed_form(text) is None
