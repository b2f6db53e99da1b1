"""Hosts with several addresses, and providers that say something before their response."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from sms_gateway.channels.http.sending.departure import ProviderResponse
from tests.sms_gateway.channels.http.provider import Say, provider
from tests.sms_gateway.channels.http.sending.test_connection import REQUEST, connection_to, server

EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
TAKEN = b'HTTP/1.1 201 Created\r\nContent-Length: 12\r\n\r\n{"id": "T1"}'


def test_what_comes_before_the_response_is_skipped() -> None:
    def serve(connection: socket.socket) -> None:
        for early in (EARLY, b""):
            read = b""
            while not read.endswith(b"{}"):
                read += connection.recv(4096)
            connection.sendall(early + TAKEN)

    with server(serve) as url:
        connection = connection_to(url)
        said = [connection.send(REQUEST) for _ in range(2)]
        connection.close()
    assert [(one.status, one.body) for one in said if isinstance(one, ProviderResponse)] == [(201, b'{"id": "T1"}')] * 2


def test_another_protocol_is_no_response_to_wait_behind() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")

    with server(serve) as url:
        connection = connection_to(url)
        said = connection.send(REQUEST)
        connection.close()
    assert isinstance(said, ProviderResponse)
    assert said.status == 101


@pytest.fixture
def silent() -> Iterator[list[tuple[str, int]]]:
    """Return addresses whose listener has no place for a connection, and so never answers."""
    with ExitStack() as stack:
        places: list[tuple[str, int]] = []
        for number in range(2, 6):
            listening = stack.enter_context(socket.socket())
            listening.bind((f"127.0.0.{number}", 0))
            listening.listen(0)
            places.append(listening.getsockname())
            for _ in range(3):
                waiting = stack.enter_context(socket.socket())
                waiting.settimeout(0)
                with suppress(BlockingIOError):
                    waiting.connect(places[-1])
        yield places


def test_all_addresses_of_a_host_share_one_deadline(
    silent: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with provider(lambda _: Say()) as sms:
        port = int(sms.url.rpartition(":")[2].partition("/")[0])
        for places, error in ((silent, "many.example port 80: no answer"), ([*silent, ("127.0.0.1", port)], None)):
            found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in places]
            monkeypatch.setattr(socket, "getaddrinfo", lambda *_, found=found, **__: found)
            connection = connection_to("http://many.example/send", connect_seconds=0.5)
            started = time.monotonic()
            assert connection.connect() == error
            assert time.monotonic() - started < 1
            connection.close()
