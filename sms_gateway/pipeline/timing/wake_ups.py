"""Wake-ups that wait for the end of a block: one wakes a link once, for its acknowledgements and its answers.

A thread that is woken runs at once, since the one that wakes it gives it its turn. Woken by the acknowledgement of a
text, a link would write that alone, and the answer would wait.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class _Block(threading.local):
    """What this thread's block has still to call, in order; None: there is no block."""

    calls: dict[Callable[[], None], None] | None = None


_BLOCK = _Block()


@contextmanager
def together() -> Iterator[None]:
    """Hold the wake-ups of this thread back until the block ends, however it ends; each is then called once."""
    calls: dict[Callable[[], None], None] = {}
    _BLOCK.calls = calls
    try:
        yield
    finally:
        _BLOCK.calls = None
        for call in calls:
            call()


def wake_up(call: Callable[[], None]) -> None:
    """Call this now, or at the end of the thread's block. It must not raise."""
    if _BLOCK.calls is None:
        call()
    else:
        _BLOCK.calls[call] = None
