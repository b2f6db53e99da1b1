"""Settings to what leaves the service about itself: the heartbeat; without a section there is nothing."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence

from db.processes.channel_states import ChannelState
from db.store.engine import Database
from sms_gateway.alarms.ways.heartbeat import Heartbeat
from sms_gateway.channels.service_health import ServiceState, service_health
from sms_gateway.clock import Now
from sms_gateway.metrics import Trouble
from sms_gateway.settings.model import Settings

HEARTBEAT_DUTY = f"heartbeat:{platform.node()[:40]}"
"""The duty of one process of this machine: each machine has a heartbeat of its own."""


def heartbeat_of(
    settings: Settings,
    database: Database,
    states: Callable[[], Sequence[ChannelState]],
    troubles: Callable[[], Sequence[Trouble]],
    dead_parts: Callable[[], Sequence[str]],
    *,
    now: Now,
) -> Heartbeat | None:
    """Return what calls the monitor while texts are taken and answered; None without an address."""
    if not settings.heartbeat.url:
        return None

    def serves() -> bool:
        if dead_parts():
            return False
        found = service_health(database, names=settings.senders, here=states(), troubles=troubles(), now=now())
        return found.state is not ServiceState.DOWN

    return Heartbeat(settings.heartbeat, serves, now=now)
