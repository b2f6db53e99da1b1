"""The channels of this process: each is begun and ended as its duty comes and goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock

from db.processes.channel_states import ChannelState
from db.store.engine import Database
from sms_gateway.channels.ports import Channel
from sms_gateway.channels.watch import Fallback, LinkWatch
from sms_gateway.clock import Now, monotonic
from sms_gateway.log import event, logger_of
from sms_gateway.pipeline.loop import Pipeline

_END_SECONDS = 2.0
_LOG = logger_of(__name__)


class Links:
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
        self._watch = LinkWatch(
            database,
            fallbacks,
            self.states,
            owner=owner,
            now=now,
            new_id=new_id,
            rerouted=pipeline.nudge,
        )
        self._control = Lock()  # one operator at a time: two clicks must not begin a channel twice

    def begin(self, name: str, *, take_over: bool = False) -> None:
        """Start the channel and let answers go out by it; `take_over` also what a former holder was sending."""
        channel = self._makers[name]()
        self._pipeline.attach(channel, take_over=take_over)  # may raise: then nothing was begun
        with self._lock:  # who asks sees it running, or not at all
            self._running[name] = channel
            channel.start()
            if self._watch.ident is None:
                self._watch.start()

    def end(self, name: str) -> None:
        """Unbind the link; what its carrier has and does not settle any more stays as rows."""
        if self._take_out(name):
            self._watch.tell_ended(name)

    def _take_out(self, name: str) -> bool:
        with self._lock:
            link = self._running.pop(name, None)
        if link is None:
            return False
        link.drain()
        self._pipeline.detach(name)
        if not link.stop(_END_SECONDS):
            event(_LOG, "link_hung", level="error", link=name)
        return True

    def is_ours(self, name: str) -> bool:
        """Tell whether this process has the duty of a link; no other may start or stop it."""
        return self._is_ours(name)

    def start_link(self, name: str) -> None:
        """Bind a stopped or drained link anew, for operators."""
        with self._control:
            self._take_out(name)
            self.begin(name)

    def stop_link(self, name: str) -> None:
        """Unbind a link until it is started again, for operators; its answers wait as rows."""
        with self._control:
            self.end(name)

    def drain_link(self, name: str) -> None:
        """Take no new texts on one link, for operators; its answers still go out."""
        with self._lock:
            link = self._running.get(name)
        if link is not None:
            link.drain()

    def drain(self) -> None:
        """Take no new texts on any link; the carriers keep them."""
        for link in self._list():
            link.drain()

    def stop(self, seconds: float) -> bool:
        """Unbind every link; tell whether all ended in time."""
        deadline = monotonic() + seconds
        running = self._list()
        for link in running:
            link.part(seconds)  # all at once: each may have to wait for its carrier
        ended = [link.stop(max(0.2, deadline - monotonic())) for link in running]
        self._watch.stop(max(0.2, deadline - monotonic()))
        return all(ended)

    def dead(self) -> list[str]:
        """Name the links whose thread ended by itself."""
        with self._lock:
            running = dict(self._running)
        return [name for name, link in running.items() if not link.alive()]

    def states(self) -> Sequence[ChannelState]:
        """Return how each link of this process is."""
        return [link.state() for link in self._list()]

    def look(self) -> None:
        """Tell the other processes at once how the links are, and let what waits too long go by a fallback."""
        self._watch.look()

    def _list(self) -> list[Channel]:
        with self._lock:
            return list(self._running.values())
