"""The channels of this process: each begins and ends with its duty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock

from db.processes.channel_states import ChannelState
from db.store.engine import Database
from sms_gateway.channels.ports import Channel
from sms_gateway.channels.watch import ChannelWatch, Fallback
from sms_gateway.clock import Now, monotonic
from sms_gateway.log import event, logger_of
from sms_gateway.pipeline.loop import Pipeline

_END_SECONDS = 2.0
_LOG = logger_of(__name__)


class RunningChannels:
    """Begins and ends channels; every method may be called from any thread.

    `makers` make a channel that is not started yet, by name. `fallbacks` name another of them for a channel.
    """

    def __init__(
        self,
        makers: Mapping[str, Callable[[], Channel]],
        pipeline: Pipeline,
        database: Database,
        *,
        fallbacks: Mapping[str, Fallback],
        owner: str,
        now: Now,
        new_id: Callable[[], int],
        is_ours: Callable[[str], bool],
    ) -> None:
        self._makers = makers
        self._pipeline = pipeline
        self._is_ours = is_ours
        self._running: dict[str, Channel] = {}
        self._lock = Lock()
        self._watch = ChannelWatch(
            database,
            fallbacks,
            self.states,
            owner=owner,
            now=now,
            new_id=new_id,
            rerouted=pipeline.nudge,
        )
        self._control = Lock()  # one operator at a time: two clicks must not start a channel twice

    def begin(self, name: str, *, take_over: bool = False) -> None:
        """Start the channel and send answers by it; `take_over` also those that a former holder was sending."""
        channel = self._makers[name]()
        self._pipeline.attach(channel, take_over=take_over)  # may raise: then nothing was started
        with self._lock:  # callers see it running, or not at all
            self._running[name] = channel
            channel.start()
            if self._watch.ident is None:
                self._watch.start()

    def end(self, name: str) -> None:
        """End the channel; answers that its carrier has and does not settle any more stay as rows."""
        if self._take_out(name):
            self._watch.tell_ended(name)

    def _take_out(self, name: str) -> bool:
        with self._lock:
            channel = self._running.pop(name, None)
        if channel is None:
            return False
        channel.drain()
        self._pipeline.detach(name)
        if not channel.stop(_END_SECONDS):
            event(_LOG, "link_hung", level="error", link=name)
        return True

    def is_ours(self, name: str) -> bool:
        """Return whether this process has the duty of a channel; no other may start or stop it."""
        return self._is_ours(name)

    def start_channel(self, name: str) -> None:
        """Start a stopped or drained channel again, for operators."""
        with self._control:
            self._take_out(name)
            self.begin(name)

    def stop_channel(self, name: str) -> None:
        """End a channel until it is started again, for operators; its answers wait as rows."""
        with self._control:
            self.end(name)

    def drain_channel(self, name: str) -> None:
        """Take no new texts by one channel, for operators; its answers are still sent."""
        with self._lock:
            channel = self._running.get(name)
        if channel is not None:
            channel.drain()

    def drain(self) -> None:
        """Take no new texts by any channel; the carriers keep them."""
        for channel in self._list():
            channel.drain()

    def stop(self, seconds: float) -> bool:
        """End every channel; return whether all ended in time."""
        deadline = monotonic() + seconds
        running = self._list()
        for channel in running:
            channel.part(seconds)  # all at once: each may have to wait for its carrier
        ended = [channel.stop(max(0.2, deadline - monotonic())) for channel in running]
        self._watch.stop(max(0.2, deadline - monotonic()))
        return all(ended)

    def dead(self) -> list[str]:
        """Name the channels whose thread ended by itself."""
        with self._lock:
            running = dict(self._running)
        return [name for name, channel in running.items() if not channel.alive()]

    def states(self) -> Sequence[ChannelState]:
        """Return the state of each channel of this process."""
        return [channel.state() for channel in self._list()]

    def look(self) -> None:
        """Report the states to the other processes at once, and use the fallback for what waits too long."""
        self._watch.look()

    def _list(self) -> list[Channel]:
        with self._lock:
            return list(self._running.values())
