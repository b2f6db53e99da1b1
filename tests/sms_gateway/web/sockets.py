"""Raw connections to a web server on loopback."""

from __future__ import annotations

import socket
from contextlib import suppress


def connect(port: int, address: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(address, 0))


def read_all(connection: socket.socket) -> bytes:
    answer = b""
    with suppress(ConnectionResetError):  # closed while we were still sending: what it said came first
        while piece := connection.recv(65536):
            answer += piece
    return answer
