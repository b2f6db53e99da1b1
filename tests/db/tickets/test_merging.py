"""Merging: the matter goes on in the other ticket, and it can be undone for a month."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from db.schema import CloseReason, EntryKind, TicketState, TimerKind, ticket_timer
from db.tickets.merging import Merge, NotMerged, final_ticket, merge, undo_merge
from db.tickets.states import TicketEvent
from db.tickets.transitions import Clock, NewEntry, Overtaken, Taken
from tests.db.tickets.ticket_rows import NOW, OTHER, Town, row_of, said_in

DAY = timedelta(days=1)
SMS = NewEntry(kind=EntryKind.SYSTEM, at=NOW, body="da gop vao")
NOTE = NewEntry(kind=EntryKind.STAFF, at=NOW, body="merged", operator="lan")
E = TicketEvent


def join(town: Town, one: int, two: int, version: int = 1) -> object:
    with town.database.write() as connection:
        wanted = Merge(ticket_id=one, version=version, into_id=two, entry=SMS, note=NOTE)
        return merge(connection, wanted, new_id=town.new_id)


def undo(town: Town, ticket_id: int, version: int, days: float = 1, **given: object) -> object:
    entry = NewEntry(kind=EntryKind.STAFF, at=NOW + days * DAY, operator="lan")
    with town.database.write() as connection:
        given = {"clock": None, "timers": {}} | given
        return undo_merge(connection, ticket_id, entry, version=version, new_id=town.new_id, **given)  # type: ignore[arg-type]  # its arguments, by name


def opened(town: Town, *events: TicketEvent, **changes: object) -> int:
    with town.database.write() as connection:
        ticket_id = town.open(connection, **changes).id
        town.happen(connection, ticket_id, *events)
        return ticket_id


def test_a_merged_ticket_is_closed_and_both_say_so(town: Town) -> None:
    one, two = opened(town, timers={TimerKind.APOLOGY: NOW}), opened(town, sender=OTHER)
    assert join(town, one, two) == Taken(version=2, before=TicketState.NEW, state=TicketState.CLOSED)
    with town.database.read() as connection:
        rows = [row_of(connection, each) for each in (one, two)]
        assert said_in(connection, one)[-1] == (EntryKind.SYSTEM, "da gop vao")
        assert said_in(connection, two)[-1] == (EntryKind.STAFF, "merged")
        assert connection.execute(select(ticket_timer)).first() is None
    assert (rows[0]["close_reason"], rows[0]["merged_into"]) == (CloseReason.MERGED, two)
    assert (rows[1]["state"], rows[1]["version"]) == (TicketState.NEW, 2)


def test_a_chain_of_mergings_ends_in_the_last_ticket(town: Town) -> None:
    one, two, three = (opened(town) for _ in range(3))
    join(town, one, two)
    join(town, two, three, version=2)
    with town.database.read() as connection:
        assert [final_ticket(connection, each) for each in (one, two, three, 5)] == [three, three, three, None]


def test_no_circle_can_be_made(town: Town) -> None:
    one, two = opened(town), opened(town)
    join(town, one, two)
    assert join(town, two, one, version=2) is NotMerged.TARGET_IS_CLOSED
    assert join(town, two, two) is NotMerged.ITSELF


def test_what_cannot_be_merged_is_left_as_it_is(town: Town) -> None:
    one, accusation, resolved = opened(town), opened(town, is_accusation=True), opened(town, E.RESOLVE)
    assert join(town, one, accusation) is NotMerged.ACCUSATION
    assert join(town, accusation, one) is NotMerged.ACCUSATION
    assert join(town, one, 5) is NotMerged.UNKNOWN
    assert isinstance(join(town, one, resolved, version=7), Overtaken)
    assert isinstance(join(town, resolved, one, version=2), Overtaken)
    with town.database.read() as connection:
        assert [row_of(connection, each)["version"] for each in (one, accusation, resolved)] == [1, 1, 2]


def test_a_text_does_not_reopen_a_merged_ticket(town: Town) -> None:
    one, two = opened(town), opened(town)
    join(town, one, two)
    with town.database.write() as connection:
        found = town.step(connection, one, E.REOPEN)
    assert isinstance(found, Overtaken)
    assert found.close_reason is CloseReason.MERGED


@pytest.mark.parametrize(
    ("events", "state"),
    [
        pytest.param((), TicketState.NEW, id="new"),
        pytest.param((E.ASK,), TicketState.PENDING_CITIZEN, id="waits for the citizen"),
        pytest.param((E.WAIT,), TicketState.PENDING_THIRD, id="waits for another body"),
    ],
)
def test_an_undone_merging_gives_the_state_back(
    town: Town, events: tuple[TicketEvent, ...], state: TicketState
) -> None:
    one, two = opened(town, *events), opened(town)
    version = 1 + len(events)
    join(town, one, two, version=version)
    clock = Clock(first_due=NOW, final_due=NOW + 3 * DAY)
    timers = {TimerKind.APOLOGY: NOW + 3 * DAY, TimerKind.NO_REPLY: NOW + DAY}
    assert isinstance(undo(town, one, version), Overtaken)
    assert undo(town, one, version + 1, clock=clock, timers=timers) == Taken(
        version=version + 2, before=TicketState.CLOSED, state=state
    )
    with town.database.read() as connection:
        row = row_of(connection, one)
        kinds = set(connection.scalars(select(ticket_timer.c.kind).where(ticket_timer.c.ticket_id == one)))
    assert (row["merged_into"], row["close_reason"], row["closed_at"]) == (None, None, None)
    assert row["final_due"] == NOW + 3 * DAY
    assert kinds == {TimerKind.NO_REPLY if state is TicketState.PENDING_CITIZEN else TimerKind.APOLOGY}


def test_a_merging_is_not_undone_after_a_month_or_when_there_was_none(town: Town) -> None:
    one, two, withdrawn = opened(town), opened(town), opened(town, E.DONE)
    join(town, one, two)
    assert undo(town, one, 2, days=31) is NotMerged.TOO_LATE
    assert undo(town, withdrawn, 2) is NotMerged.NO_MERGING
    assert undo(town, 5, 1) is NotMerged.UNKNOWN
    assert isinstance(undo(town, one, 2, days=30), Taken)
