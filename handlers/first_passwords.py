"""First passwords: random, easy to type on a small phone, kept as argon2id only."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from handlers.context import FirstPassword

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without i, l, o, 0, 1, which look alike on small screens, and without capitals, which need extra presses."""
LETTERS = 10
"""31 to the tenth is 8e14: 49 bits, for a password that is valid for a few days and hashed with argon2id."""


def prepare() -> FirstPassword:
    """Make a random first password and hash it; tens of milliseconds and 19 MiB, so not inside a transaction."""
    clear = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
    return FirstPassword(clear=clear, hashed=_hasher().hash(clear))


def fits(clear: str, hashed: str | None) -> bool:
    """Return whether a password fits a hash. Without a hash nothing fits, and the time is the same."""
    try:
        _hasher().verify(hashed or _of_nobody(), clear)
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None


@cache
def _of_nobody() -> str:
    """Make a hash with the same costs as those of citizens, of a password that nobody has."""
    return _hasher().hash(secrets.token_hex())


@cache
def _hasher() -> PasswordHasher:
    # 19 MiB, two passes, one lane: OWASP's minimum for argon2id. RFC 9106 §4 asks for more memory than a small machine
    # has beside the pipeline.
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
