"""The provider's HTTP server: a thread for each connection, which can be dropped, frozen or refused."""

from __future__ import annotations

import socket
import socketserver
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from threading import Event, Lock, Thread

from sms_gateway.demo.provider.counterpart import ReceivedRequest, Reply

MAX_BODY_OCTETS = 256 * 1024
"""An answer has some hundred characters."""

IDLE_SECONDS = 60.0
"""How long a connection may be silent."""

Handle = Callable[[ReceivedRequest], Reply | None]
"""Returns the response to a request; None closes the connection in its place. Called from many threads at once."""


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that left: gateways are killed here, and connections are cut."""


class Listener:
    """Listens from the moment it is made (port 0 takes a free one); `start` sets it going."""

    def __init__(self, host: str, port: int, handle: Handle) -> None:
        self._host = host
        self._handle = handle
        self._lock = Lock()
        self._connections: set[socket.socket] = set()
        self._frozen: set[socket.socket] = set()
        self._stopping = Event()
        self._is_serving = False
        self._server: _Server | None = self._bound(port)
        self.port: int = self._server.server_address[1]

    def start(self) -> None:
        """Begin to take connections."""
        if self._server is not None:
            self._is_serving = True
            Thread(target=self._server.serve_forever, args=(0.05,), name="provider-simulator", daemon=True).start()

    def stop(self) -> None:
        """End; every connection is closed."""
        self._stopping.set()
        self.leave()

    def leave(self) -> None:
        """Close every connection and refuse new ones until `come_back`."""
        with self._lock:
            server, self._server = self._server, None
            is_serving, self._is_serving = self._is_serving, False
        if server is not None:
            if is_serving:  # else it would wait for an end that never comes
                server.shutdown()
            server.server_close()
        self.drop()

    def come_back(self) -> None:
        """Listen on the same port again."""
        with self._lock:
            if self._server is not None or self._stopping.is_set():
                return
            self._server = self._bound(self.port)
        self.start()

    def drop(self) -> None:
        """Break every connection, as a fallen network does."""
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):  # closed by the other side meanwhile
                    connection.shutdown(socket.SHUT_RDWR)

    def freeze(self) -> None:
        """Respond to nothing any more on the connections that are open now, and take nothing from them."""
        with self._lock:
            self._frozen |= self._connections

    def _bound(self, port: int) -> _Server:
        return _Server((self._host, port), self._handler())

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        listener = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = IDLE_SECONDS
            wbufsize = -1  # head and body in one write
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                listener.respond(self)

            def do_POST(self) -> None:
                listener.respond(self)

            def handle(self) -> None:
                with listener.counting(self.connection), suppress(OSError):  # a client that left in the middle
                    super().handle()

            def log_message(self, *_: object) -> None:
                """Write nothing: a URL may hold a secret."""

        return Handler

    @contextmanager
    def counting(self, connection: socket.socket) -> Iterator[None]:
        """Know of a connection while it is open."""
        with self._lock:
            self._connections.add(connection)
        try:
            yield
        finally:
            with self._lock:
                self._connections.discard(connection)
                self._frozen.discard(connection)

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        """Read a request and respond to it."""
        length = handler.headers.get("Content-Length", "0")
        if not (length.isdecimal() and int(length) <= MAX_BODY_OCTETS):
            handler.close_connection = True
            handler.send_error(413)
            return
        path, _, query = handler.path.partition("?")
        request = ReceivedRequest(
            method=handler.command,
            path=path,
            query=query.encode("latin-1"),
            headers={name.lower(): value for name, value in handler.headers.items()},
            body=handler.rfile.read(int(length)),
        )
        if handler.connection in self._frozen:
            self._stopping.wait()
        reply = None if handler.connection in self._frozen else self._handle(request)
        if reply is None:
            handler.close_connection = True
            return
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Type", reply.content_type)
        handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        handler.wfile.write(reply.body)
