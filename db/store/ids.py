"""Row ids made by us: 64-bit and time-ordered, so rows can be built without asking the database back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

_EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_NODE_BITS = 10
_COUNTER_BITS = 12
_COUNTER = (1 << _COUNTER_BITS) - 1
_MILLISECONDS = ~_COUNTER


class IdSource:
    """Gives ids: 41 bits of milliseconds since 2024, 10 bits of node, 12 bits of counter. Thread-safe.

    Ids never repeat and never go back, also when the clock does: time then stands still until the clock catches up,
    and the counter borrows from it when one millisecond wants more than 4,096 ids. `after` is the highest id that the
    database holds (db.upkeep.highest_row_id): the clock may have been set back while no process ran.
    """

    def __init__(self, *, node: int, now: Callable[[], datetime], after: int = 0) -> None:
        self._now = now
        self._node = node << _COUNTER_BITS
        # Milliseconds and counter, without the node; the next millisecond, since the other's node may be greater.
        self._last = (after >> (_NODE_BITS + _COUNTER_BITS)) + 1 << _COUNTER_BITS
        self._lock = Lock()

    def new(self) -> int:
        """Return the next id."""
        ticks = _milliseconds(self._now()) << _COUNTER_BITS
        with self._lock:
            self._last = last = max(self._last + 1, ticks)
        return (last & _MILLISECONDS) << _NODE_BITS | self._node | last & _COUNTER


def first_id_at(moment: datetime) -> int:
    """Return the least id that can have been made at this moment or later: a time as a place in every table."""
    return max(0, _milliseconds(moment)) << (_NODE_BITS + _COUNTER_BITS)


def minute_of(minutes: int) -> datetime:
    """Return when the minute began whose ids, divided by IDS_A_MINUTE, give this number."""
    return _EPOCH + timedelta(minutes=minutes)


IDS_A_MINUTE = 60_000 << (_NODE_BITS + _COUNTER_BITS)
"""How far ids go on in a minute; the epoch is a whole minute, so dividing by it counts whole minutes."""

IDS_A_DAY = 24 * 60 * IDS_A_MINUTE


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND
