"""Stored texts whose acknowledgement the carrier may not have, or has too late: it sends them again.

It sends them on the same session when we were slow, and on another when the session ended before the acknowledgement
surely arrived. Kept in memory: after a crash nothing is known, and every text of the last minutes may come again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from sms_gateway.clock import monotonic
from sms_gateway.pipeline.ports import SessionsEnded

MOST = 10_000
"""Texts remembered, and sessions, and times of what may come again; the oldest are forgotten first."""

PATIENCE = timedelta(seconds=5)
"""No carrier's response timer is shorter: a text acknowledged in this time is not sent again for a missing response."""

FALLEN_SECONDS = 600.0
"""How long after the end of a session a carrier may send unacknowledged texts again, by elapsed time."""

_ON_THE_WAY = timedelta(seconds=5)  # from the carrier's timer to our reading, and from our commit to its


class Unacknowledged:
    """Remembers rows by id and sessions by number; for the pipeline's thread, except `fell`.

    `elapsed` gives seconds that never go back.
    """

    def __init__(self, elapsed: Callable[[], float] = monotonic) -> None:
        self._until: dict[int, datetime] = {}
        self._writing: dict[int, datetime] = {}  # in the transaction that is open: when they were received
        self._elapsed = elapsed
        self._began = elapsed()
        self._lock = Lock()
        self._ended: dict[tuple[str, int], float] = {}  # link and number of sessions of which all is known: their end
        self._again: dict[tuple[str, int, datetime], float] = {}  # received when, of what may come again

    def write(self, row_id: int, received_at: datetime) -> None:
        """Note a text that is being written: until the commit it cannot be acknowledged."""
        self._writing[row_id] = received_at

    def expects(self, row_id: int, at: datetime) -> bool:
        """Return whether the same text, received at this time on the same link, is the carrier's repetition."""
        until = self._until.get(row_id)
        return row_id in self._writing or (until is not None and at <= until)

    def told(self, now: datetime) -> None:
        """Note that what was written is committed and acknowledged; late acknowledgements may cross a repetition."""
        late = [row_id for row_id, received_at in self._writing.items() if now - received_at > PATIENCE]
        self._remember(late, now + _ON_THE_WAY)

    def refused(self, now: datetime, window: timedelta) -> None:
        """Note that the commit failed and the carrier was asked to come again; it may have succeeded after all."""
        self._remember(list(self._writing), now + window)

    def fell(self, ended: SessionsEnded) -> None:
        """Note what may come again of ended sessions; from any thread."""
        now = self._elapsed()
        with self._lock:
            self._ended.update({(ended.link, number): now for number in ended.sessions})
            self._again.update({(ended.link, number, at): now for number, at in ended.unacknowledged})
            self._forget(now - FALLEN_SECONDS)

    def of_session(self, link: str, session: int, received_at: datetime) -> bool | None:
        """Return whether what was received then on an earlier session may come again; None when nobody knows."""
        ended = self._ended.get((link, session))
        if ended is None or self._elapsed() - ended > FALLEN_SECONDS:
            return None
        return (link, session, received_at) in self._again

    @property
    def earliest(self) -> datetime | None:
        """When the first of what may come again was received."""
        with self._lock:
            return min((at for _, _, at in self._again), default=None) if self._again else None

    @property
    def is_young(self) -> bool:
        """Return whether this process began so recently that earlier texts may come again."""
        return self._elapsed() - self._began <= FALLEN_SECONDS

    def _forget(self, before: float) -> None:
        """Forget what is over; with too many entries everything, and then nothing counts as acknowledged."""
        self._ended = {key: at for key, at in self._ended.items() if at >= before}
        self._again = {key: at for key, at in self._again.items() if at >= before}
        if len(self._ended) > MOST or len(self._again) > MOST:
            self._ended, self._again = {}, {}

    def _remember(self, ids: list[int], until: datetime) -> None:
        self._writing.clear()
        self._until.update(dict.fromkeys(ids, until))
        for row_id in list(self._until)[: max(0, len(self._until) - MOST)]:
            del self._until[row_id]
