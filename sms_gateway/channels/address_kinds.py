"""The table of the kinds of addresses; each channel may bring one."""

from __future__ import annotations

from collections.abc import Iterable

from db.store.address import TEL, Address, kind_of
from sms_gateway.channels.http.network import Networks
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.pipeline.addresses import PHONES, AddressKind


class AddressKinds:
    """Every kind that the service knows; made once. Raises ValueError when two different kinds have the same name."""

    def __init__(self, kinds: Iterable[AddressKind]) -> None:
        self._by_name: dict[str, AddressKind] = {}
        for kind in kinds:
            if self._by_name.setdefault(kind.name, kind) != kind:
                raise ValueError(f"two kinds of addresses are called {kind.name!r}")

    def mask(self, stored: str) -> str:
        """Return a stored sender or recipient as pages show it. Of an unknown kind, only the kind is shown."""
        name = kind_of(stored)
        kind = self._by_name.get(name)
        return f"{name}:***" if kind is None else kind.mask(stored)

    def read(self, typed: str) -> Address | None:
        """Read an address that somebody searches: a telephone number in any notation, or another kind as stored.

        None for what is no address of a known kind.
        """
        name, separator, value = typed.strip().partition(":")
        kind = self._by_name.get(name if separator else TEL)
        return None if kind is None else kind.read(value if separator else typed)


def address_kinds(networks: Networks) -> AddressKinds:
    """Return the kinds of addresses that these networks bring, and telephone numbers."""
    return AddressKinds((PHONES, *(network.sender_kind for network in networks.values())))


ADDRESS_KINDS = address_kinds(NETWORKS)
"""Every kind of the product."""
