"""A ticket for pages of units, which show how many there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import count

from db.schema import Priority, TicketKind
from db.store.address import Address
from db.store.engine import Database
from db.tickets.opening import NewTicket, open_tickets
from tests.sms_gateway.conftest import NOON


def open_ticket(
    database: Database,
    new_id: Callable[[], int],
    *,
    due: datetime,
    priority: Priority = Priority.NORMAL,
    unit_id: int = 1,
) -> None:
    """Open a ticket of a unit, due at a time."""
    numbers = count(1)
    made = NewTicket(
        kind=TicketKind.REPORT,
        sender=Address("84905123456"),
        short_code="8188",
        reply_link="viettel",
        subject="den duong",
        body="den duong hong",
        language="vi",
        unit_id=unit_id,
        routed_by="focal",
        created_at=NOON,
        first_due=due,
        final_due=due,
        promised_at=due,
        priority=priority,
        inbound_id=new_id(),
    )
    with database.write() as connection:
        open_tickets(connection, [made], draw=lambda: f"YC4{next(numbers):08}", new_id=new_id)
