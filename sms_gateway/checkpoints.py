"""Checkpoints of SQLite's log, beside the road: what commits wrote goes into the database file on a thread of its own.

Left to itself, SQLite does so within every so many commits, and the texts of that moment wait for the disk: at a
hundred texts a second that is one in fifty. Here a commit does it only when the log has become long all the same.
"""

from __future__ import annotations

from threading import Event, Thread

from db.engine import Database
from sms_gateway.cores import on_every_core
from sms_gateway.log import event, logger_of

PAUSE_SECONDS = 1.0
"""Between two checkpoints: bounds what the next one has to write; a page that changes often is written once in it."""

_LOG = logger_of(__name__)


class Checkpoints:
    """The thread. It ends with `stop`; a checkpoint that fails is tried again after the pause."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="checkpoints", daemon=True)

    def start(self) -> None:
        """Write from now on."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """Write no more."""
        self._stopping.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        on_every_core()
        was_well = True
        while not self._stopping.wait(PAUSE_SECONDS):
            try:
                self._database.checkpoint()
                was_well = True
            except Exception as error:  # noqa: BLE001 - nothing is lost: the log keeps it, and a commit writes it in the end
                if was_well:
                    event(_LOG, "checkpoint_failed", level="warning", error=error)
                was_well = False
