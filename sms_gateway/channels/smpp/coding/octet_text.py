"""Octets that hold one character each, or UTF-8 by mistake: the readings that need no setting."""

from __future__ import annotations

import unicodedata

_C1_CONTROLS = bytes(range(0x80, 0xA0))


def has_controls(text: str) -> bool:
    """Return whether a text holds control characters, which nobody types, or characters that could not be read."""
    return any(unicodedata.category(char) == "Cc" and char not in "\n\r\t" for char in text) or "\ufffd" in text


def decode_octets(octets: bytes) -> str:
    """Read one octet a character where nothing above 127 should be: ASCII, else UTF-8, else Latin-1."""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return decode_latin1(octets)


def decode_latin1(octets: bytes) -> str:
    """Read Latin-1; but UTF-8 or Windows-1252 where Latin-1 would give control characters, which nobody types."""
    if len(octets.translate(None, _C1_CONTROLS)) == len(octets):
        return octets.decode("latin-1")
    for codec in ("utf-8", "cp1252"):
        try:
            return octets.decode(codec)
        except UnicodeDecodeError:
            continue
    return octets.decode("latin-1")
