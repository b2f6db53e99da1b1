"""One connection to a provider, kept between requests. It always knows whether a request was written whole."""

from __future__ import annotations

import ssl
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError

from sms_gateway.channels.http.sending.departure import OutgoingRequest, ProviderResponse
from sms_gateway.channels.http.sending.provider_socket import PlainConnection, TlsConnection
from sms_gateway.clock import monotonic

LARGEST_RESPONSE = 64 * 1024
"""Octets of a response that are read; a provider's has a few hundred. Of a larger one the rest is not read."""

IDLE_SECONDS = 30.0
"""A connection without a request for so long is not used again: many servers close it at that moment."""

_BOTH_WAYS = 2  # of socket.shutdown
_FAILURES = (OSError, HTTPError, HTTPException, ValueError)
"""What a connection raises: of the system, of urllib3, of http.client; ValueError when TLS is read after `cut`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotSent:
    """The request was surely not written whole, so the provider cannot have taken it."""

    error: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NoResponse:
    """The request was written, and no whole response came: the provider may have taken it."""

    error: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectionTerms:
    """Where to connect, and how long to wait."""

    url: str
    connect_seconds: float  # to look the host up, for all its addresses, and for TLS
    answer_seconds: float  # from the first octet of the request to the last of the response
    ca_file: Path | None = None  # certificates to trust; None: those of the system

    @property
    def place(self) -> str:
        """Where it connects to, without path and query, which may hold a password."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


class ProviderConnection:
    """A connection of one thread. Only `cut_if_late` and `cut` may be called from others.

    It takes no proxy from the environment and follows no redirect. TLS is always verified.
    """

    def __init__(self, terms: ConnectionTerms) -> None:
        self._terms = terms
        self._connection = _connection_to(terms)
        self._host = self._connection.host
        self._used_at = 0.0
        self._deadline: float | None = None

    def connect(self) -> str | None:
        """Connect, unless a usable connection is there; return why it was not possible."""
        connection = self._connection
        if connection.is_connected and monotonic() - self._used_at < IDLE_SECONDS:
            return None
        connection.close()
        connection.timeout = self._terms.connect_seconds
        try:
            connection.connect()
            connection.timeout = self._terms.answer_seconds  # urllib3 sets it before it reads
            connection.sock.settimeout(self._terms.answer_seconds)
        except _FAILURES as error:
            connection.close()
            return self._why_not_connected(error)
        self._used_at = monotonic()
        return None

    def send(self, request: OutgoingRequest) -> ProviderResponse | NotSent | NoResponse:
        """Send a request, and wait for the whole response until one deadline."""
        error = self.connect()
        if error is not None:
            return NotSent(error=error)
        self._deadline = monotonic() + self._terms.answer_seconds
        try:
            return self._exchange(request)
        finally:
            self._deadline = None
            self._used_at = monotonic()

    def cut_if_late(self) -> None:
        """End the wait for a response that is late, also one of which single octets still arrive."""
        deadline = self._deadline
        if deadline is not None and monotonic() >= deadline:
            self.cut()

    def cut(self) -> None:
        """End everything that waits on this connection."""
        sock = self._connection.sock
        if sock is not None:
            with suppress(OSError):  # closed meanwhile
                sock.shutdown(_BOTH_WAYS)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _exchange(self, request: OutgoingRequest) -> ProviderResponse | NotSent | NoResponse:
        connection = self._connection
        try:
            connection.request(
                request.method,
                request.target,
                body=request.body,
                headers={"User-Agent": "sms-gateway", "Accept-Encoding": "identity", **request.headers},
                preload_content=False,
                decode_content=False,
            )
        except _FAILURES:
            connection.close()
            return NotSent(error="the request could not be written")  # an incomplete request
        try:
            return self._read_response()
        except TimeoutError:
            connection.close()
            return NoResponse(error="no answer")
        except _FAILURES:
            connection.close()
            return NoResponse(error="connection closed")

    def _read_response(self) -> ProviderResponse:
        response = self._connection.getresponse()
        headers = {name.lower(): value for name, value in response.headers.items()}
        body = b""
        while piece := response.read(LARGEST_RESPONSE + 1 - len(body)):
            body += piece
            if len(body) > LARGEST_RESPONSE:
                self._connection.close()
                break
        return ProviderResponse(status=response.status, headers=headers, body=body[:LARGEST_RESPONSE])

    def _why_not_connected(self, error: Exception) -> str:
        """Write the cause as SMPP links do, so that pages can translate it."""
        place = f"{self._host} port {self._connection.port}"
        if isinstance(error, NameResolutionError):
            return f"{self._host}: no such host (it cannot be looked up)"
        cause = error.__cause__ if isinstance(error, HTTPError) else error  # urllib3 names the system's error as cause
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"certificate refused: {cause.verify_message}"
        if isinstance(cause, TimeoutError) or (isinstance(error, ConnectTimeoutError) and cause is None):
            return f"{place}: no answer"
        strerror = cause.strerror if isinstance(cause, OSError) else None
        return f"{place}: {strerror or 'no connection'}"


def _connection_to(terms: ConnectionTerms) -> HTTPConnection:
    parts = urlsplit(terms.url)
    host = parts.hostname or ""
    if parts.scheme == "https":
        ca_file = None if terms.ca_file is None else str(terms.ca_file)
        return TlsConnection(
            host, parts.port, timeout=terms.connect_seconds, cert_reqs="CERT_REQUIRED", ca_certs=ca_file
        )
    return PlainConnection(host, parts.port, timeout=terms.connect_seconds)
