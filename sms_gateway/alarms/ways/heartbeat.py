"""The heartbeat: a monitor is called while the service can take and answer texts. It alarms when nobody calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread

from sms_gateway.channels.http.sending.connection import ConnectionTerms, NoResponse, NotSent
from sms_gateway.channels.http.sending.departure import OutgoingRequest, ProviderResponse, target_of
from sms_gateway.channels.http.sending.probing import ask
from sms_gateway.channels.service_health import MonitorFailure
from sms_gateway.clock import Now
from sms_gateway.log import Words, event, logger_of
from sms_gateway.settings.alarm_model import HeartbeatSettings

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 5.0
STOP_SECONDS = 0.3

LOOK_SECONDS = 1.0
"""Between two looks whether the service serves again: the monitor need not wait for a whole period."""

_LOG = logger_of(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeartbeatState:
    """What came of the last heartbeats of this process."""

    taken_at: datetime | None = None  # when the monitor answered last
    failing_since: datetime | None = None  # None: the last call was answered, or none was made
    error: str = ""  # of the last call; it names no path and no secret


def _forget(_state: HeartbeatState) -> None:
    """Keep nothing."""


class Heartbeat:
    """Calls the monitor from a thread of its own. It may be started again after a stop.

    `serves` reports whether the service can take and answer texts. While it cannot, nothing is sent. `keep` gets the
    state after a call that failed, and after the first that was taken again: another process may tell it.
    """

    def __init__(
        self,
        settings: HeartbeatSettings,
        serves: Callable[[], bool],
        *,
        now: Now,
        keep: Callable[[HeartbeatState], None] = _forget,
    ) -> None:
        self._url = settings.url
        self._every = settings.every_seconds
        self._serves = serves
        self._now = now
        self._keep = keep
        self._terms = monitor_terms(settings)
        self._stopping = Event()
        self._thread: Thread | None = None
        self._is_silent = True
        self.state = HeartbeatState()

    def failure(self) -> MonitorFailure | None:
        """Return why the monitor does not take the calls; None while it does, and while none is made."""
        state = self.state
        if state.failing_since is None or self._is_silent:
            return None
        return MonitorFailure(since=state.failing_since, error=state.error)

    def start(self) -> None:
        """Begin to call, at once."""
        self._stopping = stopping = Event()
        self._thread = Thread(target=self._run, args=(stopping,), name="heartbeat", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End soon; a call in hand is left to its deadline."""
        self._stopping.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(STOP_SECONDS)

    def beat(self) -> bool:
        """Call the monitor once, if the service can take and answer texts; return whether it can."""
        serves = self._serves()
        if self._is_silent is serves:
            self._is_silent = not serves
            if serves:
                event(_LOG, "heartbeat_begins")
            else:
                event(_LOG, "heartbeat_withheld", level="warning")
        if serves:
            self._note(call_monitor(self._terms, self._url))
        return serves

    def _note(self, error: str | None) -> None:
        now, before = self._now(), self.state
        if error is None:
            self.state = HeartbeatState(taken_at=now)
            if before.failing_since is not None:
                self._keep(self.state)
                event(_LOG, "heartbeat_taken_again")
            return
        self.state = HeartbeatState(taken_at=before.taken_at, failing_since=before.failing_since or now, error=error)
        self._keep(self.state)
        if before.failing_since is None:
            event(_LOG, "heartbeat_not_taken", level="warning", reason=Words(error))

    def _run(self, stopping: Event) -> None:
        while True:
            serves = False
            try:
                serves = self.beat()
            except Exception as error:  # noqa: BLE001 - the database is away, most likely; then silence is right
                event(_LOG, "heartbeat_failed", level="warning", error=error)
            if stopping.wait(self._every if serves else min(LOOK_SECONDS, self._every)):
                return


def monitor_terms(settings: HeartbeatSettings) -> ConnectionTerms:
    """Return where the monitor is, and how long it has."""
    return ConnectionTerms(
        url=settings.url, connect_seconds=CONNECT_SECONDS, answer_seconds=ANSWER_SECONDS, ca_file=settings.ca_file
    )


def call_monitor(terms: ConnectionTerms, url: str) -> str | None:
    """Call a monitor once; return why it did not take the call, None when it did."""
    came = ask(terms, OutgoingRequest(method="GET", target=target_of(url)))
    match came:
        case NotSent() | NoResponse():
            return came.error
        case ProviderResponse():
            return None if 200 <= came.status < 300 else f"HTTP {came.status}"  # noqa: PLR2004 - RFC 9110 §15: the class 2xx
