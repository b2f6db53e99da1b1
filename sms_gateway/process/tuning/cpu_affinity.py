"""Where threads run: those that run Python stay together on one core, those that compute outside it have all of them.

Python lets one thread run at a time. When the system spreads such threads over cores, each turn is handed over from
core to core, at the price of a wake-up and of cold caches: at the HTTP endpoint that was a third of the time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_native_id

ALLOWED = frozenset(os.sched_getaffinity(0))
"""The cores that this process was given, by number."""

_NICE = 10


@contextmanager
def on_one_core() -> Iterator[None]:
    """Keep this thread, and those that it starts meanwhile and they start later, on one core of those allowed.

    Which one goes by the number of the process, so that services on one machine differ.
    """
    cores = sorted(ALLOWED)
    _place({cores[os.getpid() % len(cores)]})
    try:
        yield
    finally:
        _place(ALLOWED)


def on_every_core() -> None:
    """Let this thread run anywhere, and behind those that keep texts waiting: it computes long, outside Python."""
    _place(ALLOWED)
    os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICE)


def _place(cores: frozenset[int] | set[int]) -> None:
    try:
        os.sched_setaffinity(0, cores)
    except OSError:  # the system took cores away since the start, and knows better
        return
