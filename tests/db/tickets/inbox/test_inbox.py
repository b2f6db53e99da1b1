"""The inbox: every list holds what it says, page by page, and counts as much."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from random import Random

import pytest

from db.schema import Priority, TicketKind, TicketState
from db.store.ids import first_id_at
from db.tickets.inbox import SOON, count_inbox, read_inbox
from db.tickets.inbox.filters import NEWEST_FIRST, InboxFilter, Key, View
from db.tickets.states import ACTIVE_STATES, TicketEvent
from db.tickets.transitions import Details
from db.tickets.whole_ticket import EVERYTHING, Scope, Ticket
from tests.db.plans import explained
from tests.db.tickets.ticket_rows import CITIZEN, FOCAL, HAI_CHAU, LAN, MINH, NOW, OTHER, SON_TRA, Town

HOUR = timedelta(hours=1)
E = TicketEvent
HAI_CHAU_ALONE = Scope(units=frozenset({HAI_CHAU}), led=frozenset({HAI_CHAU}))
SCOPES = [
    pytest.param(EVERYTHING, id="every unit"),
    pytest.param(HAI_CHAU_ALONE, id="one unit and its accusations"),
    pytest.param(Scope(units=frozenset({HAI_CHAU, SON_TRA}), led=frozenset({SON_TRA})), id="two units"),
    pytest.param(Scope(units=frozenset(range(10, 30))), id="very many units"),
    pytest.param(Scope(units=frozenset()), id="no unit"),
]
PATHS: Sequence[tuple[TicketEvent, ...]] = [
    (),
    (E.TAKE,),
    (E.ASK,),
    (E.WAIT,),
    (E.RESOLVE,),
    (E.RESOLVE, E.ACCEPT),
    (E.DONE,),
    (E.TAKE, E.RESOLVE, E.REOPEN),
]


BODIES: Mapping[int, set[str]] = {
    rest: {f"YC4{number + 1:08}" for number in range(120) if number % 5 == rest} for rest in range(5)
}
"""Ticket numbers by the words that `fill` gives them."""


def fill(town: Town, count: int = 120) -> None:
    """Open tickets of every kind in every state, as chance has it."""
    chance = Random(17)
    with town.database.write() as connection:
        for number in range(count):
            due = NOW + chance.randrange(-30, 30) * HOUR / 3
            opened = town.open(
                connection,
                sender=chance.choice([CITIZEN, OTHER]),
                kind=chance.choice(list(TicketKind)),
                priority=chance.choice(list(Priority)),
                unit_id=chance.choice([HAI_CHAU, SON_TRA, FOCAL]),
                final_due=due,
                is_accusation=chance.random() < 0.2,
                is_unsure=chance.random() < 0.2,
                subject=f"viec {number % 7}",
                body=f"noi dung {number % 5}",
            )
            for event in chance.choice(PATHS):
                agent = chance.choice([LAN, MINH]) if event is E.TAKE else None
                town.step(connection, opened.id, event, assignee_id=agent)


def may_see(scope: Scope, one: Ticket) -> bool:
    if scope.units is not None and one.unit_id not in scope.units:
        return False
    return not one.is_accusation or one.unit_id in scope.led


def belongs(view: View, one: Ticket) -> bool:
    """Say of a ticket whether a list of Lan's holds it; as people would, not as the query does."""
    waits = one.state in (TicketState.NEW, TicketState.OPEN)
    runs = waits or one.state is TicketState.PENDING_THIRD
    return {
        View.MINE: one.state in ACTIVE_STATES and one.assignee_id == LAN,
        View.UNASSIGNED: waits and one.assignee_id is None,
        View.WAITING: waits,
        View.PENDING: one.state in (TicketState.PENDING_CITIZEN, TicketState.PENDING_THIRD),
        View.DUE_SOON: runs and NOW <= one.final_due < NOW + SOON,
        View.LATE: runs and one.final_due < NOW,
        View.RESOLVED: one.state is TicketState.RESOLVED,
        View.TO_SORT: one.is_unsure and one.state in ACTIVE_STATES,
        View.CLOSED: one.state is TicketState.CLOSED,
        View.EVERY: True,
    }[view]


def every_page(town: Town, wanted: InboxFilter, scope: Scope, *, size: int = 7) -> list[Ticket]:
    found: list[Ticket] = []
    after: Key | None = None
    with town.database.read() as connection:
        while True:
            page = read_inbox(connection, wanted, scope, now=NOW, after=after, size=size)
            assert len(page.tickets) <= size
            found += page.tickets
            if page.next_key is None:
                return found
            after = page.next_key


def everything(town: Town) -> list[Ticket]:
    every = Scope(units=None, led=frozenset({HAI_CHAU, SON_TRA, FOCAL}))
    return every_page(town, InboxFilter(view=View.EVERY), every, size=500)


def order(view: View) -> Callable[[Ticket], tuple[object, ...]]:
    if view in NEWEST_FIRST:
        return lambda one: (-one.id,)
    rank = [Priority.URGENT] if view is not View.RESOLVED else []
    return lambda one: (one.priority not in rank, one.final_due, one.id)


@pytest.mark.parametrize("scope", SCOPES)
def test_every_list_holds_what_it_says_and_counts_as_much(town: Town, scope: Scope) -> None:
    fill(town)
    known = everything(town)
    assert len(known) == 120
    lengths = {}
    for view in View:
        expected = sorted((one for one in known if may_see(scope, one) and belongs(view, one)), key=order(view))
        found = every_page(town, InboxFilter(view=view, operator_id=LAN), scope)
        assert [one.id for one in found] == [one.id for one in expected], view
        lengths[view.value] = len(found)
    with town.database.read() as connection:
        counts = asdict(count_inbox(connection, scope, operator_id=LAN, now=NOW))
    assert counts == {name: lengths[name] for name in counts}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        pytest.param({"unit_id": SON_TRA}, lambda one: one.unit_id == SON_TRA, id="unit"),
        pytest.param({"kind": TicketKind.REPORT}, lambda one: one.kind is TicketKind.REPORT, id="kind"),
        pytest.param({"priority": Priority.URGENT}, lambda one: one.priority is Priority.URGENT, id="priority"),
        pytest.param({"topic_id": 5}, lambda _: False, id="topic that none has"),
        pytest.param({"ward_id": 5}, lambda _: False, id="ward that none has"),
        pytest.param({"sender": OTHER}, lambda one: one.phone == OTHER, id="phone"),
        pytest.param(
            {"sender": OTHER, "unit_id": SON_TRA},
            lambda one: one.phone == OTHER and one.unit_id == SON_TRA,
            id="phone and unit",
        ),
        pytest.param({"holds": lambda words: "viec 3" in words}, lambda one: one.subject == "viec 3", id="subject"),
        pytest.param(
            {"holds": lambda words: "noi dung 2" in words, "kind": TicketKind.QUESTION},
            lambda one: one.kind is TicketKind.QUESTION and one.number in BODIES[2],
            id="words and kind",
        ),
    ],
)
def test_conditions_combine(town: Town, condition: dict[str, object], holds: Callable[[Ticket], bool]) -> None:
    fill(town, 60)
    scope = Scope(units=None)
    known = [one for one in everything(town) if may_see(scope, one) and holds(one)]
    for view in (View.WAITING, View.MINE, View.TO_SORT, View.CLOSED, View.EVERY):
        expected = {one.id for one in known if belongs(view, one)}
        wanted = InboxFilter(view=view, operator_id=LAN, **condition)  # type: ignore[arg-type]  # its fields, by name
        found = every_page(town, wanted, scope)
        assert len(found) == len(expected), view
        assert {one.id for one in found} == expected, view


def test_a_day_is_a_part_of_the_list(town: Town) -> None:
    with town.database.write() as connection:
        tickets = [town.open(connection).id for _ in range(5)]
    wanted = InboxFilter(view=View.EVERY, since=tickets[1], until=tickets[4])
    assert [one.id for one in every_page(town, wanted, EVERYTHING, size=2)] == tickets[1:4][::-1]
    assert every_page(town, InboxFilter(view=View.WAITING, since=first_id_at(NOW + HOUR)), EVERYTHING) == []


def test_a_ticket_that_goes_away_leaves_no_other_out(town: Town) -> None:
    with town.database.write() as connection:
        tickets = [town.open(connection, final_due=NOW + number * HOUR).id for number in range(6)]
        wanted = InboxFilter(view=View.WAITING)
        first = read_inbox(connection, wanted, EVERYTHING, now=NOW, size=3)
        town.happen(connection, tickets[0], E.RESOLVE)
        town.step(connection, tickets[4], E.NOTE, details=Details(priority=Priority.LOW))
        second = read_inbox(connection, wanted, EVERYTHING, now=NOW, after=first.next_key, size=3)
    assert [one.id for one in (*first.tickets, *second.tickets)] == tickets


def test_a_page_that_looked_at_many_stops_short(sqlite_town: Town) -> None:
    with sqlite_town.database.write() as connection:
        for _ in range(2600):
            sqlite_town.open(connection)
    wanted = InboxFilter(view=View.WAITING, holds=lambda _: False)
    with sqlite_town.database.read() as connection:
        first = read_inbox(connection, wanted, EVERYTHING, now=NOW)
        second = read_inbox(connection, wanted, EVERYTHING, now=NOW, after=first.next_key)
    assert (first.tickets, first.stopped_short, first.next_key is None) == ([], True, False)
    assert (second.tickets, second.stopped_short, second.next_key) == ([], False, None)


@pytest.mark.parametrize("scope", SCOPES[:4])
def test_each_list_is_a_walk_of_an_index(sqlite_town: Town, scope: Scope) -> None:
    for view in View:
        with sqlite_town.database.read() as connection, explained(connection) as plans:
            read_inbox(connection, InboxFilter(view=view, operator_id=LAN), scope, now=NOW, after=Key(NOW, 5))
        tables = [plan for plan in plans if "ticket" in plan or "citizen" in plan]
        assert tables, view
        assert not any(plan.startswith("SCAN") and "INDEX" not in plan for plan in tables), (view, plans)


def test_counting_reads_an_index_alone_and_stops(sqlite_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite_town.database.read() as connection, explained(connection) as plans:
        count_inbox(connection, HAI_CHAU_ALONE, operator_id=LAN, now=NOW)
    assert any("COVERING INDEX ix_ticket_unit (unit_id=? AND state=?)" in plan for plan in plans), plans
    assert any("COVERING INDEX ix_ticket_to_sort" in plan for plan in plans), plans
    with sqlite_town.database.read() as connection, explained(connection) as plans:
        count_inbox(connection, EVERYTHING, operator_id=LAN, now=NOW)
    assert any("COVERING INDEX ix_ticket_due (state=?)" in plan for plan in plans), plans
    assert any("COVERING INDEX ix_ticket_to_sort" in plan for plan in plans), plans
    monkeypatch.setattr("db.tickets.inbox.COUNTED", 2)
    with sqlite_town.database.write() as connection:
        for _ in range(4):
            sqlite_town.open(connection)
        counts = count_inbox(connection, EVERYTHING, operator_id=LAN, now=NOW)
    assert (counts.waiting, counts.unassigned, counts.mine) == (3, 3, 0)


def test_urgent_tickets_come_first_on_every_page_and_are_walked_by_an_index(sqlite_town: Town) -> None:
    with sqlite_town.database.write() as connection:
        opened = [
            sqlite_town.open(
                connection,
                final_due=NOW + (number % 3) * HOUR,
                priority=Priority.URGENT if number % 2 else Priority.NORMAL,
            )
            for number in range(10)
        ]
    due = {one.id: (not place % 2, place % 3, one.id) for place, one in enumerate(opened)}
    for size in (1, 3, 5, 10):
        shown = every_page(sqlite_town, InboxFilter(view=View.WAITING), EVERYTHING, size=size)
        assert [one.id for one in shown] == sorted(due, key=lambda row_id: due[row_id]), size
    with sqlite_town.database.read() as connection, explained(connection) as plans:
        read_inbox(connection, InboxFilter(view=View.WAITING), HAI_CHAU_ALONE, now=NOW)
    assert any("ix_ticket_urgent (state=?)" in plan for plan in plans), plans
    assert any("COVERING INDEX ix_ticket_unit (unit_id=? AND state=?)" in plan for plan in plans), plans
