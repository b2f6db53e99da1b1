"""Connections of urllib3 with one deadline for all addresses of a host, and without informational responses."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from http import HTTPStatus
from http.client import HTTPResponse

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NameResolutionError

from sms_gateway.clock import monotonic

SocketOption = tuple[int, int, int | bytes]
"""Level, name and value, as urllib3 keeps them."""


class FinalResponse(HTTPResponse):
    """The response after all informational ones (RFC 9110 §15.2). By itself http.client skips 100 alone.

    101 is no step on the way to a response: we ask for no other protocol.
    """

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = super()._read_status()  # type: ignore[misc]  # typeshed lacks it
        is_skipped = HTTPStatus.SWITCHING_PROTOCOLS < status < HTTPStatus.OK
        return version, HTTPStatus.CONTINUE if is_skipped else status, reason


class PlainConnection(HTTPConnection):
    """A connection without TLS."""

    response_class = FinalResponse

    def _new_conn(self) -> socket.socket:
        return _dial(self)


class TlsConnection(HTTPSConnection):
    """A connection with TLS."""

    response_class = FinalResponse

    def _new_conn(self) -> socket.socket:
        return _dial(self)


def _dial(connection: HTTPConnection) -> socket.socket:
    """Connect within the connection's timeout; TLS has what is left of it. Raises NameResolutionError and OSError."""
    seconds = connection.timeout
    assert isinstance(seconds, int | float)  # noqa: S101 - it is always given
    try:
        return dial(connection.host, connection.port, seconds, connection.socket_options or ())
    except socket.gaierror as error:
        raise NameResolutionError(connection.host, connection, error) from error


def dial(host: str, port: int, seconds: float, options: Iterable[SocketOption] = ()) -> socket.socket:
    """Connect to the first address of a host that answers; the socket's timeout is what is left of the seconds.

    Each address has its share of the time that is left, so that one that is silent does not hide the others. Raises
    OSError, of which `socket.gaierror` says that the host cannot be looked up.
    """
    deadline = monotonic() + seconds
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    failure: OSError = TimeoutError()
    for number, (family, kind, protocol, _, address) in enumerate(found):
        left = deadline - monotonic()
        if left <= 0:
            break
        sock = socket.socket(family, kind, protocol)
        try:
            for option in options:
                sock.setsockopt(*option)
            sock.settimeout(left / (len(found) - number))
            sock.connect(address)
        except OSError as error:
            sock.close()
            failure = error
            continue
        sock.settimeout(max(deadline - monotonic(), 0.001))
        return sock
    raise failure
