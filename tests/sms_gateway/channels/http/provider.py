"""A provider of SMS over HTTP on loopback: a real server, whose responses the test chooses."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A request as the provider saw it."""

    method: str
    target: str
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    connection: int  # which of the connections it came by, from 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Say:
    """A response. `cut` closes the connection in its place; `hold` waits before it."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    hold: Event | None = None


class Provider:
    """Answers every request as `answer` says."""

    def __init__(self, answer: Callable[[Seen], Say], *, tls: ssl.SSLContext | None = None) -> None:
        self.answer = answer
        self.seen: list[Seen] = []
        self._lock = Lock()
        self._connections: list[socket.socket] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._scheme = "http" if tls is None else "https"
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}/send"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        with self._lock:
            for connection in self._connections:
                connection.close()

    def wait_for(self, count: int, seconds: float = 10) -> list[Seen]:
        """Wait until so many requests came."""
        deadline = time.monotonic() + seconds
        while len(self.seen) < count:
            assert time.monotonic() < deadline, f"{len(self.seen)} of {count} requests came"
            time.sleep(0.01)
        return self.seen

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        with self._lock:
            if handler.connection not in self._connections:
                self._connections.append(handler.connection)
            number = self._connections.index(handler.connection) + 1
        length = int(handler.headers.get("Content-Length", "0"))
        seen = Seen(
            method=handler.command,
            target=handler.path,
            headers={name.lower(): value for name, value in handler.headers.items()},
            body=handler.rfile.read(length),
            connection=number,
        )
        said = self.answer(seen)
        with self._lock:
            self.seen.append(seen)
        if said.hold is not None:
            said.hold.wait(30)
        if said.cut:
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        handler.send_response(said.status)
        for name, value in {"Content-Length": str(len(said.body)), **said.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(said.body)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        take = self.take

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                take(self)

            def do_GET(self) -> None:
                take(self)

            def handle(self) -> None:
                with suppress(OSError):  # a client that left in the middle
                    super().handle()

            def log_message(self, *_: object) -> None:
                """Write nothing."""

        return Handler


@contextmanager
def provider(answer: Callable[[Seen], Say], *, tls: ssl.SSLContext | None = None) -> Iterator[Provider]:
    """Run a provider."""
    running = Provider(answer, tls=tls)
    try:
        yield running
    finally:
        running.close()
