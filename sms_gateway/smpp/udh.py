"""The user data header before the text of a short message: an unordered row of elements (3GPP TS 23.040 §9.2.3.24)."""

from __future__ import annotations

from dataclasses import dataclass

_CONCATENATED_8 = 0x00
_CONCATENATED_16 = 0x08
_ELEMENT_HEAD = 2
_LENGTH_8 = 3
_LENGTH_16 = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Which part of which long text: `number` of `total`, joined by `reference`."""

    reference: int
    total: int
    number: int


def take_header(octets: bytes) -> tuple[Part | None, bytes]:
    """Take the header off; return what it says of the concatenation, and the text's octets.

    Elements may stand in any order, and those unknown (ports, tables of national languages) are passed over. A header
    that runs past the end is no header: all octets come back, since a text with odd characters is better than none.
    """
    if not octets or octets[0] >= len(octets):
        return None, octets
    end = 1 + octets[0]
    part: Part | None = None
    place = 1
    while place + _ELEMENT_HEAD <= end:
        element, length = octets[place], octets[place + 1]
        place += _ELEMENT_HEAD
        if place + length > end:
            return None, octets
        if part is None:
            part = _read_part(element, octets[place : place + length])
        place += length
    return part, octets[end:]


def _read_part(element: int, content: bytes) -> Part | None:
    """Read a concatenation element; None when it is another, or its numbers make no sense (§9.2.3.24.1: ignore it)."""
    if element == _CONCATENATED_8 and len(content) == _LENGTH_8:
        return make_part(content[0], content[1], content[2])
    if element == _CONCATENATED_16 and len(content) == _LENGTH_16:
        return make_part(int.from_bytes(content[:2], "big"), content[2], content[3])
    return None


def make_part(reference: int, total: int, number: int) -> Part | None:
    """Return the part; None when it stands alone or its numbers make no sense."""
    if total > 1 and 1 <= number <= total:
        return Part(reference=reference, total=total, number=number)
    return None


def concatenation_header(part: Part) -> bytes:
    """Write the header of a segment, with the 8-bit reference that every phone knows."""
    return bytes((5, _CONCATENATED_8, _LENGTH_8, part.reference & 0xFF, part.total, part.number))
