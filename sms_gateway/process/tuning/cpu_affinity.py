"""CPU affinity: threads that run Python share one core; threads that compute outside Python may use every core.

Python lets one thread run at a time. When the system spreads such threads over cores, each switch goes from core to
core, and costs a wake-up and cold caches: at the HTTP endpoint that was a third of the time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import get_native_id

ALLOWED = frozenset(os.sched_getaffinity(0))
"""The cores that this process was given, by number."""

_NICE = 10


@contextmanager
def on_one_core() -> Iterator[None]:
    """Keep this thread, and those that it starts now and they start later, on one of the allowed cores.

    The core depends on the number of the process, so that services on one machine differ.
    """
    cores = sorted(ALLOWED)
    _place({cores[os.getpid() % len(cores)]})
    try:
        yield
    finally:
        _place(ALLOWED)


def on_every_core() -> None:
    """Let this thread run on every core, with low priority: it computes long, outside Python."""
    _place(ALLOWED)
    with suppress(PermissionError):  # a unit may refuse the system call; the thread works all the same
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICE)


def _place(cores: frozenset[int] | set[int]) -> None:
    try:
        os.sched_setaffinity(0, cores)
    except OSError:  # the system removed cores since the start, and decides
        return
