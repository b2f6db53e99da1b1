"""Twilio's proof: an HMAC over the URL that it called and the fields of the form, sorted."""

from __future__ import annotations

import hmac
import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from sms_gateway.channels.http.proofs.covered import form_pairs
from sms_gateway.channels.http.proofs.proof import Proved, fits
from sms_gateway.channels.http.request import IncomingRequest

_DIGESTS = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, kw_only=True, slots=True)
class UrlAndForm:
    """HMAC over the URL, then name and value of each field of a POST; in Base64. A value that comes twice counts once.

    The URL is `IncomingRequest.url`. Twilio writes the port into it or leaves it out; both fit.
    """

    secret: str = field(repr=False)
    header: str
    settings_header: str  # names the digest; a request without it is signed with HMAC-SHA-1

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        """Check a request; None when it proves nothing. The signature covers the id, so each text has its own."""
        del now
        pairs = () if request.method == "GET" else form_pairs(request.read_body())
        digest = _DIGESTS.get(_algorithm(request.header(self.settings_header)))
        if pairs is None or digest is None or not request.url:
            return None
        signed = b"".join(name + value for name, value in sorted(set(pairs)))
        given, secret = request.header(self.header), self.secret or secrets.token_hex()
        for url in _with_port_and_without(request.url):
            made = hmac.new(secret.encode(), url.encode("latin-1", "replace") + signed, digest).digest()
            if fits(given, b64encode(made).decode()):
                return Proved(signature=given)
        return None


def _algorithm(written: str) -> str:
    """Return what `key=…,algorithm=HMAC_SHA256` names."""
    parts = (part.partition("=") for part in written.split(","))
    named = [value.strip() for name, _, value in parts if name.strip() == "algorithm" and value.strip()]
    return named[0].upper() if named else "HMAC_SHA1"


def _with_port_and_without(url: str) -> tuple[str, str]:
    """Return both ways to write a URL.

    >>> _with_port_and_without("https://sms.example/mo/tw?a=1")
    ('https://sms.example/mo/tw?a=1', 'https://sms.example:443/mo/tw?a=1')
    """
    parts = urlsplit(url)
    host, colon, port = parts.netloc.rpartition(":")
    if colon and port.isdigit():
        return url, url.replace(parts.netloc, host, 1)
    return url, url.replace(parts.netloc, f"{parts.netloc}:{_PORTS.get(parts.scheme, 80)}", 1)
