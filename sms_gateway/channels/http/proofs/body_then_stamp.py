"""The proof of SMS Gateway for Android: a signature over the body and, right after it, a timestamp."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sms_gateway.channels.http.proofs.proof import Proved
from sms_gateway.channels.http.proofs.signature import is_fresh
from sms_gateway.channels.http.request import IncomingRequest


@dataclass(frozen=True, kw_only=True, slots=True)
class BodyThenStamp:
    """HMAC-SHA-256 over the content and the timestamp, in hexadecimal, with nothing between them.

    Its headers have the names of those of `StampedSignature`, which signs something else.
    """

    secret: str = field(repr=False)
    seconds: int  # how far the timestamp may be from now
    stamp_header: str = "X-Timestamp"
    signature_header: str = "X-Signature"

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        """Check a request; None when it proves nothing."""
        stamp, given = request.header(self.stamp_header), request.header(self.signature_header).lower()
        wanted = sign(secret=self.secret or secrets.token_hex(), content=request.content, stamp=stamp)
        signed = hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace"))
        return Proved(signature=wanted) if signed and is_fresh(stamp, now=now, seconds=self.seconds) else None


def sign(*, secret: str, content: bytes, stamp: str) -> str:
    """Return the signature in hexadecimal.

    >>> sign(secret="key", content=b"{}", stamp="1700000000")[:12]
    '93800482ca28'
    """
    return hmac.new(secret.encode(), content + stamp.encode("utf-8", "replace"), sha256).hexdigest()
