"""What a proof is: it reads the octets of a request as received, before anything takes them apart.

Every comparison takes the same time for all wrong values, and a secret that is not set matches nothing.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from sms_gateway.channels.http.request import IncomingRequest


@dataclass(frozen=True, kw_only=True, slots=True)
class Proved:
    """The request is proven. With a signature of its own, a copy of it is recognised by that."""

    signature: str | None = None
    is_watched: bool = False  # its signature did not fit, and was not needed: `proof = "watch"`


class Proof(Protocol):
    """One way to prove who sent a request."""

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        """Check a request; None when it proves nothing."""


def nobody(request: IncomingRequest, now: datetime, /) -> Proved | None:
    """Refuse every request: the proof of a network that only sends."""
    del request, now
    return None


def fits(given: str, wanted: str) -> bool:
    """Compare a secret with that of the settings, in the same time for all that do not fit.

    >>> fits("secret", "secret"), fits("Secret", "secret"), fits("", "")
    (True, False, False)
    """
    # Digests have one length, so that the time does not show the length of the secret.
    return hmac.compare_digest(_digest(given), _digest(wanted or secrets.token_hex()))


def _digest(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
