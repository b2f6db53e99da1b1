"""Operators' passwords: hashed with argon2id (RFC 9106), as strongly as the one-time ones that handlers make."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_CHARACTERS = 12
"""Length is what counts (NIST SP 800-63B §5.1.1.2); nothing else is demanded."""

MOST_CHARACTERS = 200

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # 19 MiB: OWASP's least for argon2id
_SLOTS = BoundedSemaphore(2)


@contextmanager
def hashing_slot() -> Iterator[bool]:
    """Give one of two slots for hashing a stranger's password, or False at once when both are taken.

    A crowd at the log-in must take neither the memory nor the threads that citizens' texts come in by.
    """
    taken = _SLOTS.acquire(blocking=False)
    try:
        yield taken
    finally:
        if taken:
            _SLOTS.release()


def hash_password(clear: str) -> str:
    """Return the argon2id hash in PHC string format; takes tens of milliseconds."""
    return _HASHER.hash(clear)


def password_fits(hashed: str | None, clear: str) -> bool:
    """Tell whether this is the password; without a hash the answer is no, after the same time."""
    if hashed is None:
        _HASHER.hash(clear)  # as long as a comparison, so that the time does not tell who exists
        return False
    try:
        return _HASHER.verify(hashed, clear)
    except (VerificationError, InvalidHashError):
        return False


def is_long_enough(clear: str) -> bool:
    """Tell whether a new password may be taken."""
    return LEAST_CHARACTERS <= len(clear) <= MOST_CHARACTERS
