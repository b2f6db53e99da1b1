"""The TCP connection of one bind and the wake-up of its thread: the only socket of the gateway's SMPP side."""

from __future__ import annotations

import errno
import os
import selectors
import socket
import ssl
from collections.abc import Callable

from sms_gateway.channels.smpp.session.tls import TlsTerms, refusal
from sms_gateway.clock import monotonic

READ_SIZE = 64 * 1024
"""Octets read at once: some hundred texts, so that they make one batch."""

MAX_UNWRITTEN = 4 * 1024 * 1024
"""Octets that the other side has not taken; a peer that reads nothing for so long is treated as dead."""


_IN_PROGRESS = frozenset({0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EINTR})
"""What `connect_ex` returns when the socket itself reports the result later, or at once."""

_NO_SUCH_HOST = frozenset({socket.EAI_NONAME, socket.EAI_NODATA})

_CANNOT = (OSError, ValueError, OverflowError)
"""How the system and Python's own checks refuse a name, an address or a socket; UnicodeError is a ValueError."""


class WireError(Exception):
    """Raised when a connection cannot be made; the text names the cause, and the catcher tries again later."""


class _OverError(Exception):
    """Raised when the caller wants no connection any more."""


class Wire:
    """One connection at a time, non-blocking. `wake` may be called from any thread; everything else from its owner."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._near, self._far = socket.socketpair()
        self._near.settimeout(0)
        self._far.settimeout(0)
        self._selector.register(self._near, selectors.EVENT_READ)
        self._awake = False
        self._socket: socket.socket | None = None
        self._is_over: Callable[[], bool] = lambda: False
        self._unwritten = b""

    def wake(self) -> None:
        """End the current or the next `wait`."""
        if not self._awake:
            self._awake = True
            try:
                self._far.send(b"\x00")
            except OSError:  # closed, or so full that it wakes anyway
                return

    def connect(
        self,
        host: str,
        port: int,
        seconds: float,
        tls: TlsTerms | None = None,
        *,
        is_over: Callable[[], bool] = lambda: False,
    ) -> None:
        """Connect to the first address that answers, IPv6 or IPv4; each has so many seconds.

        After a wake-up `is_over` is asked whether to go on. Raises WireError with the cause of each address, and
        nothing else, for any name, address or system.
        """
        try:
            addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            what = "no such host" if error.errno in _NO_SUCH_HOST else "cannot be looked up"
            raise WireError(f"{host}: {what} ({error.strerror})") from error
        except _CANNOT as error:
            raise WireError(f"{host}: not the name of a host ({error})") from error
        self._is_over = is_over
        causes: list[str] = []
        for family, kind, protocol, _, address in addresses:
            try:
                cause = self._attempt((family, kind, protocol), address, seconds, tls)
            except _OverError as error:
                raise WireError(f"{host} port {port}: interrupted") from error
            if cause is None:
                return
            if cause not in causes:
                causes.append(cause)
        raise WireError(f"{host} port {port}: {'; '.join(causes) or 'no address'}")

    def _attempt(
        self, made_as: tuple[int, int, int], address: tuple[object, ...], seconds: float, tls: TlsTerms | None
    ) -> str | None:
        """Try one address; return why it cannot be connected, or None when it is."""
        connected = False
        try:
            self._socket = socket.socket(*made_as)
            self._socket.settimeout(0)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._finish_connecting(self._socket, address, seconds)
            if tls is not None:
                self._shake_hands(self._socket, tls, seconds)
            self._selector.modify(self._socket, selectors.EVENT_READ)
            connected = True
        except ssl.SSLCertVerificationError as error:
            cause = refusal(error, tls)
        except OSError as error:
            cause = error.strerror or str(error)
        except _CANNOT as error:
            cause = f"cannot be used ({error})"
        finally:
            if not connected:
                self.disconnect()
        return None if connected else cause

    def _finish_connecting(self, connection: socket.socket, address: tuple[object, ...], seconds: float) -> None:
        """Wait until the connection is made; raises OSError when it is not in time."""
        error = connection.connect_ex(address)
        if error not in _IN_PROGRESS:
            raise OSError(error, os.strerror(error))
        self._selector.register(connection, selectors.EVENT_WRITE)
        deadline = monotonic() + seconds
        ready = False
        while not ready and monotonic() < deadline:
            keys = {key.fileobj for key, _ in self._selector.select(deadline - monotonic())}
            ready = connection in keys
            if self._near in keys:
                self._take_wake_up()
        if not ready:
            raise TimeoutError(errno.ETIMEDOUT, "no answer")
        error = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, os.strerror(error))

    def _shake_hands(self, connection: socket.socket, tls: TlsTerms, seconds: float) -> None:
        """Speak TLS from here on; raises OSError when the other side does not in time, or is not who it must be."""
        context = tls.context()
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=tls.name)  # a wrong name costs no socket
        self._selector.unregister(connection)
        self._socket = secure = context.wrap_socket(connection, do_handshake_on_connect=False, server_hostname=tls.name)
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
            ready = False
            while not ready:
                keys = {key.fileobj for key, _ in self._selector.select(max(0.0, deadline - monotonic()))}
                ready = secure in keys
                if self._near in keys:
                    self._take_wake_up()
                elif not ready and monotonic() >= deadline:
                    raise TimeoutError(errno.ETIMEDOUT, "no answer to the TLS handshake")

    def wait(self, seconds: float) -> bool:
        """Wait for octets, a wake-up or the time; return whether there are octets. Writes what was left over."""
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
        """Return what has arrived; None when the other side closed or the connection broke."""
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

    def write(self, octets: bytes) -> bool:
        """Write, or keep what the other side does not take now.

        False when the connection is broken and nothing of it was written; that shows at the next `read` too.
        """
        if self._socket is None:
            return False
        data = self._unwritten + octets if self._unwritten else octets
        try:
            sent = self._socket.send(data) if data else 0
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            sent = 0
        except OSError:
            self._unwritten = b""
            return False
        had_rest, self._unwritten = bool(self._unwritten), data[sent:]
        if had_rest != bool(self._unwritten):
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._unwritten else 0)
            self._selector.modify(self._socket, events)
        return True

    @property
    def choked(self) -> bool:
        """Return whether the other side reads nothing."""
        return len(self._unwritten) > MAX_UNWRITTEN

    def disconnect(self) -> None:
        """Drop the connection, if there is one."""
        if self._socket is not None:
            if self._socket.fileno() >= 0 and self._socket in self._selector.get_map():
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

    def _take_wake_up(self) -> None:
        """Take a wake-up while connecting."""
        self._sleep_again()
        if self._is_over():
            raise _OverError

    def _sleep_again(self) -> None:
        """Take the wake-up. The mark is removed after the octet is read and before work is searched."""
        self._near.recv(4096)
        self._awake = False
