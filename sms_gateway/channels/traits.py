"""Settings to the traits of each channel."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from functools import partial

from handlers.wording.fit import MOST_SEGMENTS
from sms_gateway.channels.smpp.coding.text import most_segments
from sms_gateway.pipeline.traits import ChannelTraits, TraitsByChannel
from sms_gateway.settings.link_model import Alphabet, LinkSettings
from sms_gateway.settings.model import Settings


def traits_by_channel(settings: Settings) -> TraitsByChannel:
    """Return the traits of the channels that these settings name.

    The traits of all others fit every channel: segments are counted as the channel counts them that needs most.
    """
    alphabets = {name: _alphabet(settings, name) for name in settings.every_channel}
    return TraitsByChannel(
        others=ChannelTraits(
            validity=timedelta(minutes=settings.pipeline.validity_minutes),
            known_as=settings.service.short_codes[0],
            segments_of=_counted(frozenset(alphabets[name] for name in settings.senders)),
        ),
        by_name={name: _traits(settings, name, alphabets[name]) for name in settings.every_channel},
    )


def _traits(settings: Settings, name: str, alphabet: Alphabet) -> ChannelTraits:
    link = settings.links.get(name)
    fallback = None if link is None else link.fallback
    carriers = {alphabet} if fallback is None else {alphabet, _alphabet(settings, fallback)}
    short_code = None if link is None else link.short_code
    return ChannelTraits(
        validity=_validity(settings, link),
        known_as=settings.service.short_codes[0] if short_code is None else short_code,
        alphabet=alphabet,
        segments_of=_counted(carriers),
        most_segments=MOST_SEGMENTS if link is None else link.most_segments,
    )


def _alphabet(settings: Settings, name: str) -> Alphabet:
    """Return what data_coding 0 means on a channel. An HTTP aggregator receives characters, and sends them as GSM."""
    link = settings.links.get(name)
    return Alphabet.GSM if link is None else link.alphabet


def _validity(settings: Settings, link: LinkSettings | None) -> timedelta:
    """Return how long an answer may wait: no longer than the carrier may try."""
    minutes = settings.pipeline.validity_minutes
    if link is not None and link.validity_minutes:
        minutes = min(minutes, link.validity_minutes)
    return timedelta(minutes=minutes)


def _counted(alphabets: Collection[Alphabet]) -> partial[int]:
    return partial(most_segments, alphabets=alphabets)
