"""What a stranger's text may cost each reader: at most 50 times an ordinary text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers.context import ServiceFacts
from handlers.correction import correct
from parsers import read
from parsers.explanation import explain
from parsers.misread import Misread
from sms_gateway.channels.smpp.coding.text import decode_text
from sms_gateway.settings.link_model import Alphabet
from tests.sms_gateway.pages.costs import MOST_TIMES, TODAY, evil, worst
from tests.sms_gateway.pages.evil_texts import (
    TEN_SEGMENTS,
)

pytestmark = pytest.mark.no_cover  # the same lines many times


def answered(text: str) -> object:
    """Read a text and write the answer to a misread."""
    reading = read(text, today=TODAY)
    return correct(reading, ServiceFacts()) if isinstance(reading, Misread) else reading


READERS: dict[str, Callable[[str], object]] = {
    "read and answered": answered,
    "read": lambda text: read(text, today=TODAY),
    "read, where a look-up needs a secret": lambda text: read(text, today=TODAY, with_secrets=True),
    "explain": lambda text: explain(text, today=TODAY, with_secrets=True),
}


@pytest.mark.parametrize("reader", READERS)
def test_no_text_costs_a_reader_much_more_than_an_ordinary_one(reader: str) -> None:
    found = worst(reader, READERS[reader], evil(TEN_SEGMENTS, more=150))
    assert found.times <= MOST_TIMES, found


@pytest.mark.parametrize("alphabet", Alphabet)
@pytest.mark.parametrize("octets", [b"TK, ", b"a\r", b"\x1b", b"\xe1\xbb\x87", b"\xd8\x00", b"a\x00", b"\x00"])
def test_what_a_link_reads_costs_no_more_than_its_length(alphabet: Alphabet, octets: bytes) -> None:
    """A carrier may hand over a long text in one PDU, and its link reads nothing else meanwhile."""
    for coding in (0, 8):

        def decode(length: str, coding: int = coding) -> object:
            return decode_text(octets * int(length), coding, alphabet)

        found = worst(f"decode {octets!r} {alphabet} {coding}", decode, ["8000"], ordinary="500")
        assert found.times <= MOST_TIMES, found
