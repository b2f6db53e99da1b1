"""FairLock: the thread that waits longest for SQLite's one writer has it next.

A pool of one connection gives it to the thread that asks at the right moment. A thread
that writes in a loop always does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy.exc import TimeoutError  # noqa: A004 - the pool's own, so that nobody has to know of two


class FairLock:
    """A lock that is given in the order in which it was asked for."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._busy = False
        self.waiting: deque[Lock] = deque()  # one for each thread, the oldest first

    @contextmanager
    def take(self, seconds: float) -> Iterator[None]:
        """Wait for the turn at most so long and have it for the block; raises SQLAlchemy's TimeoutError, as a pool."""
        self._wait(seconds)
        try:
            yield
        finally:
            self._pass_on()

    def _wait(self, seconds: float) -> None:
        with self._lock:
            if not self._busy:
                self._busy = True
                return
            mine = Lock()
            mine.acquire()
            self.waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return
        with self._lock:
            if mine in self.waiting:
                self.waiting.remove(mine)
                raise TimeoutError("the writer was busy for too long")
        # The turn was given at the very moment when the wait ended: it is ours.

    def _pass_on(self) -> None:
        with self._lock:
            if self.waiting:
                self.waiting.popleft().release()
            else:
                self._busy = False
