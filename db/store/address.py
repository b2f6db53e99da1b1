"""Addresses: the stored address of a citizen, of each kind.

A telephone number is stored as its bare digits. An address of any other kind is stored as `kind:value`. So two kinds
never have the same stored text or the same keyed hash.
"""

from __future__ import annotations

import re
from typing import NewType

Address = NewType("Address", str)
"""The sender or recipient of a text as stored: `84905123456`, or `kind:value` of another kind."""

Msisdn = NewType("Msisdn", Address)
"""A subscriber number in international form without plus: digits only, `84905123456` (E.164)."""

TEL = "tel"
"""The kind of telephone numbers, which are stored without it."""

MAX_ADDRESS_CHARACTERS = 24
"""As long as the column of our own addresses, and the longest number that an HTTP channel may send."""

_SEPARATOR = ":"
_KIND = re.compile(r"[a-z]{2,8}", re.ASCII)
_VALUE = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
_INSTEAD = "."


def address_of(kind: str, value: str) -> Address | None:
    """Return the stored text of an address that is no telephone number; None for a value that cannot be one.

    Raises ValueError for an invalid name of a kind: our mistake.

    >>> address_of("zalo", "6142494823000001"), address_of("zalo", "no value"), address_of("zalo", "")
    ('zalo:6142494823000001', None, None)
    """
    if kind == TEL or not is_kind(kind):
        raise ValueError(f"{kind!r} is no name of a kind; use 2 to 8 small letters, and not {TEL!r}")
    stored = f"{kind}{_SEPARATOR}{value}"
    if len(stored) > MAX_ADDRESS_CHARACTERS or _VALUE.fullmatch(value) is None:
        return None
    return Address(stored)


def is_kind(name: str) -> bool:
    """Return whether a kind of addresses can have this name.

    >>> [is_kind(name) for name in ("tel", "zalo", "Zalo", "z", "zalo:")]
    [True, True, False, False, False]
    """
    return _KIND.fullmatch(name) is not None


def kind_of(stored: str) -> str:
    """Return the name of an address's kind; what names no kind is a telephone number, or a sender's name.

    >>> kind_of("84905123456"), kind_of("zalo:6142494823000001")
    ('tel', 'zalo')
    """
    kind, separator, _ = stored.partition(_SEPARATOR)
    return kind if separator else TEL


def value_of(stored: str) -> str:
    """Return an address as its channel knows it, without the name of its kind.

    >>> value_of("84905123456"), value_of("zalo:6142494823000001")
    ('84905123456', '6142494823000001')
    """
    return stored.rpartition(_SEPARATOR)[2]


def as_msisdn(address: str) -> Msisdn | None:
    """Return a stored address as the telephone number that it is; None for any other kind, and for a sender's name.

    >>> as_msisdn("84905123456"), as_msisdn("zalo:6142494823000001"), as_msisdn("VIETTEL")
    ('84905123456', None, None)
    """
    return Msisdn(Address(address)) if address.isdecimal() and address.isascii() else None


def as_name(raw: str) -> str:
    """Return how a sender is stored that has no address: as received, but never like an address of another kind.

    Anybody can send an SMS under the name `zalo:1`. It must not be stored with the texts of that address.

    >>> as_name("VIETTEL"), as_name("zalo:6142494823000001")
    ('VIETTEL', 'zalo.6142494823000001')
    """
    return raw.replace(_SEPARATOR, _INSTEAD)
