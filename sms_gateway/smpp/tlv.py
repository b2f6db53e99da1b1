"""Optional parameters: tag, length, value (SMPP 3.4 §3.2.4.1, §5.3)."""

from __future__ import annotations

import struct

Tlvs = tuple[tuple[int, bytes], ...]

_HEAD = struct.Struct(">HH")
_HEAD_LENGTH = 4


def walk_tlvs(body: bytes, place: int) -> Tlvs | None:
    """Read the parameters from `place` on; None when one runs past the end.

    Fewer than four octets at the end are passed over: some carriers pad, and a text is not refused for that.
    """
    size = len(body)
    if place == size:
        return ()
    tlvs: list[tuple[int, bytes]] = []
    while size - place >= _HEAD_LENGTH:
        tag, length = _HEAD.unpack_from(body, place)
        place += _HEAD_LENGTH
        if place + length > size:
            return None
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
