"""The session number of a link, by which the road tells the carrier's repetitions from the citizen's."""

from __future__ import annotations

import threading
from collections.abc import Callable


class LinkSessions:
    """One number for all receiving binds of a link; every method may be called from any thread.

    A carrier sends again what was not acknowledged when a bind fell: by the next bind, or by another that stands. So
    the number grows when the first bind stands and when one of several falls, and not when a further one joins.
    """

    def __init__(self, new_number: Callable[[], int]) -> None:
        self._new_number = new_number
        self._lock = threading.Lock()
        self._standing = 0
        self.number = 0

    def join(self) -> None:
        """Take in that a bind stands."""
        with self._lock:
            if not self._standing:
                self.number = self._new_number()
            self._standing += 1

    def leave(self) -> None:
        """Take in that a bind fell."""
        with self._lock:
            self._standing -= 1
            if self._standing:
                self.number = self._new_number()
