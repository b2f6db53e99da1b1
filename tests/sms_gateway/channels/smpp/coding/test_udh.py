from __future__ import annotations

import pytest

from sms_gateway.channels.smpp.coding.udh import Part, concatenation_header, take_header


@pytest.mark.parametrize(
    ("header", "part"),
    [
        pytest.param(b"\x05\x00\x03\x2a\x03\x02", Part(reference=42, total=3, number=2), id="8-bit reference"),
        pytest.param(b"\x06\x08\x04\x01\x02\x03\x01", Part(reference=258, total=3, number=1), id="16-bit reference"),
        pytest.param(
            b"\x0b\x05\x04\x0b\x84\x23\xf0\x00\x03\x07\x02\x01", Part(reference=7, total=2, number=1), id="ports first"
        ),
        pytest.param(
            b"\x08\x00\x03\x07\x02\x02\x24\x01\x01", Part(reference=7, total=2, number=2), id="language after"
        ),
        pytest.param(b"\x06\x05\x04\x0b\x84\x23\xf0", None, id="ports only"),
        pytest.param(b"\x05\x00\x03\x2a\x03\x04", None, id="number beyond total"),
        pytest.param(b"\x05\x00\x03\x2a\x03\x00", None, id="number 0"),
        pytest.param(b"\x05\x00\x03\x2a\x01\x01", None, id="alone"),
        pytest.param(b"\x05\x00\x02\x2a\x03\x03", None, id="wrong element length"),
        pytest.param(b"\x00", None, id="empty header"),
    ],
)
def test_takes_the_header_off(header: bytes, part: Part | None) -> None:
    assert take_header(header + b"text") == (part, b"text")


@pytest.mark.parametrize("octets", [b"", b"\x20abc", b"\x05\x00\x09abcdef"])
def test_leaves_octets_whole_that_begin_with_no_header(octets: bytes) -> None:
    assert take_header(octets) == (None, octets)


def test_reads_the_header_that_it_writes() -> None:
    part = Part(reference=255, total=255, number=254)
    assert take_header(concatenation_header(part) + b"x") == (part, b"x")
