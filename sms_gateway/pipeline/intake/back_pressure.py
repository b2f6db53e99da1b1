"""Back-pressure: arrivals are taken while the pipeline works and has room, else they are refused at once.

A refused text stays at the carrier, which keeps it safely. A text that waits for a pipeline that does not work is
neither stored nor refused, and the carrier is not informed.
"""

from __future__ import annotations

from threading import Lock

from sms_gateway.clock import monotonic

MOST_WAITING = 5000
"""Arrivals that wait for their round: a second's work, and some megabytes."""

STUCK_SECONDS = 1.0
"""A round that takes longer waits for the database; a round full of work takes a tenth of it."""

SHUT_SECONDS = 0.5
"""How long the database is not tried after it took nothing: bounds the attempts, and so the log."""


FAILING_SECONDS = 5.0
"""So long after the last failure the status is that nothing is taken, unless a text was stored since."""


class BackPressure:
    """Counts what waits. Any thread may call any method."""

    def __init__(self, *, most_waiting: int = MOST_WAITING) -> None:
        self._most_waiting = most_waiting
        self._lock = Lock()
        self._waiting = 0
        self._round_began: float | None = None
        self._shut_until = 0.0
        self._failed_at: float | None = None
        self._closed = False
        self._turned_away = 0

    @property
    def is_shut(self) -> bool:
        """Return whether the database took nothing a moment ago."""
        return monotonic() < self._shut_until

    @property
    def takes(self) -> bool:
        """Return whether texts can be stored, as far as the last seconds show."""
        now, failed_at, began = monotonic(), self._failed_at, self._round_began
        failing = failed_at is not None and now - failed_at < FAILING_SECONDS
        return not (self._closed or failing or (began is not None and now - began > STUCK_SECONDS * 2))

    def admit(self, arrivals: int) -> bool:
        """Return whether so many more may wait for their round; if not they are to be refused now."""
        now = monotonic()
        with self._lock:
            stuck = self._round_began is not None and now - self._round_began > STUCK_SECONDS
            if stuck or self._closed or now < self._shut_until or self._waiting + arrivals > self._most_waiting:
                self._turned_away += arrivals
                return False
            self._waiting += arrivals
            return True

    def begin_round(self, arrivals: int) -> None:
        """Note that a round begins, with so many of those that waited."""
        with self._lock:
            self._waiting -= arrivals
            self._round_began = monotonic()

    def end_round(self) -> None:
        """Note that the pipeline waits for work again."""
        self._round_began = None

    def shut(self) -> None:
        """Take nothing for a moment: the database can store nothing."""
        self._failed_at = monotonic()
        self._shut_until = self._failed_at + SHUT_SECONDS

    def stored(self) -> None:
        """Note that a text was stored: the database works again."""
        self._failed_at = None

    def close(self) -> None:
        """Take nothing any more."""
        self._closed = True

    def turned_away(self) -> int:
        """Return how many were refused since the last call."""
        with self._lock:
            count, self._turned_away = self._turned_away, 0
        return count
