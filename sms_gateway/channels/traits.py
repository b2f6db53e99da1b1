"""Settings to the traits of each channel."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from functools import partial
from math import ceil

from handlers.wording.fit import MOST_SEGMENTS
from sms_gateway.channels.answers_only import bound_senders
from sms_gateway.channels.http.network import Networks
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.channels.http.sending.request_of_text import ANSWERED_FOR_DAYS
from sms_gateway.channels.smpp.coding.text import most_segments
from sms_gateway.pipeline.addresses import PHONES
from sms_gateway.pipeline.traits import ChannelTraits, TraitsByChannel
from sms_gateway.settings.link_model import Alphabet, ChannelSettings, LinkSettings
from sms_gateway.settings.model import Settings

Carries = Alphabet | int
"""How a channel carries a text: what data_coding 0 means there, or the characters of one message that is no SMS."""


def traits_by_channel(settings: Settings, networks: Networks = NETWORKS) -> TraitsByChannel:
    """Return the traits of the channels that these settings name.

    The traits of all others fit every channel: segments are counted as the channel counts them that needs most.
    """
    carries = {name: _carries(channel, networks) for name, channel in settings.every_channel.items()}
    bound = bound_senders(settings, networks)
    return TraitsByChannel(
        others=ChannelTraits(
            validity=timedelta(minutes=settings.pipeline.validity_minutes),
            known_as=settings.service.short_codes[0],
            segments_of=_counted([carries[name] for name in settings.senders]),
        ),
        by_name={
            name: replace(
                _traits(settings, networks, name, [carries[each] for each in ways if each in carries]),
                reaches_for=timedelta(days=ANSWERED_FOR_DAYS) if name in bound else None,
                later_by=next(iter(ways[1:]), None),
            )
            for name, ways in ((name, _with_fallback(settings, name)) for name in settings.every_channel)
        },
    )


def _with_fallback(settings: Settings, name: str) -> tuple[str, ...]:
    return (name, settings.fallbacks[name][0]) if name in settings.fallbacks else (name,)


def _traits(settings: Settings, networks: Networks, name: str, carries: Collection[Carries]) -> ChannelTraits:
    link = settings.links.get(name)
    network = None if link is not None else networks.get(settings.channels[name].network)
    short_code = None if link is None else link.short_code
    return ChannelTraits(
        validity=_validity(settings, link),
        known_as=settings.service.short_codes[0] if short_code is None else short_code,
        said_as="" if network is None or network.sender_kind == PHONES else network.sender_kind.name.capitalize(),
        alphabet=Alphabet.GSM if link is None else link.alphabet,
        segments_of=_counted(carries),
        most_segments=MOST_SEGMENTS if link is None else link.most_segments,
        most_written=1 if any(isinstance(each, int) for each in carries) else MOST_SEGMENTS,  # a message has no parts
    )


def _carries(channel: LinkSettings | ChannelSettings, networks: Networks) -> Carries:
    """Return how a channel carries a text. An HTTP aggregator receives characters, and sends them as GSM 03.38."""
    if isinstance(channel, LinkSettings):
        return channel.alphabet
    network = networks.get(channel.network)
    return (network.longest_text if network is not None else None) or Alphabet.GSM


def _validity(settings: Settings, link: LinkSettings | None) -> timedelta:
    """Return how long an answer may wait: no longer than the carrier may try."""
    minutes = settings.pipeline.validity_minutes
    if link is not None and link.validity_minutes:
        minutes = min(minutes, link.validity_minutes)
    return timedelta(minutes=minutes)


def _counted(carries: Collection[Carries]) -> partial[int]:
    longest = [each for each in carries if isinstance(each, int)]
    alphabets = frozenset(each for each in carries if not isinstance(each, int))
    if longest and not alphabets:
        return partial(_messages, longest=min(longest))
    return partial(
        most_segments, alphabets=alphabets
    )  # a text of an SMS is never too long for a message of another kind


def _messages(text: str, longest: int) -> int:
    return max(1, ceil(len(text) / longest))
