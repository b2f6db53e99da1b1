"""Septets packed eight in seven octets: where a setting says so, and where they surely are (GSM 03.38 §6.1.2.1)."""

from __future__ import annotations

from sms_gateway.channels.smpp.coding import gsm
from sms_gateway.channels.smpp.coding.octet_text import decode_octets, has_controls

PLAIN_SHARE = 0.8
"""At least so much of an unpacked text must be plain ASCII; any octets can be unpacked."""

_TELLING = 4
"""From so many octets on it is a sign when all of them are letters and signs, and unpacking gives no text."""

_CERTAIN = 12
"""From so many octets on it is proof: of a hundred thousand packed texts of that length one has no other octet."""


def unpack_surely(octets: bytes, header_length: int = 0) -> bytes | None:
    """Return the septets of octets that are packed, eight in seven, beyond doubt; None when they need not be.

    They are when they make no text as they stand and plain writing when unpacked. `header_length` counts the octets of
    the user data header that was before them: the septets then begin at the next multiple of seven bits (§9.2.3.24).
    """
    if octets.isascii() or not has_controls(decode_octets(octets)):
        return None
    septets = gsm.unpack(octets, fill_bits=_fill_bits(header_length))
    return septets if _is_plain_writing(septets) else None


def unpack(octets: bytes, header_length: int = 0) -> bytes | None:
    """Return the septets of octets from a carrier that packs; None when it surely did not pack these.

    Receipts and texts of the carrier itself are often unpacked among packed texts: they are all letters and signs as
    they are.
    """
    septets = gsm.unpack(octets, fill_bits=_fill_bits(header_length))
    if len(octets) < _TELLING:
        return septets
    stands = (octets.isascii() and octets.decode("ascii").isprintable()) or _is_accented_utf8(octets)
    return None if stands and (len(octets) >= _CERTAIN or not _is_plain_writing(septets)) else septets


def pack_behind(header: bytes, septets: bytes) -> bytes:
    """Return the user data: the header, and the septets packed after it from the next multiple of seven bits on."""
    return header + gsm.pack(septets, fill_bits=_fill_bits(len(header)))


def _fill_bits(header_length: int) -> int:
    return -header_length * 8 % 7


def _is_plain_writing(septets: bytes) -> bool:
    text = gsm.decode(septets)
    plain = sum(char.isascii() and char.isprintable() for char in text)
    return not has_controls(text) and plain >= len(text) * PLAIN_SHARE


def _is_accented_utf8(octets: bytes) -> bool:
    """Return whether these are letters with accents in UTF-8, which septets are very rarely."""
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not has_controls(text) and any(char.isalpha() and not char.isascii() for char in text)
