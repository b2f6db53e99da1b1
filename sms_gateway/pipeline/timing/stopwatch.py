"""The stopwatch of a round: how long each step takes, and what process and machine do meanwhile.

It costs some microseconds a round, so it runs always: a round that is slow once a day is explained when it happens.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping
from contextlib import suppress
from resource import RUSAGE_THREAD, getrusage

from db.store.record import record
from sms_gateway.clock import monotonic, processor_seconds

_SCHEDULER = "/proc/thread-self/schedstat"
"""Of the calling thread: nanoseconds on a core, nanoseconds ready to run without one, and turns. Linux only."""

WAKE_UP = "wake_up"
"""The step in which the thread should run again after a wait, and does not."""

READ_AGAIN_SECONDS = 0.02
"""The system is asked so often at most, since that costs as much as a statement. What it counted for a slow round may
begin so much earlier."""


@record
class Meanwhile:
    """What happened during a round. Seconds, but for the last two."""

    own: float  # of processor, by the pipeline's thread
    others: float  # of processor, by the other threads of this process
    queued: float  # the thread could run, and no core was free
    collector: float  # the garbage collector ran, in whichever thread
    checkpoint: float  # SQLite's log was copied into its file
    page_faults: int  # memory that had to be read from the disk
    preempted: int  # times that the system gave the core to something else


class Spans:
    """When something runs that a round may have to wait for. One thread calls `begin` and `end`, any thread `since`."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._last = (0.0, 0.0)

    def begin(self) -> None:
        """Note that it begins."""
        self._began = monotonic()

    def end(self) -> None:
        """Note that it has ended."""
        if self._began is not None:
            self._last, self._began = (self._began, monotonic()), None

    def since(self, moment: float) -> float:
        """Return for how many seconds it ran since then; of several times it ran, the last one counts."""
        now, began = monotonic(), self._began
        from_, until = self._last if began is None else (began, now)
        return max(0.0, until - max(from_, moment))


class Stopwatch:
    """Times the rounds of one thread. `checkpoints` are noted by another one."""

    def __init__(self) -> None:
        self.checkpoints = Spans()
        self._steps: dict[str, float] = {}
        self._began = self._at = 0.0
        self._before = (0.0, 0.0, 0, 0, 0, 0.0)
        self._read_at = 0.0
        self._collecting = 0.0  # since when
        self._collected = 0.0  # seconds so far
        self._scheduler: int | None = None  # descriptor

    def open(self) -> None:
        """Begin to watch; called in the thread whose rounds are timed."""
        gc.callbacks.append(self._note_collector)
        with suppress(OSError):
            self._scheduler = os.open(_SCHEDULER, os.O_RDONLY)

    def close(self) -> None:
        """End that."""
        gc.callbacks.remove(self._note_collector)
        if self._scheduler is not None:
            os.close(self._scheduler)
            self._scheduler = None

    def start(self, *, overslept: float = 0.0) -> None:
        """Begin a round; it began earlier when the thread was woken so many seconds too late."""
        self._steps.clear()
        now = monotonic()
        self._began, self._at = now - overslept, now
        if overslept:
            self._steps[WAKE_UP] = overslept
        if self._began - self._read_at >= READ_AGAIN_SECONDS and overslept < READ_AGAIN_SECONDS:
            self._before, self._read_at = self._read(), now

    def mark(self, step: str) -> None:
        """Note that a step ends now; what comes next is another. A step may come several times in a round."""
        now = monotonic()
        self._steps[step] = self._steps.get(step, 0.0) + now - self._at
        self._at = now

    def seconds(self) -> float:
        """Return how long the round has taken."""
        return monotonic() - self._began

    @property
    def steps(self) -> Mapping[str, float]:
        """How long each step took."""
        return self._steps

    def meanwhile(self) -> Meanwhile:
        """Return what happened since the round began."""
        own, process, faults, preempted, queued, collector = (
            now - before for now, before in zip(self._read(), self._before, strict=True)
        )
        return Meanwhile(
            own=own,
            others=max(0.0, process - own),
            queued=queued / 1e9,
            collector=collector,
            checkpoint=self.checkpoints.since(self._began),
            page_faults=int(faults),
            preempted=int(preempted),
        )

    def _read(self) -> tuple[float, float, int, int, int, float]:
        used = getrusage(RUSAGE_THREAD)
        queued = 0
        if self._scheduler is not None:
            queued = int(os.pread(self._scheduler, 64, 0).split()[1])
        own = used.ru_utime + used.ru_stime
        return own, processor_seconds(), used.ru_majflt, used.ru_nivcsw, queued, self._collected

    def _note_collector(self, phase: str, about: Mapping[str, int]) -> None:
        del about
        if phase == "start":
            self._collecting = monotonic()
        else:
            self._collected += monotonic() - self._collecting
