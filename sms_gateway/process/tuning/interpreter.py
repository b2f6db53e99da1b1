"""Settings of the interpreter: how long a thread runs, and when the collector runs."""

from __future__ import annotations

import gc
import sys

_TURN_SECONDS = 0.0005


def share_fairly() -> None:
    """Let threads switch ten times as often as Python's default.

    Where requests and texts come together, the pipeline's thread otherwise waits 5 ms for each of the others in its
    turn.
    """
    sys.setswitchinterval(_TURN_SECONDS)


def calm_collector() -> None:
    """Let the garbage collector skip the objects of the start, and check the rest less often.

    A full collection of a started service takes some 80 ms, in which no text is answered; the pipeline makes no cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
