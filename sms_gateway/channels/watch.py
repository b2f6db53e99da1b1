"""The watch of this process's channels: reports their states, and sends answers by another channel.

An answer is sent by the channel that its text names. When that channel has been down for as long as its settings say,
and they name a fallback, the process that holds the fallback takes over what waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Event, Thread

from db.messages import events
from db.processes import channel_states
from db.processes.channel_states import ChannelState
from db.store.engine import Database
from db.upkeep.standby import commit_alone
from sms_gateway.clock import Now
from sms_gateway.log import event, logger_of

WATCH_SECONDS = 3.0
_LOG = logger_of(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fallback:
    """Which channel takes over what waits for another one, and how long that one has to be down."""

    by: str
    after: timedelta


class ChannelWatch(Thread):
    """Checks every few seconds; a fault of the database is logged, and the next check tries again."""

    def __init__(
        self,
        database: Database,
        fallbacks: Mapping[str, Fallback],
        states: Callable[[], Sequence[ChannelState]],
        *,
        owner: str,
        now: Now,
        new_id: Callable[[], int],
        rerouted: Callable[[], None],
    ) -> None:
        super().__init__(name="link-watch", daemon=True)
        self._database = database
        self._fallbacks = fallbacks
        self._states = states
        self._owner = owner
        self._now = now
        self._new_id = new_id
        self._rerouted = rerouted
        self._over = Event()

    def run(self) -> None:
        """Check until stopped."""
        while True:
            self._look_safely()
            if self._over.wait(WATCH_SECONDS):
                return

    def stop(self, seconds: float) -> None:
        """End, and write the states a last time."""
        self._over.set()
        if self.ident is not None:
            self.join(seconds)
            self._look_safely()

    def tell_ended(self, name: str) -> None:
        """Write that this process ended a channel; a fault of the database is logged, and the row gets old."""
        try:
            with self._database.write() as connection:
                commit_alone(connection)  # the duties end others after this, and must not wait
                channel_states.write_ended(connection, name, holder=self._owner, now=self._now())
        except Exception as error:  # noqa: BLE001 - whatever it was, the channel is ended
            event(_LOG, "link_watch_failed", level="error", error=error)

    def look(self) -> None:
        """Write the states of this process's channels, and take over what waits for one that is down too long."""
        states, now = self._states(), self._now()
        standing = {state.name for state in states if state.up}
        wanted: dict[str, str] = {
            name: fallback.by
            for name, fallback in self._fallbacks.items()
            if fallback.by in standing and name not in standing
        }
        moved: dict[str, list[int]] = {}
        with self._database.write() as connection:
            channel_states.write_states(connection, states, holder=self._owner, now=now)
            rows = {row.name: row for row in channel_states.read_states(connection)} if wanted else {}
            for name, by in wanted.items():
                row = rows.get(name)
                if row is not None and row.down_for(now) >= self._fallbacks[name].after:
                    moved[name] = channel_states.reroute(connection, link=name, by=by, now=now)
                    events.add(connection, [self._event(each, by) for each in moved[name]])
        for name, ids in moved.items():
            if ids:
                event(_LOG, "rerouted", level="warning", link=name, by=wanted[name], answers=len(ids))
                self._rerouted()

    def _look_safely(self) -> None:
        try:
            self.look()
        except Exception as error:  # noqa: BLE001 - whatever it was, the channels go on and the next look tries again
            event(_LOG, "link_watch_failed", level="error", error=error)

    def _event(self, outbound_id: int, by: str) -> events.NewEvent:
        return events.NewEvent(
            id=self._new_id(),
            at=self._now(),
            kind=events.EventKind.RETRIED,
            outbound_id=outbound_id,
            detail=f"fallback:{by}",
        )
