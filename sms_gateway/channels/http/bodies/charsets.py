"""The charsets that a request may declare, and how each is read."""

from __future__ import annotations

from collections.abc import Mapping

DEFAULT_CHARSET = "utf-8"

CHARSETS: Mapping[str, str] = {
    name: codec
    for codec, names in {
        "utf-8": ("utf-8", "utf8", "us-ascii", "ascii"),
        "cp1252": ("iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252"),
        "cp1258": ("windows-1258", "cp1258"),
        "utf-16-be": ("utf-16be", "utf-16-be", "ucs-2", "ucs2", "utf-16"),
    }.items()
    for name in names
}
"""Charsets a provider may declare, and how each is read: Latin-1 as the larger set that senders really mean."""


def codec_of(declared: str | None) -> str:
    """Return the codec for a declared charset; an unknown one is read as UTF-8, and the octets are kept anyway.

    >>> codec_of("ISO-8859-1"), codec_of("klingon"), codec_of(None)
    ('cp1252', 'utf-8', 'utf-8')
    """
    return CHARSETS.get((declared or DEFAULT_CHARSET).strip().lower(), DEFAULT_CHARSET)
