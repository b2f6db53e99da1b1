"""PDUs written and read by smpplib, as a measure that is not our own; and streams fed in pieces."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Any

from smpplib import command, pdu

from sms_gateway.smpp.events import Event
from sms_gateway.smpp.framing import Frame, Framer
from sms_gateway.smpp.session import Session


def smpplib_octets(name: str, sequence: int = 1, status: int = 0, **fields: Any) -> bytes:
    """Write a PDU with smpplib."""
    made = _make(name, **fields)
    made.sequence = sequence
    made.status = status
    octets = made.generate()
    assert isinstance(octets, bytes)
    return octets


def smpplib_read(octets: bytes) -> Any:
    """Read a PDU with smpplib."""
    made = _make(pdu.extract_command(octets))
    made.parse(octets)
    return made


def _make(name: str, **fields: Any) -> Any:
    """Make a PDU of smpplib; its responses raise when they are told what its requests must be told."""
    try:
        return command.factory(name, need_sequence=False, **fields)
    except TypeError:
        return command.factory(name, **fields)


def raw(command_id: int, body: bytes = b"", sequence: int = 1, status: int = 0) -> bytes:
    """Write a PDU by hand."""
    return struct.pack(">IIII", 16 + len(body), command_id, status, sequence) + body


def frames(octets: bytes) -> list[Frame]:
    """Cut octets into frames."""
    framer = Framer()
    found = framer.feed(octets)
    assert framer.bad_length is None
    return found


def feed(session: Session, pieces: Iterable[bytes], now: float = 0.0) -> list[Event]:
    """Feed a session piece by piece."""
    return [event for piece in pieces for event in session.receive(piece, now)]
