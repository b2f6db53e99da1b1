"""The settings of channels against their networks: what does not match, and what each network needs."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import SecretStr

from sms_gateway.channels.http.network import Network, Networks
from sms_gateway.settings.catalogue import settings_of
from sms_gateway.settings.faults import Fault, did_you_mean
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import Settings


def network_faults(settings: Settings, networks: Networks) -> Iterator[Fault]:
    """Find channels whose network does not exist or needs something else."""
    for name, channel in settings.channels.items():
        place = f"channels.{name}"
        network = networks.get(channel.network)
        if network is None:
            near = did_you_mean(channel.network, networks)
            fix = f"did you mean {near}?" if near else f"write one of {', '.join(sorted(networks))}"
            yield Fault(where=f"{place}.network", wrong="there is no such network", fix=fix)
        else:
            yield from _of_network(place, channel, network)


def _of_network(place: str, channel: ChannelSettings, network: Network) -> Iterator[Fault]:
    if channel.can.send and network.departure is None:
        wrong = f"the network {network.name} cannot send"
        yield Fault(where=f"{place}.send_url", wrong=wrong, fix="remove it, and name a link in reply_link")
    for name in network.needs:
        if not _is_given(channel, name):
            setting = settings_of("channels")[name]
            by_file = f"set {setting.variable(place.partition('.')[2])} or {name}_file"
            fix = by_file if setting.is_secret else f"write {setting.form}"
            wrong = f"is missing, and the network {network.name} needs it"
            yield Fault(where=f"{place}.{name}", wrong=wrong, fix=fix)
    for name in sorted(channel.options.keys() - network.options.keys()):
        near = did_you_mean(name, network.options)
        fix = f"did you mean {near}?" if near else "remove it"
        yield Fault(where=f"{place}.options", wrong=f"entry {_shown(channel, name)} is none of this network", fix=fix)
    for name, option in network.options.items():
        if option.default is None and not channel.options.get(name):
            fix = f'write options = {{ {name} = "…" }}: {option.description}'
            yield Fault(where=f"{place}.options", wrong=f"{name} is missing", fix=fix)


def _is_given(channel: ChannelSettings, name: str) -> bool:
    value: object = getattr(channel, name)
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


def _shown(channel: ChannelSettings, name: str) -> int:
    """Return the number of an entry, since a fault quotes nothing that was written."""
    return list(channel.options).index(name) + 1
