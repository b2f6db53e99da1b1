"""`sms-gateway simulate --network`: a provider of one network by HTTP, with a channel of the settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import click

from sms_gateway.channels.http.network import with_options
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.cli.command_context import Stop, settings_from
from sms_gateway.cli.service.typed_texts import carry_typed_texts, listening, stop_asked
from sms_gateway.demo.provider import Counterpart, SimulatedProvider
from sms_gateway.demo.provider.faults import Play, faults_of
from sms_gateway.demo.provider.networks import COUNTERPARTS
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import Settings

EXAMPLE_PORT = 8190


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkPlay:
    """What the options say."""

    host: str
    port: int | None  # None: that of send_url
    subscriber: str
    short_code: str
    network: str
    channel: str | None  # None: the only one of the network
    config: Path | None
    gateway: str | None  # None: on this machine, at the port of the settings
    play: str
    share: float


def play_network(chosen: NetworkPlay) -> None:
    """Play until Ctrl-C or SIGTERM, and print what was counted."""
    if chosen.network not in COUNTERPARTS:
        known = ", ".join(sorted(COUNTERPARTS))
        raise click.UsageError(f"--network {chosen.network}: this network cannot be played; there are {known}")
    settings = settings_from(chosen.config)
    name = _channel_name(settings.channels, chosen)
    channel = with_options(settings.channels[name], NETWORKS[chosen.network])
    counterpart = _counterpart_of(settings.channels[name])
    port = _port_of(name, channel, counterpart) if chosen.port is None else chosen.port
    by = name if counterpart.brings_texts else _texts_channel(settings, name)
    if by != name:
        counterpart = counterpart.with_texts_of(_counterpart_of(settings.channels[by]))
    with listening(chosen.host, port):
        provider = SimulatedProvider(
            by,
            counterpart,
            host=chosen.host,
            port=port,
            faults=faults_of(Play(chosen.play), chosen.share),
        )
    gateway = chosen.gateway or f"http://127.0.0.1:{settings.web.port}"
    with stop_asked() as asked:
        provider.start()
        provider.aim(gateway)
        click.echo(f"The simulated provider of {chosen.network} listens at {provider.url}, and texts to {gateway}.")
        click.echo(f"Each line is sent as {provider.address_of(chosen.subscriber)} by the channel {by}.")
        if counterpart.advice:
            click.echo(counterpart.advice.format(channel=name))
        carry_typed_texts(provider, chosen.subscriber, chosen.short_code, asked, _Watch(provider).look)
        provider.stop()
    click.echo(json.dumps(provider.tally.as_dict(), indent=2))


class _Watch:
    """Says once of each kind when the gateway does not take what the provider brings."""

    def __init__(self, provider: SimulatedProvider) -> None:
        self._provider = provider
        self._told: set[str] = set()

    def look(self) -> None:
        """Say what is new."""
        for status in sorted(self._provider.tally.responses.keys() - self._told):
            self._told.add(status)
            if status == "none":
                click.echo(
                    "The gateway does not respond; the provider tries again. Start it, or fix --gateway.", err=True
                )
            elif not status.startswith("2"):
                click.echo(f"The gateway responded {status} to a text or to a report.", err=True)


def _channel_name(channels: Mapping[str, ChannelSettings], chosen: NetworkPlay) -> str:
    fitting = [name for name, channel in channels.items() if channel.network == chosen.network]
    if chosen.channel is not None:
        if chosen.channel not in fitting:
            raise Stop(f"no channel {chosen.channel} has the network {chosen.network}; fix: name {_one_of(fitting)}")
        return chosen.channel
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise Stop(f"several channels have the network {chosen.network}; fix: write --channel with {_one_of(fitting)}")
    raise Stop(
        f"no channel of the settings has the network {chosen.network}; fix: write [channels.NAME] with network, its "
        f'secrets and send_url = "http://127.0.0.1:{EXAMPLE_PORT}/send", and start the gateway with the same settings'
    )


def _texts_channel(settings: Settings, name: str) -> str:
    """Return the channel whose texts a channel answers that takes none itself."""
    for by, channel in settings.channels.items():
        if channel.reply_link == name and channel.network in COUNTERPARTS:
            return by
    raise Stop(
        f"channel {name} takes no texts, and no other channel is answered by it; fix: write [channels.NAME] with "
        f'network = "soap-mo" and reply_link = "{name}"'
    )


def _counterpart_of(channel: ChannelSettings) -> Counterpart:
    return COUNTERPARTS[channel.network](with_options(channel, NETWORKS[channel.network]))


def _one_of(names: list[str]) -> str:
    return f"one of {', '.join(names)}" if names else "another network"


def _port_of(name: str, channel: ChannelSettings, counterpart: Counterpart) -> int:
    """Return the port at which the gateway sends answers; a free one where it sends none."""
    if not channel.send_url:
        return 0
    port = urlsplit(channel.send_url).port or 80
    wanted = counterpart.at(f"http://127.0.0.1:{port if _is_here(channel.send_url) else EXAMPLE_PORT}", channel)
    given = {"send_url": channel.send_url, **{path: channel.options.get(path, "") for path in wanted.options}}
    for setting in counterpart.paths:
        if not _is_here(given[setting]):
            example = wanted.send_url if setting == "send_url" else wanted.options[setting]
            where = f"channels.{name}.{'' if setting == 'send_url' else 'options.'}{setting}"
            raise Stop(
                f"{where} is not on this machine; fix: write "
                f'{setting} = "{example}" into a copy of the settings, and start the gateway with it'
            )
    return port


def _is_here(url: str) -> bool:
    """Return whether a URL is of this machine, without TLS."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        return parts.scheme == "http" and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return False
