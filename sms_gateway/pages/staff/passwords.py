"""Operators' passwords: hashed with argon2id (RFC 9106), as strongly as the first passwords of citizens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sms_gateway.pages.staff.common_passwords import SERVICE_WORDS, is_made_of, is_repeated, plain_letters

LEAST_CHARACTERS = 12
"""Length is what counts (NIST SP 800-63B §5.1.1.2); no kinds of characters are required, common passwords are
refused."""

MOST_CHARACTERS = 200

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # 19 MiB: OWASP's minimum for argon2id
_SLOTS = BoundedSemaphore(2)


@contextmanager
def hashing_slot() -> Iterator[bool]:
    """Give one of two slots for hashing a stranger's password, or False at once when both are in use.

    A crowd at the log-in must not take memory or threads from citizens' texts.
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
    """Return whether this is the password; without a hash the answer is no, after the same time."""
    if hashed is None:
        _HASHER.hash(clear)  # as long as a comparison, so that the time does not show who exists
        return False
    try:
        return _HASHER.verify(hashed, clear)
    except (VerificationError, InvalidHashError):
        return False


class Weak(StrEnum):
    """Why a new password is not taken."""

    SHORT = "short"
    LONG = "long"
    REPEATED = "repeated"  # few characters, or one piece repeated
    COMMON = "common"  # of common words, runs of the keyboard, years
    OWN_WORDS = "own_words"  # the same, with the operator's name or words of the service


def weakness(clear: str, name: str) -> Weak | None:
    """Return why this operator may not use a new password; None for a good one."""
    if len(clear) < LEAST_CHARACTERS:
        return Weak.SHORT
    if len(clear) > MOST_CHARACTERS:
        return Weak.LONG
    if is_repeated(clear):
        return Weak.REPEATED
    if is_made_of(clear):
        return Weak.COMMON
    return Weak.OWN_WORDS if is_made_of(clear, (*words_of_name(name), *SERVICE_WORDS)) else None


def words_of_name(name: str) -> list[str]:
    """Return an operator's name and its parts, as passwords are compared with them.

    >>> words_of_name("hậu.lê-07")
    ['haule07', 'hau', 'le', '07']
    """
    parts = [part for part in re.split(r"[\W_]+", plain_letters(name)) if len(part) > 1]
    return ["".join(parts), *parts] if len(parts) > 1 else parts
