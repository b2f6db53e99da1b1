"""Units, operators and tickets as tests of tickets need them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import Connection, insert, select

from db.schema import (
    EntryKind,
    OperatorRole,
    OutboundState,
    TicketKind,
    calendar,
    operator,
    outbound,
    ticket,
    ticket_entry,
    unit,
)
from db.store.address import Address
from db.store.engine import Database
from db.store.ids import IdSource
from db.tickets.opening import NewTicket, Opened, open_tickets
from db.tickets.states import TicketEvent
from db.tickets.transitions import NewEntry, Step, Taken, take_step

NOW = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
CITIZEN = Address("84905123456")
OTHER = Address("84905999888")
HAI_CHAU, SON_TRA, FOCAL = 11, 12, 13
LAN, MINH = 21, 22

NEW = NewTicket(
    kind=TicketKind.QUESTION,
    sender=CITIZEN,
    short_code="8188",
    reply_link="main",
    subject="giay to tam tru",
    body="dang ky tam tru can giay to gi",
    language="vi",
    unit_id=HAI_CHAU,
    routed_by="focal",
    created_at=NOW,
    first_due=NOW + timedelta(hours=1),
    final_due=NOW + timedelta(hours=8),
    promised_at=NOW + timedelta(hours=8),
)


class Town:
    """A database with three units and two operators; gives ids and ticket numbers."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.new_id: Callable[[], int] = IdSource(node=1, now=lambda: NOW).new
        self._numbers = count(1)
        with database.write() as connection:
            connection.execute(insert(calendar).values(id=1, name="offices"))
            for unit_id, name in ((HAI_CHAU, "Hai Chau"), (SON_TRA, "Son Tra"), (FOCAL, "Tong dai")):
                connection.execute(
                    insert(unit).values(
                        id=unit_id, code=name, name=name, folded=name.upper(), calendar_id=1, busy_capacity=20
                    )
                )
            for row_id, name in ((LAN, "lan"), (MINH, "minh")):
                connection.execute(
                    insert(operator).values(
                        id=row_id,
                        name=name,
                        password_hash="-",
                        role=OperatorRole.OPERATOR,
                        must_change=False,
                        created_at=NOW,
                    )
                )

    def number(self) -> str:
        """Return the next ticket number."""
        return f"YC4{next(self._numbers):08}"

    def open(self, connection: Connection, **changes: object) -> Opened:
        """Open one ticket; without `inbound_id` it gets one of its own."""
        changes.setdefault("inbound_id", self.new_id())
        one = replace(NEW, **changes)  # type: ignore[arg-type]  # fields of NewTicket, given by name
        (opened,) = open_tickets(connection, [one], draw=self.number, new_id=self.new_id)
        return opened

    def step(
        self, connection: Connection, ticket_id: int, event: TicketEvent, *, at: datetime = NOW, **given: object
    ) -> object:
        """Let something happen to a ticket: with an entry of the kind that fits, unless one is given."""
        entry = given.pop("entry", None) or NewEntry(kind=KIND.get(event, EntryKind.STAFF), at=at, body="noi dung")
        step = Step(ticket_id=ticket_id, event=event, entry=entry, **given)  # type: ignore[arg-type]  # fields of Step
        return take_step(connection, step, new_id=self.new_id)

    def happen(self, connection: Connection, ticket_id: int, *events: TicketEvent, at: datetime = NOW) -> None:
        """Let several events happen, each of which must be allowed."""
        for event in events:
            assert isinstance(self.step(connection, ticket_id, event, at=at), Taken), event

    def sms(self, connection: Connection, *, sent_at: datetime | None) -> int:
        """Write an SMS of ours; return its id."""
        row_id = self.new_id()
        connection.execute(
            insert(outbound).values(
                id=row_id,
                link="main",
                sender="8188",
                recipient=CITIZEN,
                recipient_mark=CITIZEN,
                body="-",
                reference=1,
                state=OutboundState.QUEUED if sent_at is None else OutboundState.SENT,
                created_at=NOW,
                expires_at=NOW,
                not_before=NOW,
                sent_at=sent_at,
            )
        )
        return row_id


KIND = {
    TicketEvent.ANSWER: EntryKind.ANSWER,
    TicketEvent.ASK: EntryKind.QUESTION,
    TicketEvent.RESOLVE: EntryKind.ANSWER,
    TicketEvent.NOTE: EntryKind.NOTE,
    TicketEvent.WRITE: EntryKind.CITIZEN,
    TicketEvent.REPLY: EntryKind.CITIZEN,
    TicketEvent.REOPEN: EntryKind.CITIZEN,
    TicketEvent.ACCEPT: EntryKind.CITIZEN,
    TicketEvent.DONE: EntryKind.CITIZEN,
}


def row_of(connection: Connection, ticket_id: int) -> dict[str, object]:
    """Return a ticket's row."""
    return dict(connection.execute(select(ticket).where(ticket.c.id == ticket_id)).mappings().one())


def said_in(connection: Connection, ticket_id: int) -> list[tuple[EntryKind, str | None]]:
    """Return the entries of a ticket: kind and words."""
    asked = select(ticket_entry.c.kind, ticket_entry.c.body).where(ticket_entry.c.ticket_id == ticket_id)
    return [(row.kind, row.body) for row in connection.execute(asked.order_by(ticket_entry.c.id))]
