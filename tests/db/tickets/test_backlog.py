"""How much waits for each unit, and how fast it works."""

from __future__ import annotations

from datetime import timedelta

from db.store.ids import IdSource
from db.tickets.backlog import Backlog, count_backlog, taken_last
from db.tickets.states import TicketEvent
from tests.db.plans import explained
from tests.db.tickets.ticket_rows import FOCAL, HAI_CHAU, LAN, NOW, SON_TRA, Town

DAY = timedelta(days=1)
E = TicketEvent


def open_at(town: Town, days_ago: float, *events: TicketEvent, **changes: object) -> int:
    """Open a ticket some days ago: its id is of that time."""
    at = NOW - days_ago * DAY
    usual, town.new_id = town.new_id, IdSource(node=2, now=lambda: at).new
    try:
        with town.database.write() as connection:
            ticket_id = town.open(connection, created_at=at, **changes).id
            for event in events:
                town.step(connection, ticket_id, event, at=at, assignee_id=LAN if event is E.TAKE else None)
    finally:
        town.new_id = usual
    return ticket_id


def test_the_backlog_is_counted_by_unit_and_age(town: Town) -> None:
    open_at(town, 0.5)
    open_at(town, 0.6, E.TAKE)
    open_at(town, 2, final_due=NOW - DAY)
    open_at(town, 5, E.ASK)
    open_at(town, 6, E.WAIT, final_due=NOW - DAY)
    open_at(town, 40)
    open_at(town, 8, E.RESOLVE)
    open_at(town, 9, is_accusation=True)
    open_at(town, 10, unit_id=SON_TRA)
    with town.database.read() as connection:
        found = count_backlog(connection, now=NOW)
        assert count_backlog(connection, now=NOW, units=[SON_TRA, FOCAL]) == {SON_TRA: found[SON_TRA]}
    assert found == {
        HAI_CHAU: Backlog(waiting=4, unassigned=3, pending=2, late=2, by_age=(2, 1, 0, 0, 1)),
        SON_TRA: Backlog(waiting=1, unassigned=1, pending=0, late=0, by_age=(0, 0, 0, 1, 0)),
    }


def test_the_last_tickets_that_were_taken_are_the_samples(town: Town) -> None:
    for days in (3, 1, 2):
        open_at(town, days, E.TAKE)
    open_at(town, 1, E.TAKE, unit_id=SON_TRA)
    open_at(town, 1)
    with town.database.read() as connection:
        assert taken_last(connection, HAI_CHAU) == [NOW - DAY, NOW - 2 * DAY, NOW - 3 * DAY]
        assert taken_last(connection, HAI_CHAU, most=1) == [NOW - DAY]


def test_all_is_read_from_indexes(sqlite_town: Town) -> None:
    with sqlite_town.database.read() as connection, explained(connection) as plans:
        count_backlog(connection, now=NOW)
        count_backlog(connection, now=NOW, units=[HAI_CHAU, SON_TRA])
        taken_last(connection, HAI_CHAU)
    assert any("ix_ticket_taken (unit_id=? AND taken_at>?)" in plan for plan in plans), plans
    assert sum("COVERING INDEX ix_ticket_" in plan for plan in plans) >= 3, plans
    assert not any(plan.startswith("SCAN") for plan in plans), plans
