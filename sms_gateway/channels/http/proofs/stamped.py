"""The proof of this project: a signature over a timestamp and the content."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from sms_gateway.channels.http.proofs.proof import Proved
from sms_gateway.channels.http.proofs.signature import bare, is_fresh, is_signed
from sms_gateway.channels.http.request import IncomingRequest


@dataclass(frozen=True, kw_only=True, slots=True)
class StampedSignature:
    """HMAC-SHA-256 over a timestamp, a full stop and the content (`sms_gateway.channels.http.proofs.signature`)."""

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
