"""T4, receipts: the carrier's reports on segments are stored with them; the last final report counts."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice, takewhile

from sqlalchemy import Connection

from db.messages import receipts
from db.messages.outbox import SentSegment
from db.messages.receipt_matching import NewReceipt
from db.store.phone_numbers import read_sender
from sms_gateway.pipeline.ports import DeliveryReceipt

SECOND_LOOK_AFTER = timedelta(seconds=5)
"""By then another process has committed what it was storing when a segment was committed here."""

_MOST_REMEMBERED = 10_000
_MOST_AT_ONCE = 1_000


class RecentSegments:
    """Segments that were stored a moment ago, and are asked for receipts once more. For one thread.

    Another process may store a receipt while this one stores the response to the segment. Neither transaction sees what
    the other one writes, so the receipt is kept as one of an unknown message.
    """

    def __init__(self) -> None:
        self._stored = deque[tuple[datetime, SentSegment]](maxlen=_MOST_REMEMBERED)

    def remember(self, segments: Sequence[SentSegment], *, at: datetime) -> None:
        """Note segments that a transaction stores. It may fail: a segment that does not exist finds no receipt."""
        self._stored.extend((at, segment) for segment in segments)

    def due(self, now: datetime) -> Sequence[SentSegment]:
        """Return the segments to ask for receipts now, oldest first."""
        old = takewhile(lambda one: one[0] <= now - SECOND_LOOK_AFTER, self._stored)
        return [segment for _, segment in islice(old, _MOST_AT_ONCE)]

    def forget(self, count: int) -> None:
        """Forget the oldest segments: the transaction that asked for their receipts is over."""
        for _ in range(count):
            self._stored.popleft()


def record_receipts(
    connection: Connection, found: Sequence[DeliveryReceipt], *, new_id: Callable[[], int], now: datetime
) -> int:
    """Write receipts; return how many match no message yet. Safe to repeat."""
    rows = [
        NewReceipt(
            id=new_id(),
            link=receipt.link,
            message_id=receipt.message_id,
            state=receipt.state,
            error=receipt.error,
            received_at=receipt.received_at,
            sender=read_sender(receipt.sender) if receipt.sender else None,
        )
        for receipt in found
    ]
    by_own_id = {
        row.id: replace(row, id=new_id(), message_id=receipt.own_id)
        for row, receipt in zip(rows, found, strict=True)
        if receipt.own_id and receipt.own_id != receipt.message_id
    }
    return receipts.record(connection, rows, at=now, by_own_id=by_own_id)
