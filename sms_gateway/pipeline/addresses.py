"""The kinds of addresses: how a sender of each kind is read, and how its address is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from db.store.address import TEL, Address, kind_of
from sms_gateway.country import mask_number, read_sender


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressKind:
    """One kind of address. A channel names the kind of the senders whose texts it takes."""

    name: str
    """What stands before the value in a stored address (db.store.address.address_of)."""
    read: Callable[[str], Address | None]
    """Reads a sender as the channel gives it; None for one that must not be answered."""
    mask: Callable[[str], str]
    """Hides in a stored address what leads to a person."""


PHONES = AddressKind(name=TEL, read=read_sender, mask=mask_number)
"""Telephone numbers, and whatever else stands where a carrier gives one: a short code, a name."""


class AddressKinds:
    """Every kind that the service knows; made once."""

    def __init__(self, kinds: Iterable[AddressKind]) -> None:
        self._by_name = {kind.name: kind for kind in kinds}

    def mask(self, stored: str) -> str:
        """Return a stored sender or recipient as pages show it. Of a kind that is not known, only the kind is shown."""
        name = kind_of(stored)
        kind = self._by_name.get(name)
        return f"{name}:***" if kind is None else kind.mask(stored)

    def read(self, typed: str) -> Address | None:
        """Read what somebody looks for: a telephone number in any writing, or an address of another kind as stored.

        None for what is no address of a known kind.
        """
        name, separator, value = typed.strip().partition(":")
        kind = self._by_name.get(name if separator else TEL)
        return None if kind is None else kind.read(value if separator else typed)


ADDRESS_KINDS = AddressKinds((PHONES,))
"""Every kind of the product."""
