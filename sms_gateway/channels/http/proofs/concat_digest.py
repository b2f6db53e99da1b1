"""A digest over values of the request and a secret, written one after another without anything between them.

Some providers of Viet Nam sign so (eSMS, V-COM, Zalo). It is no HMAC. Values can be shifted between neighbours without
changing the digest, so the ids of a text should be among them.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Literal

from sms_gateway.channels.http.fields import Fields
from sms_gateway.channels.http.proofs.covered import fields_of
from sms_gateway.channels.http.proofs.proof import Proved
from sms_gateway.channels.http.proofs.signature import is_fresh
from sms_gateway.channels.http.request import IncomingRequest

_MILLISECOND_DIGITS = 3


class Piece(Enum):
    """What a digest covers beside fields."""

    SECRET = "secret"  # noqa: S105 - the name of a piece, no secret
    BODY = "body"  # the octets of the body, or of the query of a GET, as they came


@dataclass(frozen=True, kw_only=True, slots=True)
class ConcatDigest:
    """The digest is in a field or in a header, in hexadecimal or Base64: its length shows which.

    Every field that it covers must be in the request.
    """

    algorithm: Literal["md5", "sha256"]
    over: tuple[str | Piece, ...]  # paths of fields, and pieces, in the provider's order
    secret: str = field(repr=False)
    digest_field: str = ""  # the field that holds the digest; empty: a header holds it
    digest_header: str = ""
    prefix: str = ""  # what stands before the digest, such as `mac=`
    stamp_field: str = ""  # a field with the time since 1970; empty: no time is checked
    stamp_in_milliseconds: bool = False  # else in seconds
    seconds: int = 0  # how far the time may be from now

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        """Check a request; None when it proves nothing. The digest is one text's own, as an id is among its values."""
        fields = fields_of(request)
        wanted = self._digest(request, fields)
        given = self._given(request, fields, len(wanted))
        is_whole = all(isinstance(one, Piece) or one in fields for one in self.over)
        if not (hmac.compare_digest(wanted, given) and is_whole and self._is_fresh(fields, now)):
            return None
        return Proved(signature=wanted.hex())

    def _digest(self, request: IncomingRequest, fields: Fields) -> bytes:
        digest = hashlib.new(self.algorithm, usedforsecurity=False)  # the provider's choice, also where it is MD5
        for one in self.over:
            match one:
                case Piece.SECRET:
                    digest.update((self.secret or secrets.token_hex()).encode())
                case Piece.BODY:
                    digest.update(request.content)
                case name:
                    digest.update(fields.get(name, b""))
        return digest.digest()

    def _given(self, request: IncomingRequest, fields: Fields, size: int) -> bytes:
        if self.digest_field:
            # A sender that does not percent-encode the `+` of Base64 makes a blank of it.
            written = fields.get(self.digest_field, b"").decode("ascii", "replace").replace(" ", "+")
        else:
            written = request.header(self.digest_header)
        return octets_of(written.strip().removeprefix(self.prefix), size)

    def _is_fresh(self, fields: Fields, now: datetime) -> bool:
        if not self.stamp_field:
            return True
        stamp = fields.get(self.stamp_field, b"").decode("ascii", "replace")
        in_seconds = stamp[:-_MILLISECOND_DIGITS] if self.stamp_in_milliseconds else stamp
        return is_fresh(in_seconds, now=now, seconds=self.seconds)


def octets_of(written: str, size: int) -> bytes:
    """Return a digest of so many octets, written in hexadecimal or Base64; nothing for what is no such digest.

    >>> octets_of("O85nc2XByOhTm8a8t2rYKA==", 16) == octets_of("3BCE677365c1c8e8539bc6bcb76ad828", 16)
    True
    >>> octets_of("3bce", 16), octets_of("z" * 32, 16), octets_of("", 16)
    (b'', b'', b'')
    """
    try:
        if len(written) == 2 * size:
            return bytes.fromhex(written)
        return b64decode(written, validate=True) if len(written) == 4 * -(-size // 3) else b""
    except ValueError:
        return b""
