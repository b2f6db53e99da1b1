"""How fast a link may send: so many segments a second, and none while it pauses because the carrier is overloaded."""

from __future__ import annotations

import threading

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
"""Seconds of the pause when the link is throttled: the first, doubled with each further refusal, to the longest."""

BURST_SECONDS = 0.05
"""With a rate set, so much of it may be sent at once: small, since carriers count strictly by the second."""


class SendRate:
    """A token bucket counted in segments, shared by all binds of a link; every method may be called from any thread."""

    def __init__(self, rate: float) -> None:
        self._rate = rate  # segments a second; 0 is no limit
        self._lock = threading.Lock()
        self._tokens = 1.0
        self._filled_at = 0.0
        self._paused_until = 0.0
        self._pause = FIRST_PAUSE

    def take(self, wanted: int, now: float) -> int:
        """Return how many of so many segments may be sent now: none in a pause, no more than the rate allows."""
        if not wanted or now < self._paused_until:
            return 0
        if not self._rate:
            return wanted
        with self._lock:
            self._tokens = min(1.0 + self._rate * BURST_SECONDS, self._tokens + (now - self._filled_at) * self._rate)
            self._filled_at = now
            taken = min(wanted, int(self._tokens))
            self._tokens -= taken
        return taken

    def give_back(self, number: int) -> None:
        """Give back what was taken and not used."""
        if number and self._rate:
            with self._lock:
                self._tokens += number

    def next_due(self, now: float, *, waiting: bool) -> float | None:
        """Return when `take` allows more, after a pause or, with segments waiting, for the rate; None: for neither."""
        if now < self._paused_until:
            return self._paused_until
        if waiting and self._rate and self._tokens < 1:
            return now + (1 - self._tokens) / self._rate
        return None

    def paused(self, now: float) -> bool:
        """Return whether the link pauses because it was throttled."""
        return now < self._paused_until

    def slow_down(self, now: float) -> None:
        """Pause, and longer each time; refusals during a pause have the same cause."""
        with self._lock:
            if now >= self._paused_until:
                self._paused_until = now + self._pause
                self._pause = min(LONGEST_PAUSE, self._pause * 2)

    def recover(self) -> None:
        """Make the next pause short again, since a segment was taken."""
        self._pause = FIRST_PAUSE
