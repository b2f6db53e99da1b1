"""Which acknowledgements the carrier surely has: the others may be lost when the session ends, and it sends again."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from sms_gateway.channels.smpp.session.session import Session

UNPROVEN_SECONDS = 5.0
"""So long after an acknowledgement an enquire_link asks for the proof, when nothing else has given it."""

MOST_LOTS = 10_000
"""Batches remembered: far more than come in the seconds until they are proven."""


class Lot:
    """What one read of the connection brought; it is acknowledged when none of it waits any more."""

    __slots__ = ("at", "mark", "session", "waiting", "written_at")

    def __init__(self, session: int, at: datetime) -> None:
        self.session = session  # the link's session number
        self.at = at  # when all of it was received
        self.waiting = 0
        self.mark = 0  # requests that we had made when the last of it was acknowledged
        self.written_at = 0.0  # monotonic


class Hearing:
    """The batches of one session whose acknowledgements may be lost. Belongs to the I/O thread of its bind.

    The carrier surely has an acknowledgement when it answers a request that was written after it, since both go by one
    connection. A message of its own proves nothing: it may have crossed with the acknowledgement.
    """

    def __init__(self) -> None:
        self._lots: deque[Lot] = deque()
        self._lost = False  # too many to remember

    def add(self, lot: Lot) -> None:
        """Remember what came in."""
        self._lots.append(lot)
        if len(self._lots) > MOST_LOTS:
            self._lots.popleft()
            self._lost = True

    def answered(self, lot: Lot, session: Session, now: float) -> None:
        """Note that one more of a batch is acknowledged."""
        lot.waiting -= 1
        if not lot.waiting:
            lot.mark, lot.written_at = session.asked, now

    def forget(self, session: Session) -> None:
        """Forget what is proven."""
        while self._lots and _is_heard(self._lots[0], session):
            self._lots.popleft()

    def wants_proof(self, now: float) -> bool:
        """Return whether an acknowledgement has been without proof for long."""
        return bool(self._lots) and not self._lots[0].waiting and now - self._lots[0].written_at >= UNPROVEN_SECONDS

    def end(self, session: Session) -> list[tuple[int, datetime]] | None:
        """End with the session: return session number and time of all that may come again; None when nobody knows."""
        unacknowledged = [(lot.session, lot.at) for lot in self._lots if not _is_heard(lot, session)]
        return None if self._lost else unacknowledged


def _is_heard(lot: Lot, session: Session) -> bool:
    return not lot.waiting and session.proven > lot.mark
