"""The HTTP channels of the demo: each with a simulated provider of its network on the other side."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from sms_gateway.channels.http.network import with_options
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.clock import Now
from sms_gateway.demo.provider import SimulatedProvider
from sms_gateway.demo.provider.networks import COUNTERPARTS
from sms_gateway.demo.simulated_handset import SimulatedWay
from sms_gateway.settings.link_model import ChannelSettings

AGGREGATOR = "aggregator"
ZALO = "zalo"


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoChannel:
    """A channel, and the provider that plays its other side."""

    settings: ChannelSettings
    provider: SimulatedProvider
    way: SimulatedWay


def demo_channels(now: Now) -> Mapping[str, DemoChannel]:
    """Make the channels of the demo by name, with providers that listen and are not started."""
    aggregator = ChannelSettings(secret=_new_secret(), password=_new_secret())
    zalo = ChannelSettings(
        network="zalo", secret=_new_secret(), password=_new_secret(), options={"app_id": "1234567890"}
    )
    return {
        AGGREGATOR: _demo_channel(AGGREGATOR, "HTTP", aggregator, now),
        ZALO: _demo_channel(ZALO, "Zalo", zalo, now),
    }


def _demo_channel(name: str, title: str, given: ChannelSettings, now: Now) -> DemoChannel:
    network = NETWORKS[given.network]
    settings = with_options(given, network)
    counterpart = COUNTERPARTS[network.name](settings)
    provider = SimulatedProvider(name, counterpart, now=now)

    def address(number: str) -> str:
        known = network.sender_kind.read(counterpart.address(number))
        return "" if known is None or known == number else known

    way = SimulatedWay(title=title, network=provider, address=address, is_sms=counterpart.is_sms)
    return DemoChannel(settings=counterpart.at(provider.url, settings), provider=provider, way=way)


def _new_secret() -> SecretStr:
    return SecretStr(secrets.token_urlsafe(24))
