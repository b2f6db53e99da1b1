"""Settings to the channels of one process: what makes each of them, and which takes over for which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from sms_gateway.channels.ports import Channel
from sms_gateway.channels.smpp.link import Link
from sms_gateway.channels.watch import Fallback
from sms_gateway.clock import Now
from sms_gateway.pipeline.ports import Intake
from sms_gateway.settings.model import Settings


def channel_makers(
    settings: Settings, intake: Intake, *, now: Now, session_number: Callable[[], int]
) -> Mapping[str, Callable[[], Channel]]:
    """Return what makes each channel that answers can go out by (`Settings.senders`), not started yet."""
    return {
        name: partial(
            Link,
            name,
            link,
            intake,
            now=now,
            session_number=session_number,
            short_codes=settings.service.short_codes,
        )
        for name, link in settings.links.items()
    }


def fallbacks_of(settings: Settings) -> Mapping[str, Fallback]:
    """Return the channel that takes over for another, by the name of the one that is down."""
    return {
        name: Fallback(by=link.fallback, after=timedelta(minutes=link.fallback_minutes))
        for name, link in settings.links.items()
        if link.fallback is not None
    }
