"""What a kind of address is: how its senders are read, and how their addresses are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from db.store.address import TEL, Address, is_kind
from db.store.phone_numbers import mask_number, read_sender


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressKind:
    """One kind of address. A channel names the kind of the senders whose texts it takes."""

    name: str
    """What is before the value in a stored address (db.store.address.address_of)."""
    read: Callable[[str], Address | None]
    """Reads a sender as the channel gives it; None for one that must not be answered."""
    mask: Callable[[str], str]
    """Hides in a stored address what identifies a person."""

    def __post_init__(self) -> None:
        """Refuse a name that no stored address can begin with."""
        if not is_kind(self.name):
            raise ValueError(f"the name of a kind of addresses has 2 to 8 small letters: {self.name!r}")


PHONES = AddressKind(name=TEL, read=read_sender, mask=mask_number)
"""Telephone numbers, and anything else in place of one: a short code, a name."""
