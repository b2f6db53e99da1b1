"""T4, receipts: what a carrier says of a segment is written to it, forward only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from db import receipts
from sms_gateway.road.ports import DeliveryReceipt


def record_receipts(
    connection: Connection, found: Sequence[DeliveryReceipt], *, new_id: Callable[[], int], now: datetime
) -> int:
    """Write receipts; return how many match no message yet. Safe to repeat."""
    rows = [
        receipts.NewReceipt(
            id=new_id(),
            link=receipt.link,
            message_id=receipt.message_id,
            state=receipt.state,
            error=receipt.error,
            received_at=receipt.received_at,
        )
        for receipt in found
    ]
    return receipts.record(connection, rows, at=now)
