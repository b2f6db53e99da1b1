"""Row ids made by us: 64-bit and time-ordered, so rows can be built without asking the database back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

from sms_gateway.clock import utc_milliseconds, utc_now

_EPOCH_MS = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp() * 1000)
_NODE_BITS = 10
_COUNTER_BITS = 12
_COUNTER = (1 << _COUNTER_BITS) - 1
_MILLISECONDS = ~_COUNTER


class IdSource:
    """Gives ids: 41 bits of milliseconds since 2024, 10 bits of node, 12 bits of counter. Thread-safe.

    Ids never repeat and never go back, also when the clock does: time then stands still until the clock catches up,
    and the counter borrows from it when one millisecond wants more than 4,096 ids. `after` is the highest id that the
    database holds (db.row_ids): the clock may have been set back while no process ran.
    """

    def __init__(self, *, node: int, now: Callable[[], datetime], after: int = 0) -> None:
        # The clock itself in a third of the time: a text needs five ids.
        self._milliseconds = utc_milliseconds if now is utc_now else lambda: int(now().timestamp() * 1000)
        self._node = node << _COUNTER_BITS
        # Milliseconds and counter, without the node; the next millisecond, since the other's node may be greater.
        self._last = (after >> (_NODE_BITS + _COUNTER_BITS)) + 1 << _COUNTER_BITS
        self._lock = Lock()

    def new(self) -> int:
        """Return the next id."""
        ticks = (self._milliseconds() - _EPOCH_MS) << _COUNTER_BITS
        with self._lock:
            last = self._last + 1
            self._last = last = max(ticks, last)
        return (last & _MILLISECONDS) << _NODE_BITS | self._node | last & _COUNTER


def first_id_at(moment: datetime) -> int:
    """Return the least id that can have been made at this moment or later: a time as a place in every table."""
    milliseconds = int(moment.timestamp() * 1000) - _EPOCH_MS
    return max(0, milliseconds) << (_NODE_BITS + _COUNTER_BITS)


def minute_of(minutes: int) -> datetime:
    """Return when the minute began whose ids, divided by IDS_A_MINUTE, give this number."""
    return datetime.fromtimestamp(_EPOCH_MS / 1000 + 60 * minutes, tz=UTC)


IDS_A_MINUTE = 60_000 << (_NODE_BITS + _COUNTER_BITS)
"""How far ids go on in a minute; the epoch is a whole minute, so dividing by it counts whole minutes."""
