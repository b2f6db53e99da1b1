"""T4, receipts: the carrier's reports on segments are stored with them; the last final report counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from db.messages import receipts
from db.messages.receipt_matching import NewReceipt
from sms_gateway.country import read_sender
from sms_gateway.pipeline.ports import DeliveryReceipt


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
    return receipts.record(connection, rows, at=now)
