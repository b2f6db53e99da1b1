"""Optional parameters: tag, length, value (SMPP 3.4 §3.2.4.1, §5.3)."""

from __future__ import annotations

import struct

from sms_gateway.channels.smpp.pdu import codes

Tlvs = tuple[tuple[int, bytes], ...]

_HEAD = struct.Struct(">HH")
_HEAD_LENGTH = 4
_OF_THE_TEXT = frozenset({codes.MESSAGE_PAYLOAD, codes.SAR_REFERENCE, codes.SAR_TOTAL, codes.SAR_NUMBER})


def walk_tlvs(body: bytes, place: int) -> Tlvs | None:
    """Read the parameters from `place` on; None when one runs past the end that the text depends on.

    Any other that does is skipped, and so are fewer than four octets at the end. Some carriers pad, or count a
    parameter of their own wrongly, and a text is not refused for that. Operators see what was skipped.
    """
    size = len(body)
    if place == size:
        return ()
    tlvs: list[tuple[int, bytes]] = []
    while size - place >= _HEAD_LENGTH:
        tag, length = _HEAD.unpack_from(body, place)
        place += _HEAD_LENGTH
        if place + length > size:
            return None if tag in _OF_THE_TEXT else tuple(tlvs)
        tlvs.append((tag, body[place : place + length]))
        place += length
    return tuple(tlvs)


def write_tlvs(tlvs: Tlvs) -> bytes:
    """Write parameters one after the other."""
    return b"".join([_HEAD.pack(tag, len(value)) + value for tag, value in tlvs])


def tlv_value(tlvs: Tlvs, tag: int) -> bytes | None:
    """Return the value of the first parameter with this tag; None when there is none."""
    for each, value in tlvs:
        if each == tag:
            return value
    return None
