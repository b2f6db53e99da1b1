"""Two units with their agents and tickets, for tests of the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from db.schema import (
    EntryKind,
    KeptReason,
    OperatorRole,
    OutboundState,
    TicketKind,
    outbound,
    ticket,
    ticket_entry,
)
from db.staff.operators import add_operator, change_password
from db.store.address import Address
from db.store.engine import Database
from db.tickets.kept_texts import NewKept, keep_text
from db.tickets.opening import NewTicket, open_tickets
from db.tickets.states import TicketEvent
from db.tickets.transitions import NewEntry, Step, Taken, take_step
from db.tickets.whole_ticket import Scope, Ticket, read_ticket
from db.units.memberships import Membership, set_membership
from tests.sms_gateway.city_office import FOCAL, OTHER, WARD, ticket_numbers
from tests.sms_gateway.conftest import HASHED, NOON, log_in

CITIZEN = Address("84905123456")
NEIGHBOUR = Address("84935111222")
WORDS = "den duong hong truoc nha so 25 Le Duan"
EVERY_ACCUSATION = Scope(units=None, led=frozenset({FOCAL, WARD, OTHER}))


@dataclass(kw_only=True)
class TicketOffice:
    """Writes rows of tickets, and lets operators log in."""

    app: Flask
    database: Database
    new_id: Callable[[], int]
    now: datetime = NOON
    draw: Callable[[], str] = field(default_factory=ticket_numbers)

    def agent(
        self, name: str, *unit_ids: int, leads: bool = False, role: OperatorRole = OperatorRole.AGENT
    ) -> FlaskClient:
        """Add an operator of these units, and log in."""
        row_id = self.new_id()
        with self.database.write() as connection:
            add_operator(connection, operator_id=row_id, name=name, password_hash=HASHED, role=role, now=NOON)
            change_password(connection, row_id, HASHED)
            for unit_id in unit_ids:
                set_membership(connection, Membership(operator_id=row_id, unit_id=unit_id, leads=leads))
        client = self.app.test_client()
        assert log_in(client, name=name).status_code == 303
        return client

    def open(self, unit_id: int = WARD, **changes: object) -> int:
        """Open a ticket of a citizen; return its id."""
        new = NewTicket(
            kind=TicketKind.REPORT,
            sender=CITIZEN,
            short_code="8188",
            reply_link="viettel",
            subject=WORDS,
            body=f"PA {WORDS}",
            language="vi",
            unit_id=unit_id,
            routed_by="ward",
            created_at=self.now,
            first_due=self.now + timedelta(hours=4),
            final_due=self.now + timedelta(days=3),
            promised_at=self.now + timedelta(days=3),
            inbound_id=self.new_id(),
        )
        with self.database.write() as connection:
            (opened,) = open_tickets(
                connection,
                [replace(new, **changes)],  # type: ignore[arg-type] # fields of NewTicket, given by name
                draw=self.draw,
                new_id=self.new_id,
            )
        return opened.id

    def happen(self, ticket_id: int, event: TicketEvent, entry: NewEntry, **given: object) -> None:
        """Let something happen to a ticket."""
        step = Step(ticket_id=ticket_id, event=event, entry=entry, **given)  # type: ignore[arg-type] # fields of Step
        with self.database.write() as connection:
            assert isinstance(take_step(connection, step, new_id=self.new_id), Taken)

    def write(self, ticket_id: int, words: str) -> None:
        """Let the citizen write to a ticket."""
        entry = NewEntry(kind=EntryKind.CITIZEN, at=self.now, body=words, inbound_id=self.new_id())
        self.happen(ticket_id, TicketEvent.WRITE, entry)

    def keep(self, body: str, sender: Address = CITIZEN, *, hours: int = 25) -> int:
        """Keep a text that nobody chose a ticket for."""
        at = self.now - timedelta(hours=hours)
        new = NewKept(
            inbound_id=self.new_id(),
            sender=sender,
            short_code="8188",
            reply_link="viettel",
            reason=KeptReason.SEND,
            body=body,
            kept_at=at,
            until=at + timedelta(hours=24),
        )
        with self.database.write() as connection:
            return keep_text(connection, new, new_id=self.new_id)

    def read(self, ticket_id: int) -> Ticket:
        """Return a ticket as it is."""
        with self.database.read() as connection:
            found = read_ticket(connection, ticket_id, EVERY_ACCUSATION)
        assert found is not None
        return found

    def sent(self) -> list[str]:
        """Return the texts that wait to be sent, in their order."""
        with self.database.read() as connection:
            return list(connection.scalars(select(outbound.c.body).order_by(outbound.c.id)))

    def fail_all(self) -> None:
        """Let every SMS fail."""
        with self.database.write() as connection:
            connection.execute(update(outbound).values(state=OutboundState.FAILED))

    def said(self, ticket_id: int) -> list[tuple[str, str | None]]:
        """Return the kind and the words of each line of a ticket."""
        asked = select(ticket_entry.c.kind, ticket_entry.c.body).where(ticket_entry.c.ticket_id == ticket_id)
        with self.database.read() as connection:
            return [(row.kind.value, row.body) for row in connection.execute(asked.order_by(ticket_entry.c.id))]

    def entry_ids(self, ticket_id: int) -> list[int]:
        """Return the ids of the lines of a ticket."""
        asked = select(ticket_entry.c.id).where(ticket_entry.c.ticket_id == ticket_id).order_by(ticket_entry.c.id)
        with self.database.read() as connection:
            return list(connection.scalars(asked))

    def count(self) -> int:
        """Count the tickets."""
        with self.database.read() as connection:
            return len(list(connection.scalars(select(ticket.c.id))))
