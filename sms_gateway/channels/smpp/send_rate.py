"""How fast a link may send: so many segments a second, and none while it rests because the carrier is overloaded."""

from __future__ import annotations

import threading

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
"""Seconds that the link rests when it is throttled: the first, doubled with each further refusal, to the longest."""

BURST_SECONDS = 0.05
"""With a rate set, so much of it may go at once: small, since carriers count strictly by the second."""


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
        """Return how many of so many segments may go now: none in a pause, no more than the rate has gathered."""
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
        """Tell when `take` gives again, after a pause or, with segments waiting, for the rate; None: for neither."""
        if now < self._paused_until:
            return self._paused_until
        if waiting and self._rate and self._tokens < 1:
            return now + (1 - self._tokens) / self._rate
        return None

    def paused(self, now: float) -> bool:
        """Tell whether the link rests because it was throttled."""
        return now < self._paused_until

    def slow_down(self, now: float) -> None:
        """Rest, and longer each time; refusals that come while it rests are of the same storm."""
        with self._lock:
            if now >= self._paused_until:
                self._paused_until = now + self._pause
                self._pause = min(LONGEST_PAUSE, self._pause * 2)

    def recover(self) -> None:
        """Let the next rest be a short one again, since a segment was taken."""
        self._pause = FIRST_PAUSE
