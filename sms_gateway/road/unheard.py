"""Texts that are stored, but the carrier has not heard so, or not in time: it sends them again on the same session.

Kept in memory, for as long as the session that it concerns: after a crash the carrier comes again on another session,
and is recognised by that.
"""

from __future__ import annotations

from datetime import datetime, timedelta

MOST = 10_000
"""Texts remembered; the oldest are forgotten first."""

PATIENCE = timedelta(seconds=5)
"""No carrier's own timer ends sooner: a text acknowledged in this time is not sent again for want of a response."""

_ON_THE_WAY = timedelta(seconds=5)  # from the carrier's timer to our reading, and from our commit to its


class Unheard:
    """Remembers rows by id; belongs to the road's thread."""

    def __init__(self) -> None:
        self._until: dict[int, datetime] = {}
        self._writing: dict[int, datetime] = {}  # in the transaction that is open: when they were received

    def write(self, row_id: int, received_at: datetime) -> None:
        """Note a text that is being written: until the commit is over nobody can have heard of it."""
        self._writing[row_id] = received_at

    def expects(self, row_id: int, at: datetime) -> bool:
        """Tell whether the same text, received at this time on the same link, is the carrier's repetition."""
        until = self._until.get(row_id)
        return row_id in self._writing or (until is not None and at <= until)

    def told(self, now: datetime) -> None:
        """Note that what was written is committed and acknowledged; what came long ago may be on its way again."""
        late = [row_id for row_id, received_at in self._writing.items() if now - received_at > PATIENCE]
        self._remember(late, now + _ON_THE_WAY)

    def refused(self, now: datetime, window: timedelta) -> None:
        """Note that the commit failed and the carrier was told to come again; it may have come to pass all the same."""
        self._remember(list(self._writing), now + window)

    def _remember(self, ids: list[int], until: datetime) -> None:
        self._writing.clear()
        self._until.update(dict.fromkeys(ids, until))
        for row_id in list(self._until)[: max(0, len(self._until) - MOST)]:
            del self._until[row_id]
