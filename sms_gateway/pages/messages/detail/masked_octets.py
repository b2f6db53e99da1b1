"""Octets in hex with personal data hidden, as the words of the same text hide it.

Octets may hold a number that they do not show: packed, in another alphabet, or cut between two parts. So the hidden
digits of the words are counted. When the octets do not show as many, all octets are hidden.
"""

from __future__ import annotations

from collections.abc import Sequence

from db.reports.message_log import TextRow, WholeMessage
from db.store.phone_numbers import mask_number
from sms_gateway.pages.display.secret_masking import without_secret
from sms_gateway.pages.messages.row_display import keeps_codes
from sms_gateway.web.masking import hidden_places, mask_octets

COVER = "**"
_UCS2 = 8
_LAST_SHOWN = 4


def hex_of(octets: bytes) -> Sequence[str]:
    """Return octets in hex, one by one."""
    return [f"{octet:02x}" for octet in octets]


def covered(octets: bytes) -> Sequence[str]:
    """Return as many covers (`**`) as there are octets."""
    return [COVER] * len(octets)


def text_in_hex(whole: WholeMessage, octets: bytes, *, clear: bool) -> Sequence[str]:
    """Return the octets of a text, or of all its parts in their order."""
    if clear:
        return hex_of(octets)
    if without_secret(whole.text.body, whole.text.reading) != whole.text.body:
        return covered(octets)
    cells = mask_octets(octets, data_coding=whole.data_coding, keeps_codes=keeps_codes(whole.text))
    width = 2 if whole.data_coding == _UCS2 else 1
    return cells if cells.count(COVER) >= width * _hidden_in(whole.text) else covered(octets)


def address_in_hex(octets: bytes, *, clear: bool) -> Sequence[str]:
    """Return an address with the digits in the middle of a number hidden."""
    cells = list(hex_of(octets))
    address = octets.rstrip(b"\x00").decode("latin-1")
    shown = mask_number(address)
    if not clear and shown != address:
        hidden = range(shown.index("***"), len(address) - _LAST_SHOWN)
        cells = [COVER if place in hidden else cell for place, cell in enumerate(cells)]
    return cells


def _hidden_in(text: TextRow) -> int:
    return len(hidden_places(text.body, keeps_codes=keeps_codes(text)))
