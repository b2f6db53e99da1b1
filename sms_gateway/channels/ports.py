"""What a channel is to the rest of the service: it is started, watched, drained and stopped by its name."""

from __future__ import annotations

from typing import Protocol

from db.processes.channel_states import ChannelState
from sms_gateway.pipeline.ports import Carrier


class Channel(Carrier, Protocol):
    """Something that texts come in by and answers go out by, run by one process; an SMPP link is one.

    Every method may be called from any thread. A channel that is not started costs nothing and can be thrown away.
    """

    def start(self) -> None:
        """Start its threads; it comes up as soon as the other side lets it."""

    def drain(self) -> None:
        """Take no new texts; answers still go out."""

    def part(self, timeout: float) -> None:
        """Begin to end, to be gone within so many seconds; must not block. `stop` waits for it."""

    def stop(self, timeout: float) -> bool:
        """End within so many seconds; return whether its threads have ended. Safe to call after `part`, or twice."""

    def alive(self) -> bool:
        """Return whether its threads run; one that ended by itself after `start` has died of a fault of ours."""

    def state(self) -> ChannelState:
        """Return how it is at this moment, without `holder` and `seen_at`."""


class ChannelControl(Protocol):
    """What starts and stops the channels of this process; called from any thread."""

    def is_ours(self, name: str) -> bool:
        """Return whether a channel is this process's to start and stop."""

    def start_channel(self, name: str) -> None:
        """Start a stopped channel again."""

    def stop_channel(self, name: str) -> None:
        """Stop a channel until it is started again; its answers wait as rows."""

    def drain_channel(self, name: str) -> None:
        """Take no new texts by a channel, and go on sending answers."""
