"""How a request proves who sent it. A proof reads the octets as received, before anything takes them apart.

Every comparison takes the same time for all wrong values, and a secret that is not set matches nothing.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from sms_gateway.channels.http.request import IncomingRequest
from sms_gateway.channels.http.signature import bare, is_fresh, is_signed


@dataclass(frozen=True, kw_only=True, slots=True)
class Proved:
    """The request is proven. With a signature of its own, a copy of it is recognised by that."""

    signature: str | None = None


class Proof(Protocol):
    """One way to prove who sent a request."""

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        """Check a request; None when it proves nothing."""


def fits(given: str, wanted: str) -> bool:
    """Compare a secret with that of the settings, in the same time for all that do not fit.

    >>> fits("secret", "secret"), fits("Secret", "secret"), fits("", "")
    (True, False, False)
    """
    # Digests have one length, so that the time does not show the length of the secret.
    return hmac.compare_digest(_digest(given), _digest(wanted or secrets.token_hex()))


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedHeader:
    """The secret is the value of a header."""

    header: str
    secret: str = field(repr=False)

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        """Check a request; None when it proves nothing."""
        del now
        return Proved() if fits(request.header(self.header), self.secret) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class BasicPassword:
    """The secret is the password of HTTP Basic (RFC 7617); any user name is taken."""

    secret: str = field(repr=False)

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        """Check a request; None when it proves nothing."""
        del now
        return Proved() if fits(request.read_password(), self.secret) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class PathSecret:
    """The secret is in the URL, after the channel's name: for networks that have no other proof."""

    secret: str = field(repr=False)

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        """Check a request; None when it proves nothing."""
        del now
        return Proved() if fits(request.path_secret, self.secret) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class StampedSignature:
    """HMAC-SHA-256 over a timestamp, a full stop and the content (`sms_gateway.channels.http.signature`)."""

    secret: str = field(repr=False)
    seconds: int  # how far the timestamp may be from now
    stamp_header: str = "X-Timestamp"
    signature_header: str = "X-Signature"

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        """Check a request; None when it proves nothing."""
        stamp, signature = request.header(self.stamp_header), request.header(self.signature_header)
        secret = self.secret or secrets.token_hex()
        signed = is_signed(secret=secret, stamp=stamp, content=request.content, signature=signature)
        return Proved(signature=bare(signature)) if signed and is_fresh(stamp, now=now, seconds=self.seconds) else None


def _digest(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
