"""The keys that encrypt personal data in rows, and the keyed hashes (marks) by which encrypted data is found.

Sealing is AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. The key's number comes first. The table and column
are associated data, so a value that is moved to another column cannot be decrypted. A mark is HMAC-SHA-256 (RFC 2104),
cut to 16 octets, with a key of its own. Equal values have equal marks, and a mark shows nothing else.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_OCTETS = 32
NONCE_OCTETS = 12
MARK_OCTETS = 16
_KEY_NUMBER_OCTETS = 2
_BLOCK_OCTETS = 64  # of SHA-256
_INNER = bytes(octet ^ 0x36 for octet in range(256))
_OUTER = bytes(octet ^ 0x5C for octet in range(256))
_OFTEN = frozenset({b"phone", b"area"})  # marked again and again on one pipeline: a number by each step that needs it
_MARKS_REMEMBERED = 2048  # a few rounds of texts


class SealBrokenError(Exception):
    """A sealed value does not open: another key, another column, or damaged. Stop, and look for the right key file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seals:
    """The sealing keys in use: replaced as a whole, so that a thread sees the old ones or the new ones."""

    ciphers: Mapping[int, AESGCM]
    current: int
    head: bytes


class Keyring:
    """The sealing keys by number, the one that seals now, and the key of the marks.

    Without `current` the greatest number seals. `renew` is asked for the keys anew when a value was sealed with a
    number that is not known: another process made a key meanwhile. None when there is nowhere to ask.
    """

    def __init__(self, *, keys: Mapping[int, bytes], mark_key: bytes, current: int | None = None) -> None:
        if not keys or any(len(key) != KEY_OCTETS for key in (*keys.values(), mark_key)):
            raise ValueError("a keyring needs at least one sealing key and a mark key, each of 32 octets")
        current = max(keys) if current is None else current
        self._seals = _Seals(
            ciphers={number: AESGCM(_derive(key, b"sms-gateway seal")) for number, key in keys.items()},
            current=current,
            head=current.to_bytes(_KEY_NUMBER_OCTETS, "big"),
        )
        self._mark_key = _derive(mark_key, b"sms-gateway mark")
        # HMAC with the key's blocks hashed once (RFC 2104 §4): a mark costs 1 us instead of 2, a text has five.
        block = self._mark_key.ljust(_BLOCK_OCTETS, b"\0")
        self._inner = sha256(block.translate(_INNER))
        self._outer = sha256(block.translate(_OUTER))
        self._remembered = lru_cache(_MARKS_REMEMBERED)(self._mark)
        self.renew: Callable[[], Keyring | None] = _nowhere

    @property
    def current(self) -> int:
        """Return the number of the key that seals now."""
        return self._seals.current

    @property
    def numbers(self) -> frozenset[int]:
        """Return the numbers of the keys that open what is stored."""
        return frozenset(self._seals.ciphers)

    def adopt(self, other: Keyring) -> bool:
        """Take over another's sealing keys; False, and nothing is changed, when its marks are not ours."""
        if not hmac.compare_digest(self._mark_key, other._mark_key):
            return False
        self._seals = other._seals
        return True

    def seal(self, clear: bytes, place: bytes) -> bytes:
        """Seal octets for one place (`table.column`)."""
        nonce = os.urandom(NONCE_OCTETS)
        seals = self._seals
        return seals.head + nonce + seals.ciphers[seals.current].encrypt(nonce, clear, place)

    def seal_all(self, clears: Sequence[bytes | None], place: bytes) -> Sequence[bytes | None]:
        """Seal a column of octets for one place; None stays None."""
        seals = self._seals
        head, encrypt = seals.head, seals.ciphers[seals.current].encrypt
        random = os.urandom(NONCE_OCTETS * len(clears))  # at once: the system's call is half of what a seal costs
        sealed: list[bytes | None] = []
        for start, clear in zip(range(0, len(random), NONCE_OCTETS), clears, strict=True):
            nonce = random[start : start + NONCE_OCTETS]
            sealed.append(None if clear is None else head + nonce + encrypt(nonce, clear, place))
        return sealed

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """Open what `seal` made for the same place; raises SealBrokenError."""
        number = key_number(sealed)
        cipher = self._seals.ciphers.get(number) or self._renewed(number)
        if cipher is None:
            raise SealBrokenError(f"no key number {number} in the key file")
        try:
            start = _KEY_NUMBER_OCTETS + NONCE_OCTETS
            return cipher.decrypt(sealed[_KEY_NUMBER_OCTETS:start], sealed[start:], place)
        except (InvalidTag, ValueError) as error:
            raise SealBrokenError(f"a value of {place.decode()} does not open with key number {number}") from error

    def _renewed(self, number: int) -> AESGCM | None:
        other = self.renew()
        if other is None or not self.adopt(other):
            return None
        return self._seals.ciphers.get(number)

    def mark(self, subject: bytes, value: bytes) -> bytes:
        """Make the mark of a value; the subject (`phone`, `id_number`) keeps marks of different kinds apart."""
        return self._remembered(subject, value) if subject in _OFTEN else self._mark(subject, value)

    def _mark(self, subject: bytes, value: bytes) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(subject + b"\0" + value)
        outer.update(inner.digest())
        return outer.digest()[:MARK_OCTETS]


def key_number(sealed: bytes) -> int:
    """Return the number of the key that a value was sealed with."""
    return int.from_bytes(sealed[:_KEY_NUMBER_OCTETS], "big")


def _nowhere() -> Keyring | None:
    return None


def new_key() -> bytes:
    """Make a random key."""
    return os.urandom(KEY_OCTETS)


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_OCTETS, salt=None, info=purpose).derive(key)
