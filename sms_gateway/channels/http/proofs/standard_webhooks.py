"""Signatures of Standard Webhooks (standardwebhooks.com, version 1): HMAC-SHA-256 over id, time and body."""

from __future__ import annotations

import binascii
import hmac
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sms_gateway.channels.http.proofs.proof import Proved, fits
from sms_gateway.channels.http.proofs.signature import is_fresh
from sms_gateway.channels.http.request import IncomingRequest

PREFIX = "whsec_"
VERSION = "v1,"

MOST_SIGNATURES = 8
"""Signatures in one header that are compared: while a secret is changed, a sender signs with both."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StandardWebhook:
    """The headers webhook-id, webhook-timestamp and webhook-signature; the secret is `whsec_` and Base64."""

    secret: str = field(repr=False)
    seconds: int  # how far the timestamp may be from now

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        """Check a request; None when it proves nothing. A repetition has the same id, so the id is its mark."""
        if request.method == "GET":
            return None  # nothing covers the query
        name, stamp = request.header("webhook-id"), request.header("webhook-timestamp")
        key = key_of(self.secret) or secrets.token_bytes()
        wanted = sign(key=key, name=name, stamp=stamp, body=request.read_body())
        given = request.header("webhook-signature").split(" ")[:MOST_SIGNATURES]
        fitting = [one for one in given if fits(one, wanted)]
        if not (fitting and name and is_fresh(stamp, now=now, seconds=self.seconds)):
            return None
        return Proved(signature=sha256(name.encode()).hexdigest())


def key_of(secret: str) -> bytes | None:
    """Return the octets of a secret; None when it is no Base64, and then nothing fits.

    >>> key_of("whsec_c2VjcmV0"), key_of("no Base64"), key_of("")
    (b'secret', None, None)
    """
    written = secret.removeprefix(PREFIX).rstrip("=")
    try:
        return b64decode(written + "=" * (-len(written) % 4), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def sign(*, key: bytes, name: str, stamp: str, body: bytes) -> str:
    """Return the signature as the header holds it.

    >>> sign(key=b"secret", name="msg_1", stamp="1700000000", body=b"{}")
    'v1,A5oIrJxXPB/PkULSoVu0e4khvPiqpF9vljmhkSKg0FI='
    """
    signed = f"{name}.{stamp}.".encode("utf-8", "replace") + body
    return VERSION + b64encode(hmac.new(key, signed, sha256).digest()).decode()
