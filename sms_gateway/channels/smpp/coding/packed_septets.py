"""Septets packed eight in seven octets: where a carrier says so, and where they surely are (GSM 03.38 §6.1.2.1)."""

from __future__ import annotations

from sms_gateway.channels.smpp.coding import gsm
from sms_gateway.channels.smpp.coding.octet_text import decode_octets, has_controls

PLAIN_SHARE = 0.8
"""Of a text that was unpacked, so much at least must be plain ASCII; anything can be unpacked into something."""

_TELLING = 4
"""Octets from which on it means something that all of them are letters and signs, where unpacking makes no sense."""

_CERTAIN = 12
"""Octets from which on it says all: of a hundred thousand packed texts of that length one has no other octet."""


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
    """Return the septets of octets from a carrier that packs; None when these, surely, it did not pack.

    Receipts and texts of a carrier's own often stand unpacked among texts that are: these are all letters and signs as
    they stand.
    """
    septets = gsm.unpack(octets, fill_bits=_fill_bits(header_length))
    if len(octets) < _TELLING:
        return septets
    stands = (octets.isascii() and octets.decode("ascii").isprintable()) or _is_accented_utf8(octets)
    return None if stands and (len(octets) >= _CERTAIN or not _is_plain_writing(septets)) else septets


def pack_behind(header: bytes, septets: bytes) -> bytes:
    """Return the user data: the header, and the septets packed behind it from the next multiple of seven bits on."""
    return header + gsm.pack(septets, fill_bits=_fill_bits(len(header)))


def _fill_bits(header_length: int) -> int:
    return -header_length * 8 % 7


def _is_plain_writing(septets: bytes) -> bool:
    text = gsm.decode(septets)
    plain = sum(char.isascii() and char.isprintable() for char in text)
    return not has_controls(text) and plain >= len(text) * PLAIN_SHARE


def _is_accented_utf8(octets: bytes) -> bool:
    """Tell whether these are letters with accents in UTF-8, which septets are by the rarest chance."""
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not has_controls(text) and any(char.isalpha() and not char.isascii() for char in text)
