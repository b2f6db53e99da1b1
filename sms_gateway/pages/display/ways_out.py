"""What an answer is on its channel: segments of SMPP, a request to a provider, or a message that is no SMS."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from sms_gateway.web.dependencies import dependencies


class WayOut(Enum):
    """How answers go out by a channel; the value says what one try is."""

    SMPP = "submit_sm"
    SMS_BY_HTTP = "HTTP"
    MESSAGE = "HTTP message"  # of a chat application: it has no segments and no alphabet

    @property
    def is_http(self) -> bool:
        """Whether a provider takes it by HTTP."""
        return self is not WayOut.SMPP


WayOf = Callable[[str], WayOut]
"""Returns how answers go out by a channel of this name."""


def way_out(channel: str) -> WayOut:
    """Return how answers go out by a channel; one that the settings do not name any more counts as an SMPP link."""
    parts = dependencies()
    settings = parts.settings.channels.get(channel)
    if settings is None:
        return WayOut.SMPP
    network = parts.networks.get(settings.network)
    return WayOut.SMS_BY_HTTP if network is None or network.longest_text is None else WayOut.MESSAGE


def provider_of(channel: str) -> str:
    """Return the title of a channel's network; empty for an SMPP link."""
    parts = dependencies()
    settings = parts.settings.channels.get(channel)
    network = None if settings is None else parts.networks.get(settings.network)
    return "" if network is None else network.title
