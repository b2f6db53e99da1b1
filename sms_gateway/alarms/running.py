"""The alarms of a process while it runs: a duty that one process has, and the watch of the process's own database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Event, Thread

from sms_gateway.alarms.notice import Way
from sms_gateway.alarms.storage_alarm import StorageAlarm
from sms_gateway.alarms.telling import AlarmDesk, Sending, forget_old, look, send_due
from sms_gateway.clock import monotonic
from sms_gateway.log import event, logger_of
from sms_gateway.metrics import LOST

LOOK_SECONDS = 10.0
"""Between two rounds: some reads, and nothing is written while nothing changes."""

STOP_SECONDS = 0.3
"""How long a stop waits for a notice in hand. It is sent again later, with the same number."""

REMEMBERED_SECONDS = 30.0
"""A process that cannot reach its database loses its duties after some seconds. The alarms stay its own so long."""

STUCK_SECONDS = 180.0
"""A round that gets no further for so long is stuck: a directory of the settings is on a disk that does not answer,
most likely. One notice on one way takes half a minute at most."""

FORGOTTEN_EVERY = timedelta(days=1)

DUTY = "alarms"

_LOG = logger_of(__name__)


class Alarms:
    """Tells people on duty what is wrong. It may be started again after a stop."""

    def __init__(self, desk: AlarmDesk, *, without_database: Sequence[Way]) -> None:
        self._desk = desk
        self._stopping = Event()
        self._thread: Thread | None = None
        self._held_until = 0.0  # monotonic seconds; while the duty is ours it is far ahead
        self._moved_at: float | None = None  # monotonic seconds; None while no round runs in the thread
        self._failed = False  # the last round
        self._sending = Sending()
        self._forget_at: datetime | None = None
        self.storage = StorageAlarm(desk, without_database, is_ours=self._is_ours, rounds_fail=self._rounds_fail)

    def begin(self) -> None:
        """Take the duty."""
        self._held_until = float("inf")
        self._stopping = stopping = Event()
        self._thread = Thread(target=self._run, args=(stopping,), name="alarms", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Give the duty back."""
        self._held_until = monotonic() + REMEMBERED_SECONDS
        self._stopping.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(STOP_SECONDS)
        self._failed, self._moved_at = False, None  # from now on the rounds of another process count

    @property
    def may_end(self) -> bool:
        """Whether a process whose database is lost may end: that was told, or it waited long enough."""
        return self.storage.may_end()

    def round(self, stopping: Event | None = None) -> None:
        """Look, write and send, once."""
        if not LOST.isdisjoint(self._desk.watched.troubles()):
            return  # what is written now is lost
        look(self._desk)
        send_due(self._desk, self._sending, is_stopping=lambda: self._goes_no_further(stopping))
        now = self._desk.now()
        if self._forget_at is None or self._forget_at <= now:
            forget_old(self._desk)
            self._forget_at = now + FORGOTTEN_EVERY

    def _is_ours(self) -> bool:
        return monotonic() < self._held_until

    def _goes_no_further(self, stopping: Event | None) -> bool:
        """Note that the round got as far as the next notice; return whether it must not send it."""
        if stopping is None:
            return False
        if not stopping.is_set():
            self._moved_at = monotonic()
        return stopping.is_set()

    def _rounds_fail(self) -> bool:
        """Return whether nobody sees what else is wrong: the last round failed, or this one is stuck."""
        moved_at = self._moved_at
        return self._failed or (moved_at is not None and monotonic() - moved_at > STUCK_SECONDS)

    def _run(self, stopping: Event) -> None:
        while not stopping.is_set():
            self._moved_at, failed = monotonic(), False
            try:
                self.round(stopping)
            except Exception as error:  # noqa: BLE001 - the database is away, most likely; the next round tries again
                event(_LOG, "alarm_round_failed", level="warning", error=error)
                failed = True
            if stopping.is_set():
                return  # another thread or process has the duty, perhaps
            self._failed, self._moved_at = failed, None
            stopping.wait(LOOK_SECONDS)
