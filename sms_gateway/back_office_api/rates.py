"""How many requests a client may make in a minute."""

from __future__ import annotations

from datetime import datetime
from threading import Lock

SECONDS = 60


class Rates:
    """Counts the requests of each client in the current minute, in this process; called from any thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._minute = 0
        self._counts: dict[int, int] = {}

    def wait(self, client_id: int, now: datetime) -> int:
        """Count a request; return 0, or after how many seconds the client may try again."""
        minute, second = divmod(int(now.timestamp()), SECONDS)
        with self._lock:
            if minute != self._minute:
                self._minute, self._counts = minute, {}
            count = self._counts[client_id] = self._counts.get(client_id, 0) + 1
        return 0 if count <= self._most else SECONDS - second

    def give_back(self, client_id: int, now: datetime) -> None:
        """Take back a request that was counted at this time."""
        with self._lock:
            if int(now.timestamp()) // SECONDS == self._minute and self._counts.get(client_id):
                self._counts[client_id] -= 1
