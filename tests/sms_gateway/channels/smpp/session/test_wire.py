from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from sms_gateway.channels.smpp.session.tls import TlsTerms
from sms_gateway.channels.smpp.session.wire import MAX_UNWRITTEN, Wire, WireError


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    yield made
    made.close()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def connect(wire: Wire, listener: socket.socket) -> socket.socket:
    wire.connect("127.0.0.1", listener.getsockname()[1], 5)
    accepted, _ = listener.accept()
    accepted.settimeout(10)
    return accepted


def choked(wire: Wire) -> bool:
    return wire.choked


def test_reads_and_writes(wire: Wire, listener: socket.socket) -> None:
    with connect(wire, listener) as peer:
        peer.sendall(b"ping")
        assert wire.wait(5)
        assert wire.read() == b"ping"
        wire.write(b"pong")
        assert peer.recv(10) == b"pong"
        assert wire.read() == b""
    assert wire.wait(5)
    assert wire.read() is None


def test_sends_without_delay(wire: Wire, listener: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[socket.socket] = []

    class Noted(socket.socket):
        def connect_ex(self, address: object) -> int:
            made.append(self)
            return super().connect_ex(address)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(socket, "socket", Noted)
    with connect(wire, listener):
        assert [one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for one in made] == [1]


def test_a_wake_up_ends_the_wait_and_is_taken_once(wire: Wire) -> None:
    threading.Timer(0.05, wire.wake).start()
    begun = time.monotonic()
    assert not wire.wait(10)
    assert time.monotonic() - begun < 5
    wire.wake()
    wire.wake()
    assert not wire.wait(10)
    assert not wire.wait(0)


def test_keeps_what_the_other_side_does_not_take_and_writes_it_later(wire: Wire, listener: socket.socket) -> None:
    with connect(wire, listener) as peer:
        octets = bytes(range(256)) * 64 * 1024
        wire.write(octets)
        assert choked(wire)
        wire.write(b"end")
        received = b""
        while not received.endswith(b"end"):
            wire.wait(0.01)
            received += peer.recv(1024 * 1024)
        assert received == octets + b"end"
        assert not choked(wire)
        assert not wire.wait(0.01)  # no longer asks whether it may write


def test_what_was_not_written_is_forgotten_with_the_connection(wire: Wire, listener: socket.socket) -> None:
    with connect(wire, listener):
        wire.write(bytes(MAX_UNWRITTEN * 4))
        assert choked(wire)
        wire.disconnect()
        assert not choked(wire)
        wire.write(b"nobody")
        assert wire.read() is None


def test_a_broken_connection_shows_at_the_next_read(wire: Wire, listener: socket.socket) -> None:
    peer = connect(wire, listener)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    peer.close()  # with a reset
    assert wire.wait(5)
    wire.write(b"to nobody")
    assert wire.read() is None


def full_port(stack: list[socket.socket]) -> int:
    """Return a port where connections are neither taken nor refused."""
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(0)
    stack.append(server)
    for _ in range(4):
        waiting = socket.socket()
        waiting.settimeout(0)
        waiting.connect_ex(server.getsockname())
        stack.append(waiting)
    return int(server.getsockname()[1])


def test_waits_for_no_connection_longer_than_told(wire: Wire) -> None:
    stack: list[socket.socket] = []
    port = full_port(stack)
    with pytest.raises(WireError, match="no answer"):
        wire.connect("127.0.0.1", port, 0.2)
    for each in stack:
        each.close()


def test_a_wake_up_ends_an_attempt_to_connect_when_the_caller_wants_no_more(wire: Wire) -> None:
    stack: list[socket.socket] = []
    port = full_port(stack)
    over = threading.Event()

    def end() -> None:
        over.set()
        wire.wake()

    threading.Timer(0.05, end).start()
    begun = time.monotonic()
    with pytest.raises(WireError, match="interrupted"):
        wire.connect("127.0.0.1", port, 30, is_over=over.is_set)
    assert time.monotonic() - begun < 10
    for each in stack:
        each.close()


def test_a_wake_up_for_another_reason_does_not_end_it(wire: Wire) -> None:
    stack: list[socket.socket] = []
    port = full_port(stack)
    stack[0].settimeout(30)

    def make_room() -> None:
        """Accept as many as may have tried before: each of them takes a place when its system asks again."""
        with suppress(OSError):
            for _ in range(len(stack) + 1):
                stack.append(stack[0].accept()[0])

    wire.wake()
    threading.Timer(0.05, wire.wake).start()
    room = threading.Timer(0.3, make_room)
    room.start()
    try:
        wire.connect("127.0.0.1", port, 60)  # the system asks again after 1, 3, 7, 15 … seconds
        wire.disconnect()
    finally:
        stack[0].shutdown(socket.SHUT_RD)  # ends the wait for one more
        room.join()
        for each in stack:
            each.close()


@pytest.mark.parametrize(
    ("host", "cause"),
    [
        ("smsc..example", "not the name of a host"),
        ("a" * 70, "not the name of a host"),
        (".example", "not the name of a host"),
        ("\ud800", "not the name of a host"),
        ("é" * 70, "not the name of a host"),
        ("", "no such host"),
        ("smsc\0.example", "no such host"),
    ],
)
def test_a_wrong_name_is_a_failed_attempt_with_its_reason(wire: Wire, host: str, cause: str) -> None:
    with pytest.raises(WireError, match=cause):
        wire.connect(host, 2775, 1)


@pytest.mark.parametrize("name", [".example", "a..b", "a" * 70, "é" * 70])
def test_a_wrong_name_for_tls_is_a_failed_attempt_with_its_reason(
    wire: Wire, listener: socket.socket, name: str
) -> None:
    terms = TlsTerms(name=name, ca_file=None, cert_file=None, key_file=None, strict=True)
    with pytest.raises(WireError, match="cannot be used"):
        wire.connect("127.0.0.1", listener.getsockname()[1], 2, terms)


UNSUPPORTED = (socket.AF_X25, socket.SOCK_STREAM, 0, "", ("::1", 1, 0, 0))  # as where the kernel has no IPv6
UNREACHABLE = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("255.255.255.255", 9))  # connect() itself refuses it


@pytest.mark.parametrize(
    ("first", "cause"),
    [(UNSUPPORTED, "Address family not supported by protocol"), (UNREACHABLE, "Network is unreachable|Permission")],
    ids=["a family the kernel lacks", "an address that connect refuses at once"],
)
def test_the_next_address_is_tried_and_the_reason_is_the_true_one(
    wire: Wire, listener: socket.socket, monkeypatch: pytest.MonkeyPatch, first: tuple[object, ...], cause: str
) -> None:
    good = (socket.AF_INET, socket.SOCK_STREAM, 0, "", listener.getsockname())
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [first, good])
    connect(wire, listener).close()
    wire.disconnect()
    with socket.create_server(("127.0.0.1", 0)) as ended:
        refused = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ended.getsockname())
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [first, refused])
    with pytest.raises(WireError, match=rf"smsc\.test port 2775: ({cause}).*; Connection refused$"):
        wire.connect("smsc.test", 2775, 2)


def test_waking_a_closed_wire_harms_nobody() -> None:
    wire = Wire()
    wire.close()
    wire.wake()
