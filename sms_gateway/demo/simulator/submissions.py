"""What the simulated carrier reads out of a submit_sm."""

from __future__ import annotations

from collections.abc import Iterable

from sms_gateway.channels.smpp.coding.packed_septets import unpack
from sms_gateway.channels.smpp.coding.text import decode_text
from sms_gateway.channels.smpp.coding.udh import Part, take_header
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage
from sms_gateway.settings.link_model import Alphabet

ALONE = Part(reference=-1, total=1, number=1)


def read_segment(message: ShortMessage, alphabet: Alphabet) -> tuple[Part, bytes]:
    """Return which part it is, and its octets; septets are unpacked where the carrier packs."""
    part, octets = None, message.user_data
    if message.esm_class & codes.ESM_UDHI:
        part, octets = take_header(octets)
    if alphabet is Alphabet.GSM_PACKED and message.data_coding == 0:
        octets = unpack(octets, len(message.user_data) - len(octets)) or octets
    return part or ALONE, octets


def read_answer(pieces: Iterable[bytes], data_coding: int, alphabet: Alphabet) -> str:
    """Read the octets of an answer's segments, which `read_segment` gave, as the subscriber sees them."""
    return decode_text(b"".join(pieces), data_coding, Alphabet.GSM if alphabet is Alphabet.GSM_PACKED else alphabet)
