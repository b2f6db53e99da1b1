"""Refusals that are logged as sums: a guesser must not fill the log, and the lines of one must not hide others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import NamedTuple

EVERY = timedelta(minutes=1)
"""One channel and address has a line at most so often."""

MOST = 1000
"""Channels and addresses that are counted separately; with more of them the rest is summed up without an address."""


class Refused(NamedTuple):
    """Who was refused what: a channel of the settings, and where the request came from."""

    channel: str
    address: str | None


class Refusals:
    """Sums up refusals; called from any thread. The first of an address is returned at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[Refused, int] = {}
        self._told_at: dict[Refused, datetime] = {}

    def count(self, refused: Refused, *, now: datetime) -> Mapping[Refused, int]:
        """Count one refusal; return what is to be logged now, also of others whose minute is over."""
        with self._lock:
            if refused not in self._told_at and len(self._told_at) >= MOST:
                refused = Refused(refused.channel, None)
            self._waiting[refused] = self._waiting.get(refused, 0) + 1
            over = now - EVERY
            due = {one: count for one, count in self._waiting.items() if self._told_at.get(one, over) <= over}
            for one in due:
                del self._waiting[one]
            self._told_at = {one: at for one, at in self._told_at.items() if at > over} | dict.fromkeys(due, now)
            return due
