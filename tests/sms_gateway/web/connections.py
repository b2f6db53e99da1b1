"""Connections of clients to a web server on loopback: whole ones, half ones, and which of them are open."""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing, suppress

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
HALF = b"POST /mo/gapit HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n{"


def connect(port: int, address: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(address, 0))


def read_all(connection: socket.socket) -> bytes:
    answer = b""
    with suppress(ConnectionResetError):  # closed while we were still sending: what it said came first
        while piece := connection.recv(65536):
            answer += piece
    return answer


def is_open(connection: socket.socket, *, seconds: float = 0.05) -> bool:
    connection.settimeout(seconds)
    try:
        return connection.recv(65536) != b""
    except (TimeoutError, BlockingIOError):
        return True
    except ConnectionError:
        return False


def which_are_open(connections: Sequence[socket.socket]) -> list[bool]:
    """Return which are open, after a moment for all of them."""
    time.sleep(0.2)
    return [is_open(one, seconds=0) for one in connections]


def health(port: int, address: str = "127.0.0.1") -> tuple[bool, float]:
    """Return whether a good request is answered, and after how many seconds."""
    started = time.monotonic()
    with closing(connect(port, address)) as connection:
        connection.sendall(HEALTH)
        is_answered = read_all(connection).startswith(b"HTTP/1.1 200")
    return is_answered, time.monotonic() - started


def half_open(stack: ExitStack, port: int, count: int, addresses: Sequence[str]) -> list[socket.socket]:
    made = []
    for number in range(count):
        one = stack.enter_context(connect(port, addresses[number % len(addresses)]))
        with suppress(ConnectionError):
            one.sendall(HALF)
        made.append(one)
    return made
