"""What a channel is to the rest of the service: it is started, watched, drained and stopped by its name."""

from __future__ import annotations

from typing import Protocol

from db.processes.channel_states import ChannelState
from sms_gateway.pipeline.ports import Carrier


class Channel(Carrier, Protocol):
    """Something that texts come from and answers are sent by, run by one process; for example an SMPP link.

    Any thread may call any method. A channel that is not started costs nothing and can be dropped.
    """

    def start(self) -> None:
        """Start its threads; it comes up as soon as the other side accepts it."""

    def drain(self) -> None:
        """Take no new texts; answers are still sent."""

    def part(self, timeout: float) -> None:
        """Begin to end within so many seconds; must not block. `stop` waits for it."""

    def stop(self, timeout: float) -> bool:
        """End within so many seconds; return whether its threads have ended. Safe to call after `part`, or twice."""

    def alive(self) -> bool:
        """Return whether its threads run; one that ended by itself after `start` has died of a fault of ours."""

    def state(self) -> ChannelState:
        """Return its present state, without `holder` and `seen_at`."""


class ChannelControl(Protocol):
    """What starts and stops the channels of this process; called from any thread."""

    def is_ours(self, name: str) -> bool:
        """Return whether this process starts and stops a channel."""

    def start_channel(self, name: str) -> None:
        """Start a stopped channel again."""

    def stop_channel(self, name: str) -> None:
        """Stop a channel until it is started again; its answers wait as rows."""

    def drain_channel(self, name: str) -> None:
        """Take no new texts by a channel, and go on sending answers."""
