"""The TCP connection of one bind and the wake-up of its thread: the only socket of the gateway's SMPP side."""

from __future__ import annotations

import errno
import os
import selectors
import socket
import ssl

from sms_gateway.clock import monotonic
from sms_gateway.smpp.tls import TlsTerms, refusal

READ_SIZE = 64 * 1024
"""Octets taken in at once: some hundred texts, so that they make one batch."""

MAX_UNWRITTEN = 4 * 1024 * 1024
"""Octets that the other side has not taken; a peer that reads nothing for so long is as good as dead."""


class WireError(Exception):
    """Raised when a connection cannot be made; the text names the cause, and the catcher tries again later."""


class Wire:
    """One connection at a time, non-blocking. `wake` may be called from any thread; all else from the owning thread."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._near, self._far = socket.socketpair()
        self._near.settimeout(0)
        self._far.settimeout(0)
        self._selector.register(self._near, selectors.EVENT_READ)
        self._awake = False
        self._socket: socket.socket | None = None
        self._unwritten = b""

    def wake(self) -> None:
        """End the present or the next `wait`."""
        if not self._awake:
            self._awake = True
            try:
                self._far.send(b"\x00")
            except OSError:  # closed, or so full that it wakes anyway
                return

    def connect(self, host: str, port: int, seconds: float, tls: TlsTerms | None = None) -> None:
        """Connect to the first address that answers, IPv6 or IPv4; a wake-up ends the attempt. Raises WireError."""
        try:
            addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise WireError(f"{host}: no such host ({error.strerror})") from error
        cause = "no address"
        for family, kind, protocol, _, address in addresses:
            self._socket = socket.socket(family, kind, protocol)
            self._socket.settimeout(0)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self._finish_connecting(self._socket, address, seconds)
                if tls is not None:
                    self._shake_hands(self._socket, tls, seconds)
            except ssl.SSLCertVerificationError as error:
                cause = refusal(error, tls)
                self.disconnect()
            except OSError as error:
                cause = error.strerror or str(error)
                self.disconnect()
            else:
                self._selector.modify(self._socket, selectors.EVENT_READ)
                return
        raise WireError(f"{host} port {port}: {cause}")

    def _finish_connecting(self, connection: socket.socket, address: tuple[object, ...], seconds: float) -> None:
        """Wait until the connection stands; raises OSError when it does not in time."""
        self._selector.register(connection, selectors.EVENT_WRITE)
        connection.connect_ex(address)  # its verdict is read from the socket when it is ready
        deadline = monotonic() + seconds
        ready = False
        while not ready and monotonic() < deadline:
            keys = {key.fileobj for key, _ in self._selector.select(deadline - monotonic())}
            ready = connection in keys
            if self._near in keys:
                self._sleep_again()
                break
        if not ready:
            raise TimeoutError(errno.ETIMEDOUT, "no answer")
        error = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, os.strerror(error))

    def _shake_hands(self, connection: socket.socket, tls: TlsTerms, seconds: float) -> None:
        """Speak TLS from here on; raises OSError when the other side does not in time, or is not who it must be."""
        self._selector.unregister(connection)
        self._socket = secure = tls.context().wrap_socket(
            connection, do_handshake_on_connect=False, server_hostname=tls.name
        )
        self._selector.register(secure, selectors.EVENT_READ)
        deadline = monotonic() + seconds
        while True:
            try:
                secure.do_handshake()
            except ssl.SSLWantReadError:
                self._selector.modify(secure, selectors.EVENT_READ)
            except ssl.SSLWantWriteError:
                self._selector.modify(secure, selectors.EVENT_WRITE)
            else:
                return
            keys = {key.fileobj for key, _ in self._selector.select(max(0.0, deadline - monotonic()))}
            if self._near in keys:
                self._sleep_again()
            if secure not in keys:
                raise TimeoutError(errno.ETIMEDOUT, "no answer to the TLS handshake")

    def wait(self, seconds: float) -> bool:
        """Wait for octets, a wake-up or the time; tell whether there are octets. Writes what was left over."""
        readable = False
        for key, events in self._selector.select(max(0.0, seconds)):
            if key.fileobj is self._near:
                self._sleep_again()
            else:
                readable = readable or bool(events & selectors.EVENT_READ)
                if events & selectors.EVENT_WRITE:
                    self.write(b"")
        return readable

    def read(self) -> bytes | None:
        """Return what has come; None when the other side closed or the connection broke."""
        if self._socket is None:
            return None
        try:
            octets = self._socket.recv(READ_SIZE)
            if isinstance(self._socket, ssl.SSLSocket):
                while self._socket.pending():  # of these octets the selector knows nothing
                    octets += self._socket.recv(READ_SIZE)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return b""
        except OSError:
            return None
        return octets or None

    def write(self, octets: bytes) -> None:
        """Write, or keep what the other side does not take now. A broken connection shows at the next `read`."""
        if self._socket is None:
            return
        data = self._unwritten + octets if self._unwritten else octets
        try:
            sent = self._socket.send(data) if data else 0
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            sent = 0
        except OSError:
            self._unwritten = b""
            return
        had_rest, self._unwritten = bool(self._unwritten), data[sent:]
        if had_rest != bool(self._unwritten):
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._unwritten else 0)
            self._selector.modify(self._socket, events)

    @property
    def choked(self) -> bool:
        """Tell whether the other side reads nothing."""
        return len(self._unwritten) > MAX_UNWRITTEN

    def disconnect(self) -> None:
        """Drop the connection, if there is one."""
        if self._socket is not None:
            if self._socket in self._selector.get_map():
                self._selector.unregister(self._socket)
            self._socket.close()
            self._socket = None
        self._unwritten = b""

    def close(self) -> None:
        """Drop everything; the wire cannot be used again."""
        self.disconnect()
        self._selector.close()
        self._near.close()
        self._far.close()

    def _sleep_again(self) -> None:
        """Take the wake-up. The mark falls after the octet is read and before work is looked for, so none is lost."""
        self._near.recv(4096)
        self._awake = False
