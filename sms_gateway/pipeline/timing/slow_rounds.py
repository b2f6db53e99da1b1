"""Slow rounds: one event in the log names the step that took the time, and what it waited for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sms_gateway.clock import monotonic
from sms_gateway.log import event, logger_of
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.timing.stopwatch import Meanwhile, Stopwatch

SLOW_SECONDS = 0.05
"""From here on a round is reported: a round of one text takes one to two milliseconds, one of hundreds some tens."""

MOST_A_MINUTE = 6
"""Events; the next one says how many rounds had none."""

TURN = "turn"
"""The step in which the round waits for another thread that writes."""

STORING = frozenset({"begin", "commit"})
"""The steps in which SQLite waits for the disk, or for another process that locks the file."""

_LOG = logger_of(__name__)


class Cause(StrEnum):
    """Why a round was slow; the value is what `/metrics` and the log say."""

    WRITER = "writer"  # another thread of this process had the turn to write
    COLLECTOR = "collector"  # Python's garbage collector
    OWN_WORK = "own_work"  # the pipeline's thread computed: many texts, or a slow handler
    NO_CORE = "no_core"  # other programs, or other threads of this one, had the cores
    OTHER_THREADS = "other_threads"  # they computed, and Python lets one run at a time
    CHECKPOINT = "checkpoint"  # the disk, while SQLite's log was copied into its file
    DISK = "disk"  # the disk
    DATABASE = "database"  # PostgreSQL, or the way to it
    UNKNOWN = "unknown"


def cause_of(seconds: float, steps: Mapping[str, float], meanwhile: Meanwhile, *, is_sqlite: bool) -> Cause:
    """Return what took at least half of a slow round."""
    half = seconds / 2
    if steps.get(TURN, 0.0) >= half:
        return Cause.WRITER
    if meanwhile.collector >= half:
        return Cause.COLLECTOR
    if meanwhile.own >= half:
        return Cause.OWN_WORK
    if meanwhile.queued >= half:
        return Cause.NO_CORE
    if not is_sqlite:
        return Cause.OTHER_THREADS if meanwhile.others >= half else Cause.DATABASE
    if sum(steps.get(step, 0.0) for step in STORING) >= half or meanwhile.page_faults:
        return Cause.CHECKPOINT if meanwhile.checkpoint >= half else Cause.DISK
    return Cause.OTHER_THREADS if meanwhile.others >= half else Cause.UNKNOWN


class SlowRounds:
    """Reports the slow rounds of one pipeline. Called by its thread."""

    def __init__(self, metrics: Metrics, *, is_sqlite: bool) -> None:
        self._metrics = metrics
        self._is_sqlite = is_sqlite
        self._events: list[float] = []  # when those of the last minute were logged
        self._unreported = 0

    def look_at(self, watch: Stopwatch, *, texts: int = 0, receipts: int = 0, reports: int = 0) -> None:
        """Record how long a round took, and explain it when that was long; and what it had in hand."""
        seconds = watch.seconds()
        self._metrics.round_took(seconds)
        if seconds < SLOW_SECONDS:
            return
        meanwhile, steps = watch.meanwhile(), watch.steps
        cause = cause_of(seconds, steps, meanwhile, is_sqlite=self._is_sqlite)
        self._metrics.slow_round(cause.value)
        now = monotonic()
        self._events = [at for at in self._events if at > now - 60]
        if len(self._events) >= MOST_A_MINUTE:
            self._unreported += 1
            return
        self._events.append(now)
        step = max(steps, key=lambda name: steps[name], default="none")
        event(
            _LOG,
            "slow_round",
            level="warning",
            cause=cause,
            ms=_ms(seconds),
            step=step,
            step_ms=_ms(steps.get(step, 0.0)),
            own_ms=_ms(meanwhile.own),
            other_threads_ms=_ms(meanwhile.others),
            no_core_ms=_ms(meanwhile.queued),
            collector_ms=_ms(meanwhile.collector),
            checkpoint_ms=_ms(meanwhile.checkpoint),
            page_faults=meanwhile.page_faults,
            preempted=meanwhile.preempted,
            unreported=self._unreported,
            texts=texts,
            receipts=receipts,
            reports=reports,
        )
        self._unreported = 0


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
