"""A capture file written by hand: one way of a TCP connection, as far as a dissector needs it (libpcap format)."""

from __future__ import annotations

import struct
from pathlib import Path

PORT = 2775
_MAGIC, _ETHERNET = 0xA1B2C3D4, 1


def write_capture(path: Path, sent: list[bytes]) -> None:
    """Write each piece of octets as a packet from a client to port 2775."""
    capture = struct.pack(">IHHiIII", _MAGIC, 2, 4, 0, 0, 65535, _ETHERNET)
    sequence = 1
    for number, octets in enumerate(sent):
        frame = _ethernet(_ipv4(_tcp(octets, sequence)))
        capture += struct.pack(">IIII", 1_700_000_000 + number, 0, len(frame), len(frame)) + frame
        sequence += len(octets)
    path.write_bytes(capture)


def _ethernet(packet: bytes) -> bytes:
    return bytes(12) + b"\x08\x00" + packet


def _ipv4(segment: bytes) -> bytes:
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(segment), 0, 0, 64, 6, 0, b"\x7f\0\0\1", b"\x7f\0\0\2")
    return head[:10] + _checksum(head) + head[12:] + segment


def _tcp(octets: bytes, sequence: int) -> bytes:
    return struct.pack(">HHIIBBHHH", 40000, PORT, sequence, 1, 0x50, 0x18, 65535, 0, 0) + octets


def _checksum(head: bytes) -> bytes:
    total = sum(struct.unpack(f">{len(head) // 2}H", head))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack(">H", ~total & 0xFFFF)
