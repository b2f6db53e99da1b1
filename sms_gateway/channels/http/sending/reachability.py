"""Whether a provider can be reached, as the last tries show, and when the next try is due."""

from __future__ import annotations

from datetime import datetime

LONGEST_WAIT = 60.0
"""Seconds between two tries, at most; the first wait is a setting and doubles with each failed try."""


class Reachability:
    """The state of one sender. It is changed under the sender's lock and may be read by any thread.

    A provider that cannot be connected to is tried by connecting alone. One that refuses every text, or does not
    respond to one, is tried by a text, since nothing else shows that it takes texts again.
    """

    def __init__(self, first_wait: float) -> None:
        self.up = False
        self.since: datetime | None = None
        self.last_error: str | None = None
        self.needs_text = False
        self.by_probe = False  # a call that costs nothing failed, and one that works is enough
        self.worked_at: datetime | None = None  # when it took an answer last, or knew us; None: it was not tried yet
        self.failed_at: datetime | None = None
        self.failed_for: str | None = None
        self._first_wait = first_wait
        self._wait = first_wait
        self._next_try = 0.0

    def worked(self, at: datetime, *, by_use: bool = False) -> bool:
        """Note that the provider was reached, and with `by_use` that it did what it was asked for.

        Returns whether it was down.
        """
        if by_use:
            self.worked_at = at
        news = not self.up
        if news:
            self.up, self.since, self.last_error = True, at, None
        self.needs_text = self.by_probe = False
        self._wait, self._next_try = self._first_wait, 0.0
        return news

    def failed(self, error: str, *, at: datetime, now: float, needs_text: bool = False, by_probe: bool = False) -> bool:
        """Note a failure; return whether it is the first.

        Requests that were sent at the same time fail at the same time: only one of them makes the wait longer.
        """
        news = self.up or error != self.last_error
        if self.up or self.since is None:
            self.since = at
        self.up, self.last_error = False, error
        self.failed_at, self.failed_for = at, error
        self.by_probe = self.by_probe if not needs_text else by_probe and (self.by_probe or not self.needs_text)
        self.needs_text = self.needs_text or needs_text  # until one is taken, whatever fails meanwhile
        if now >= self._next_try:
            self._next_try = now + self._wait
            self._wait = min(self._wait * 2, LONGEST_WAIT)
        return news

    def is_due(self, now: float) -> bool:
        """Return whether a try may be made: always while it is up."""
        return self.up or now >= self._next_try
