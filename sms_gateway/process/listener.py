"""Listens for other processes' wake-ups (PostgreSQL) and nudges the pipeline."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

from db.processes.wake_up import listen
from db.store.engine import Database
from sms_gateway.log import event, logger_of

_SPAN_SECONDS = 0.5  # after which a stop is noticed
_PAUSE_SECONDS = 1.0
_LOG = logger_of(__name__)


class Listener:
    """A thread that calls `woken` whenever another process wrote something for this one."""

    def __init__(self, database: Database, woken: Callable[[], None]) -> None:
        self._database = database
        self._woken = woken
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        """Listen from now on."""
        self._thread.start()

    def alive(self) -> bool:
        """Tell whether the thread runs."""
        return self._thread.is_alive()

    def stop(self, seconds: float) -> None:
        """Stop listening."""
        self._stopping.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except Exception as error:  # noqa: BLE001 - without wake-ups the pipeline still polls; another try follows
                event(_LOG, "listener_lost", level="warning", error=error)
                self._stopping.wait(_PAUSE_SECONDS)

    def _listen(self) -> None:
        for woken in listen(self._database.writer, _SPAN_SECONDS):
            if self._stopping.is_set():
                return
            if woken:
                self._woken()
