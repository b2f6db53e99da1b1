"""Timers: each fires once, after an outage too, and when the clock goes back."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.schema import TicketState, TimerKind, ticket_timer
from db.tickets.states import TicketEvent
from db.tickets.timers import delay, due_timers, mark_done
from tests.db.plans import explained
from tests.db.tickets.ticket_rows import HAI_CHAU, NOW, Town

MINUTE = timedelta(minutes=1)
URGENT = {
    TimerKind.URGENT_5: NOW + 5 * MINUTE,
    TimerKind.URGENT_10: NOW + 10 * MINUTE,
    TimerKind.URGENT_15: NOW + 15 * MINUTE,
}


def fire(town: Town, minutes: float) -> list[TimerKind]:
    """Let everything fire that is due; return what did."""
    now = NOW + minutes * MINUTE
    with town.database.write() as connection:
        return [timer.kind for timer in due_timers(connection, now=now) if mark_done(connection, timer, now=now)]


def test_a_timer_fires_when_its_time_comes_and_once(town: Town) -> None:
    with town.database.write() as connection:
        opened = town.open(connection, timers=URGENT)
        (first, *_) = due_timers(connection, now=NOW + 6 * MINUTE)
    assert (first.ticket_id, first.state, first.version, first.unit_id) == (opened.id, TicketState.NEW, 1, HAI_CHAU)
    assert fire(town, 4) == []
    assert fire(town, 5) == [TimerKind.URGENT_5]
    assert fire(town, 5) == []
    assert fire(town, 24 * 60) == [TimerKind.URGENT_10, TimerKind.URGENT_15]
    assert fire(town, 24 * 60) == []


def test_a_state_that_ends_a_timer_keeps_it_from_firing(town: Town) -> None:
    with town.database.write() as connection:
        opened = town.open(connection, timers=URGENT)
        (seen, *_) = due_timers(connection, now=NOW + 60 * MINUTE)
        town.happen(connection, opened.id, TicketEvent.TAKE)
        assert not mark_done(connection, seen, now=NOW)
    assert fire(town, 60) == []


def test_an_acknowledgement_stops_the_escalation_for_a_while(town: Town) -> None:
    with town.database.write() as connection:
        opened = town.open(connection, timers=URGENT)
    assert fire(town, 5) == [TimerKind.URGENT_5]
    with town.database.write() as connection:
        delay(connection, opened.id, URGENT.keys(), until=NOW + 21 * MINUTE)
    assert [fire(town, minutes) for minutes in (20, 21, 25, 26)] == [
        [],
        [TimerKind.URGENT_10],
        [],
        [TimerKind.URGENT_15],
    ]


def test_a_step_is_bounded_and_takes_the_earliest_first(town: Town) -> None:
    with town.database.write() as connection:
        for minutes in (3, 1, 2):
            town.open(connection, timers={TimerKind.WARN_UNIT: NOW + minutes * MINUTE})
        found = due_timers(connection, now=NOW + 60 * MINUTE, limit=2)
    assert [timer.at for timer in found] == [NOW + MINUTE, NOW + 2 * MINUTE]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(looks=st.lists(st.floats(-120, 1600), max_size=12))
def test_each_fires_once_whatever_the_clock_does(sqlite_town: Town, looks: list[float]) -> None:
    with sqlite_town.database.write() as connection:
        connection.execute(ticket_timer.delete())
        sqlite_town.open(connection, timers=URGENT)
    fired = [(minutes, kind) for minutes in looks for kind in fire(sqlite_town, minutes)]
    assert len({kind for _, kind in fired}) == len(fired)
    assert all(NOW + minutes * MINUTE >= URGENT[kind] for minutes, kind in fired)
    latest = NOW + max(looks, default=-1) * MINUTE
    assert {kind for _, kind in fired} == {kind for kind, at in URGENT.items() if at <= latest}


def test_what_is_due_is_found_by_an_index(sqlite_town: Town) -> None:
    with sqlite_town.database.write() as connection, explained(connection) as plans:
        due_timers(connection, now=NOW)
    assert any("ix_ticket_timer_due (at<?)" in plan for plan in plans), plans
    assert not any(plan.startswith("SCAN") for plan in plans), plans
