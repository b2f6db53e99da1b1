"""Names of data codings, as pages show them."""

from __future__ import annotations

from sms_gateway.settings.link_model import Alphabet

ENCODINGS = {0: "GSM 03.38", 1: "ASCII", 3: "Latin-1", 4: "binary", 8: "UCS-2"}
"""Data codings by name (SMPP 3.4 §5.2.19); 0 is the carrier's default, here GSM 03.38."""

_ALPHABETS = {
    Alphabet.GSM: "GSM 03.38",
    Alphabet.GSM_PACKED: "GSM 03.38, packed",
    Alphabet.ASCII: "ASCII",
    Alphabet.LATIN1: "Latin-1",
}
"""How a link reads data_coding 0."""


def encoding_name(data_coding: int | None) -> str:
    """Name a data coding."""
    if data_coding is None:
        return ""
    return ENCODINGS.get(data_coding, f"0x{data_coding:02x}")


def name_on_link(data_coding: int | None, alphabet: Alphabet) -> str:
    """Name a data coding as a link with this alphabet reads it."""
    return encoding_name(data_coding) if data_coding else _ALPHABETS[alphabet] if data_coding == 0 else ""
