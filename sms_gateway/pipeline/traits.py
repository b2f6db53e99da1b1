"""The traits of a channel: what differs between channels for a text that they send; one table, made at the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from handlers.context import ServiceFacts
from handlers.wording.fit import MOST_SEGMENTS, counted_by_length
from sms_gateway.settings.link_model import Alphabet


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelTraits:
    """What code that writes a text needs to know of the channel that carries it."""

    validity: timedelta  # how long an answer may wait to be sent
    known_as: str = "8188"  # the number under which citizens know the service there
    said_as: str = ""  # what sentences call the service there, where citizens text to no number
    alphabet: Alphabet = Alphabet.GSM  # what data_coding 0 means there
    segments_of: Callable[[str], int] = counted_by_length  # how many segments a text takes, there or by its fallback
    most_segments: int = MOST_SEGMENTS  # of an answer, where its content can be cut to fit
    most_written: int = MOST_SEGMENTS  # of what an agent writes
    reaches_for: timedelta | None = None  # after a citizen's last text by it; None: it sends to every citizen
    later_by: str | None = None  # the channel that sends what it no longer can

    def facts(self, service: ServiceFacts) -> ServiceFacts:
        """Return the facts of the service as an answer by this channel names them."""
        return replace(
            service,
            short_code=self.known_as,
            said_as=self.said_as,
            segments_of=self.segments_of,
            most_segments=self.most_segments,
            most_written=self.most_written,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class TraitsByChannel:
    """The traits of every channel of the settings."""

    others: ChannelTraits  # of a channel that the settings do not name any more, and where no channel is known yet
    by_name: Mapping[str, ChannelTraits] = field(default_factory=dict)

    def of(self, channel: str) -> ChannelTraits:
        """Return the traits of a channel."""
        return self.by_name.get(channel, self.others)
