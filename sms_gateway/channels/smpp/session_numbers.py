"""The session number of a link, by which the pipeline distinguishes repetitions of the carrier and of the citizen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import datetime

from sms_gateway.pipeline.ports import SessionsEnded


class SessionNumbers:
    """One number for all receiving binds of a link; every method may be called from any thread.

    A carrier sends again what was not acknowledged when a bind fell: by the next bind, or by another one that is bound.
    So the number grows when the first bind is made and when one of several falls, and not when a further one joins.
    """

    def __init__(self, new_number: Callable[[], int], link: str = "") -> None:
        self._new_number = new_number
        self._link = link
        self._lock = threading.Lock()
        self._standing = 0
        self._numbers: list[int] = []  # since no bind was bound
        self._unheard: set[tuple[int, datetime]] | None = set()  # None: nobody knows
        self.number = 0

    def join(self) -> None:
        """Note that a bind is made."""
        with self._lock:
            if not self._standing:
                self._begin()
            self._standing += 1

    def leave(self, unacknowledged: Iterable[tuple[int, datetime]] | None) -> SessionsEnded | None:
        """Note that a bind fell, and what the carrier may send again of it, by session number and time.

        Returns what is known of all sessions since no bind was bound, once none is bound again: until then another
        bind's texts may come again too. None while nobody knows.
        """
        with self._lock:
            self._standing -= 1
            if unacknowledged is None:
                self._unheard = None
            elif self._unheard is not None:
                self._unheard.update(unacknowledged)
            if self._standing:
                self._begin()
                return None
            numbers, known = tuple(self._numbers), self._unheard
            self._numbers, self._unheard = [], set()
        return (
            None if known is None else SessionsEnded(link=self._link, sessions=numbers, unacknowledged=frozenset(known))
        )

    def _begin(self) -> None:
        self.number = self._new_number()
        self._numbers.append(self.number)
