"""Octets to frames: where one PDU ends and the next begins (SMPP 3.4 §3.2). Only the header is read here."""

from __future__ import annotations

import struct
from typing import NamedTuple

HEADER_LENGTH = 16
MAX_LENGTH = 64 * 1024
"""No PDU of SMPP 3.4 is longer: message_payload holds at most 64 KiB, and carriers send far less."""

_HEADER = struct.Struct(">IIII")
unpack_header = _HEADER.unpack_from
pack_header = _HEADER.pack


class Frame(NamedTuple):
    """One PDU: its header is read, its body is not. A named tuple, since one is made for each PDU on the hot path."""

    command: int
    status: int
    sequence: int
    pdu: bytes  # whole, header included, so that what is kept to be shown is not copied again

    @property
    def body(self) -> bytes:
        """Return what follows the header, as a copy: the hot path reads it in its place."""
        return self.pdu[HEADER_LENGTH:]


class Framer:
    """Cuts a stream into frames.

    A length out of bounds is fatal, since nobody can know where the next PDU begins. Then `bad_length` is set, the
    frames before it are still returned, and everything after it is dropped. At most one PDU is held back.
    """

    __slots__ = ("_rest", "bad_length")

    def __init__(self) -> None:
        self._rest = b""
        self.bad_length: int | None = None

    def feed(self, octets: bytes) -> list[Frame]:
        """Take octets in; return the frames that are whole now."""
        if self.bad_length is not None:
            return []
        data = self._rest + octets if self._rest else octets
        frames: list[Frame] = []
        place, size = 0, len(data)
        while size - place >= HEADER_LENGTH:
            length, command, status, sequence = unpack_header(data, place)
            if not HEADER_LENGTH <= length <= MAX_LENGTH:
                self.bad_length = length
                self._rest = b""
                return frames
            end = place + length
            if end > size:
                break
            frames.append(Frame(command, status, sequence, data[place:end]))
            place = end
        self._rest = data[place:]
        return frames
