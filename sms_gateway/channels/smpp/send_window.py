"""How many segments may be without response on one bind: fewer after falls with unanswered segments, then more again.

A carrier that drops the connection under load leaves all that is in flight unsure. With a full window it would do so
again.
"""

from __future__ import annotations

STEADY_SECONDS = 5.0
"""A bind that held so long has its window doubled, up to that of the settings."""


class Window:
    """The window of one bind, over all its sessions. Changed by the I/O thread; `size` may be read by any."""

    def __init__(self, most: int) -> None:
        self.size = most
        self._most = most
        self._steady_since = 0.0

    def bound(self, now: float) -> None:
        """Note that a session begins."""
        self._steady_since = now

    def fell(self) -> None:
        """Halve it, since a session ended with segments in flight."""
        self.size = max(1, self.size // 2)

    def grow(self, now: float) -> None:
        """Double it when the bind has held for long enough since it was bound or last grew."""
        if self.size < self._most and now - self._steady_since >= STEADY_SECONDS:
            self.size = min(self._most, self.size * 2)
            self._steady_since = now
