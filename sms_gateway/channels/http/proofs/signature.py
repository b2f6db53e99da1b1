"""Signed requests: HMAC-SHA-256 (RFC 2104) over time and content, and a time window outside which a copy is refused.

The signature is over the octets of the timestamp, a full stop, and the body (of a GET: the query as received), in
hexadecimal. Inside the window a copy is recognised by its signature, with any id of the provider.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256

LONGEST_STAMP = 12


def is_signed(*, secret: str, stamp: str, content: bytes, signature: str) -> bool:
    """Return whether the signature was made with this secret; takes the same time for every wrong one.

    >>> is_signed(secret="k", stamp="1", content=b"", signature="00")
    False
    """
    wanted = sign(secret=secret, stamp=stamp, content=content)
    return hmac.compare_digest(wanted.encode(), bare(signature).encode("utf-8", "replace"))


def bare(signature: str) -> str:
    """Return a signature in the one form in which `sign` writes it.

    >>> bare("sha256=0A1B")
    '0a1b'
    """
    return signature.removeprefix("sha256=").lower()


def sign(*, secret: str, stamp: str, content: bytes) -> str:
    """Return the signature in hexadecimal."""
    return hmac.new(secret.encode(), stamp.encode("utf-8", "replace") + b"." + content, sha256).hexdigest()


def is_fresh(stamp: str, *, now: datetime, seconds: int) -> bool:
    """Return whether a timestamp (seconds since 1970) is within so many seconds of now, before or after.

    >>> from datetime import UTC
    >>> noon = datetime.fromtimestamp(1000, tz=UTC)
    >>> [is_fresh(stamp, now=noon, seconds=300) for stamp in ("700", "1300", "699", "1301", "", "1e3", "-1")]
    [True, True, False, False, False, False, False]
    """
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= LONGEST_STAMP):
        return False
    return abs(now.timestamp() - int(stamp)) <= seconds
