"""The code of an authorisation, and PKCE: proof that who brings the code also asked for it (RFC 7636)."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

_VERIFIER_OCTETS = 32


def new_verifier() -> str:
    """Return a secret of 43 characters, as RFC 7636 §4.1 wants it."""
    return secrets.token_urlsafe(_VERIFIER_OCTETS)


def challenge_of(verifier: str) -> str:
    """Return the challenge of a verifier, method S256. The example is that of RFC 7636 appendix B.

    >>> challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    """
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def code_in(pasted: str, state: str) -> str | None:
    """Return the code in what was pasted: the code alone, or an address of this try with the code in its query.

    >>> code_in("c1", "s1"), code_in("https://city.example/?code=c1&state=s1", "s1")
    ('c1', 'c1')
    >>> code_in("", "s1"), code_in("https://city.example/?code=c1&state=s2", "s1")
    (None, None)
    """
    if "://" not in pasted:
        return pasted or None
    fields = parse_qs(urlsplit(pasted).query)
    is_ours = hmac.compare_digest(fields.get("state", [""])[0].encode(), state.encode())
    return fields.get("code", [None])[0] if is_ours else None
