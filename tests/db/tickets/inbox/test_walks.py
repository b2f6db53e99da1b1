"""PostgreSQL reads no table of tickets through, once there are many: its plans follow its statistics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select, text, update

from db.schema import CloseReason, TicketState, TimerKind, ticket
from db.store.address import Address
from db.store.engine import Database
from db.tickets.backlog import taken_last
from db.tickets.inbox import read_inbox
from db.tickets.inbox.filters import InboxFilter, View
from db.tickets.opening import open_tickets
from db.tickets.retention import empty_tickets
from db.tickets.situation import read_situations
from db.tickets.timers import due_timers
from db.tickets.whole_ticket import EVERYTHING, Scope, list_own, read_entries
from tests.db.plans import explained
from tests.db.tickets.ticket_rows import FOCAL, HAI_CHAU, LAN, NEW, NOW, SON_TRA, Town

COUNT = 6000
PHONES = [Address(f"849050{number:05}") for number in range(20)]
ONE_UNIT = Scope(units=frozenset({HAI_CHAU}))


@pytest.fixture(scope="module")
def asked() -> dict[str, Callable[[Connection], object]]:
    """Return what is asked all the time, by name."""
    lists = {
        f"{view.value} {name}": lambda connection, view=view, scope=scope: read_inbox(
            connection, InboxFilter(view=view, operator_id=LAN), scope, now=NOW, size=10
        )
        for view in View
        for name, scope in (("everywhere", EVERYTHING), ("in one unit", ONE_UNIT))
    }
    return lists | {
        "phone": lambda connection: read_inbox(
            connection, InboxFilter(view=View.EVERY, sender=PHONES[3]), EVERYTHING, now=NOW
        ),
        "situation": lambda connection: read_situations(
            connection, PHONES, numbers=["YC400000003"], today_since=NOW, now=NOW
        ),
        "timers": lambda connection: due_timers(connection, now=NOW, limit=10),
        "own": lambda connection: list_own(connection, PHONES[3], since=NOW - timedelta(days=90), most=3),
        "entries": lambda connection: read_entries(connection, 5),
        "taken": lambda connection: taken_last(connection, HAI_CHAU),
        "retention": lambda connection: empty_tickets(connection, closed_before=NOW - timedelta(days=730)),
    }


def fill(town: Town) -> None:
    """Open many tickets and close most of them, as after some years."""
    with town.database.write() as connection:
        for start in range(0, COUNT, 500):
            new = [
                replace(
                    NEW,
                    inbound_id=number + 1,
                    sender=Address(f"849050{number % 2000:05}"),
                    unit_id=(HAI_CHAU, SON_TRA, FOCAL)[number % 3],
                    final_due=NOW + number * timedelta(minutes=1),
                    timers={TimerKind.APOLOGY: NOW + number * timedelta(minutes=1)},
                )
                for number in range(start, start + 500)
            ]
            open_tickets(connection, new, draw=town.number, new_id=town.new_id)
        closed = {"state": TicketState.CLOSED, "close_reason": CloseReason.ANSWERED, "closed_at": NOW}
        connection.execute(update(ticket).where(ticket.c.inbound_id % 20 != 0).values(closed))
        connection.execute(text("ANALYZE"))


def read_through(plans: list[str]) -> list[str]:
    tables = ("ticket", "ticket_entry", "ticket_timer", "citizen")
    return [plan for plan in plans for table in tables if f"Seq Scan on {table} " in plan]


def test_no_table_of_tickets_is_read_through(
    postgres_database: Database, asked: dict[str, Callable[[Connection], object]]
) -> None:
    fill(Town(postgres_database))
    read = {}
    for name, ask in asked.items():
        with postgres_database.write() as connection, explained(connection) as plans:
            ask(connection)
        assert plans, name
        read[name] = read_through(plans)
    assert {name: plans for name, plans in read.items() if plans} == {}
    with postgres_database.write() as connection, explained(connection) as plans:
        connection.execute(select(ticket.c.id).where(ticket.c.reopened == 5))
    assert read_through(plans), "a table that is read through would not be noticed"
