"""The user data header before the text of a short message: elements in any order (3GPP TS 23.040 §9.2.3.24)."""

from __future__ import annotations

from dataclasses import dataclass

_CONCATENATED_8 = 0x00
_CONCATENATED_16 = 0x08
_PORTS = frozenset({0x04, 0x05})
_SINGLE_SHIFT = 0x24
_LOCKING_SHIFT = 0x25
_NO_LANGUAGE = 0xFF
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
    """Remove the header; return the concatenation and the text's octets.

    Elements may be in any order, and others (ports, tables of national languages) are skipped. A header that runs past
    the end is no header: all octets are returned, since a text with odd characters is better than none.
    """
    elements = _read_elements(octets)
    if elements is None:
        return None, octets
    parts = (_read_part(element, content) for element, content in elements)
    return next((part for part in parts if part is not None), None), octets[1 + octets[0] :]


def read_languages(octets: bytes) -> tuple[int, int]:
    """Return the languages of the locking and of the single table that a header names (§9.2.3.24.15, §9.2.3.24.16).

    0 is the default alphabet and its extension; an element of another length names no language that anybody knows.
    """
    languages = {_LOCKING_SHIFT: 0, _SINGLE_SHIFT: 0}
    for element, content in _read_elements(octets) or ():
        if element in languages:
            languages[element] = content[0] if len(content) == 1 else _NO_LANGUAGE
    return languages[_LOCKING_SHIFT], languages[_SINGLE_SHIFT]


def names_port(octets: bytes) -> bool:
    """Return whether a header addresses a program on the phone by its port (§9.2.3.24.3, §9.2.3.24.4)."""
    return any(element in _PORTS for element, _ in _read_elements(octets) or ())


def _read_elements(octets: bytes) -> list[tuple[int, bytes]] | None:
    """Return identifier and content of each element; None when the header, or one of them, runs past the end."""
    if not octets or octets[0] >= len(octets):
        return None
    end = 1 + octets[0]
    found: list[tuple[int, bytes]] = []
    place = 1
    while place + _ELEMENT_HEAD <= end:
        element, length = octets[place], octets[place + 1]
        place += _ELEMENT_HEAD
        if place + length > end:
            return None
        found.append((element, octets[place : place + length]))
        place += length
    return found


def _read_part(element: int, content: bytes) -> Part | None:
    """Read a concatenation element; None when it is another, or its numbers make no sense (§9.2.3.24.1: ignore it)."""
    if element == _CONCATENATED_8 and len(content) == _LENGTH_8:
        return make_part(content[0], content[1], content[2])
    if element == _CONCATENATED_16 and len(content) == _LENGTH_16:
        return make_part(int.from_bytes(content[:2], "big"), content[2], content[3])
    return None


def make_part(reference: int, total: int, number: int) -> Part | None:
    """Return the part; None when it is a whole text, or its numbers make no sense."""
    if total > 1 and 1 <= number <= total:
        return Part(reference=reference, total=total, number=number)
    return None


def concatenation_header(part: Part) -> bytes:
    """Write the header of a segment, with the 8-bit reference that every phone knows."""
    return bytes((5, _CONCATENATED_8, _LENGTH_8, part.reference & 0xFF, part.total, part.number))
