"""New keys of API clients, and new secrets of their signatures: made here, shown once, stored as hashes or sealed."""

from __future__ import annotations

import secrets
from base64 import b64encode
from dataclasses import dataclass, field

KEY_PREFIX = "sgk_"
SECRET_PREFIX = "whsec_"  # noqa: S105 - what Standard Webhooks puts before every secret

_OCTETS = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientKeys:
    """What proves a client, in clear: to show once."""

    key: str = field(repr=False)
    secret: str | None = field(default=None, repr=False)


def new_keys(*, signs: bool) -> ClientKeys:
    """Make a random key, and a secret if the client signs."""
    key = KEY_PREFIX + secrets.token_urlsafe(_OCTETS)
    secret = SECRET_PREFIX + b64encode(secrets.token_bytes(_OCTETS)).decode()
    return ClientKeys(key=key, secret=secret if signs else None)
