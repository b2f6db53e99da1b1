"""Checkpoints of SQLite's log: a thread of its own copies into the database file what commits wrote to the log.

By default, SQLite does this within every so many commits, and the texts of that moment wait for the disk: at a hundred
texts a second that is one in fifty. Here a commit does it only when the log has become long all the same.
"""

from __future__ import annotations

from threading import Event, Thread

from db.store.engine import Database
from sms_gateway.clock import monotonic
from sms_gateway.log import event, logger_of
from sms_gateway.process.tuning.cpu_affinity import on_every_core

SHORTEST_PAUSE = 0.05
"""Seconds between two checkpoints: each writes little, so a commit that syncs meanwhile waits for little."""

LONGEST_PAUSE = 1.0
"""Bounds what the next checkpoint has to write."""

_RESTS = 20
"""The pause after a checkpoint, as a multiple of its time: under full load a page that changes often is written less
often."""

_LOG = logger_of(__name__)


class Checkpoints:
    """The thread. It ends with `stop`; a checkpoint that fails is tried again after the pause."""

    def __init__(self, database: Database, *, tuning: bool) -> None:
        self._database = database
        self._tuning = tuning
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="checkpoints", daemon=True)

    def start(self) -> None:
        """Start writing."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """Stop writing."""
        self._stopping.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        if self._tuning:
            on_every_core()
        was_well, pause = True, SHORTEST_PAUSE
        while not self._stopping.wait(pause):
            started = monotonic()
            try:
                self._database.checkpoint()
                was_well = True
            except Exception as error:  # noqa: BLE001 - nothing is lost: the log keeps it, and a commit writes it in the end
                if was_well:
                    event(_LOG, "checkpoint_failed", level="warning", error=error)
                was_well = False
            pause = min(max(SHORTEST_PAUSE, (monotonic() - started) * _RESTS), LONGEST_PAUSE)
