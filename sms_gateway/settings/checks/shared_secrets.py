"""Channels with one secret: what proves the aggregator of the one would prove that of the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from pydantic import SecretStr

from sms_gateway.settings.faults import Fault
from sms_gateway.settings.link_model import ChannelSettings


def shared_secrets(channels: Mapping[str, ChannelSettings]) -> Iterator[Fault]:
    """Find them."""
    for (one, first), (other, second) in combinations(channels.items(), 2):
        for name in ("secret", "path_secret"):
            given: SecretStr = getattr(first, name)
            if given.get_secret_value() and given == getattr(second, name):
                wrong = f"is the {name} of channels.{one} too; each could pass for the other"
                yield Fault(where=f"channels.{other}.{name}", wrong=wrong, fix="give each channel a secret of its own")
