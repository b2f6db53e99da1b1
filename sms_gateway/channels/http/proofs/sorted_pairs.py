"""Vonage's proof: an HMAC over all fields, sorted by their names; the signature is a field itself."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from sms_gateway.channels.http.fields import Fields
from sms_gateway.channels.http.proofs.covered import fields_of
from sms_gateway.channels.http.proofs.proof import Proved, fits
from sms_gateway.channels.http.proofs.signature import is_fresh
from sms_gateway.channels.http.request import IncomingRequest

DIGESTS = ("sha256", "sha512", "sha1", "md5")
_IN_PAIRS = bytes.maketrans(b"&=", b"__")


@dataclass(frozen=True, kw_only=True, slots=True)
class SortedPairs:
    """HMAC over `&name=value` of each field, in hexadecimal. `&` and `=` in a value count as `_`.

    What is signed are the fields as the endpoint reads them: of a name that comes twice, the first value.
    """

    secret: str = field(repr=False)
    digest: str  # one of DIGESTS
    seconds: int  # how far the timestamp may be from now
    signature: str = "sig"
    stamp: str = "timestamp"

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        """Check a request; None when it proves nothing. The signature covers a nonce, so each text has its own."""
        fields = fields_of(request)
        if any("&" in name or "=" in name for name in fields):
            return None
        given = _word(fields, self.signature).lower()
        made = sign(fields, secret=self.secret or secrets.token_hex(), digest=self.digest, without=self.signature)
        is_proven = fits(given, made) and is_fresh(_word(fields, self.stamp), now=now, seconds=self.seconds)
        return Proved(signature=given) if is_proven else None


def sign(fields: Fields, *, secret: str, digest: str, without: str) -> str:
    """Return the signature of fields, but for that which holds it.

    >>> sign({"b": b"2&", "a": b"1", "sig": b""}, secret="k", digest="md5", without="sig")
    'e65f5db709424043b4872f8e7376cd74'
    """
    made = hmac.new(secret.encode(), digestmod=digest)
    for name in sorted(fields):
        if name != without:
            made.update(b"&%s=%s" % (name.encode("utf-8", "surrogatepass"), fields[name].translate(_IN_PAIRS)))
    return made.hexdigest()


def _word(fields: Fields, name: str) -> str:
    return fields.get(name, b"").decode("ascii", "replace")
