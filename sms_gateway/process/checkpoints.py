"""Checkpoints of SQLite's log: a thread of its own copies into the database file what commits wrote to the log.

By default, SQLite does this within every so many commits, and the texts of that moment wait for the disk: at a hundred
texts a second that is one in fifty. Here a commit does it only when the log has become long all the same.
"""

from __future__ import annotations

from threading import Event, Thread

from db.store.engine import Database
from sms_gateway.clock import monotonic
from sms_gateway.log import event, logger_of
from sms_gateway.pipeline.timing.stopwatch import Spans
from sms_gateway.process.tuning.cpu_affinity import on_every_core

SHORTEST_PAUSE = 0.05
"""Seconds between two checkpoints: each writes little, so a commit that syncs meanwhile waits for little."""

LONGEST_PAUSE = 1.0
"""Bounds what the next checkpoint has to write."""

PAGES = 100
"""What one checkpoint shall write, of 4 KiB: each syncs twice, however little it writes. Without texts there is nothing
to write, and the thread sleeps for the longest pause."""

_RESTS = 20
"""The pause after a checkpoint, as a multiple of its time: under full load a page that changes often is written less
often."""

_LOG = logger_of(__name__)


class Checkpoints:
    """The thread. It ends with `stop`; a checkpoint that fails is tried again after the pause."""

    def __init__(self, database: Database, *, tuning: bool, spans: Spans) -> None:
        self._database = database
        self._tuning = tuning
        self._spans = spans  # read by the pipeline, whose commits a checkpoint delays
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
        was_well, pause, before = True, SHORTEST_PAUSE, 0
        while not self._stopping.wait(pause):
            started = monotonic()
            self._spans.begin()
            try:
                copied = self._database.checkpoint()
                pages = copied - before if copied >= before else copied  # else the log began anew
                before, was_well = copied, True
                pause = pause_after(pause, pages)
            except Exception as error:  # noqa: BLE001 - nothing is lost: the log keeps it, and a commit writes it in the end
                if was_well:
                    event(_LOG, "checkpoint_failed", level="warning", error=error)
                was_well = False
            self._spans.end()
            pause = min(max(pause, (monotonic() - started) * _RESTS), LONGEST_PAUSE)


def pause_after(pause: float, pages: int) -> float:
    """Return the pause after a checkpoint that wrote so many pages, so that the next one writes `PAGES`.

    It grows slowly and shrinks at once, since more texts may come at any time.

    >>> [round(pause_after(0.1, pages), 3) for pages in (0, 50, 80, 100, 400)]
    [0.2, 0.2, 0.125, 0.1, 0.05]
    """
    wanted = pause * min(2.0, PAGES / max(1, pages))
    return min(max(SHORTEST_PAUSE, wanted), LONGEST_PAUSE)
