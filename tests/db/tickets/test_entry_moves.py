"""Moving and splitting: what was filed wrongly goes where it belongs, and each ticket keeps words."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from db.schema import EntryKind, ticket_entry
from db.tickets.entry_moves import Moved, NotMoved, move_entry, split_entry
from db.tickets.opening import Opened
from db.tickets.situation import read_situations
from db.tickets.states import TicketEvent
from db.tickets.transitions import NewEntry
from tests.db.tickets.ticket_rows import CITIZEN, NEW, NOW, Town, row_of, said_in

E = TicketEvent


def entries_of(town: Town, ticket_id: int) -> list[int]:
    with town.database.read() as connection:
        asked = select(ticket_entry.c.id).where(ticket_entry.c.ticket_id == ticket_id).order_by(ticket_entry.c.id)
        return list(connection.scalars(asked))


def opened(town: Town) -> tuple[int, list[int]]:
    """Open a ticket with a second text and an answer."""
    with town.database.write() as connection:
        ticket_id = town.open(connection).id
        words = NewEntry(kind=EntryKind.CITIZEN, at=NOW, body="ho ga mat nap", inbound_id=ticket_id + 1)
        town.step(connection, ticket_id, E.WRITE, entry=words)
        town.happen(connection, ticket_id, E.ANSWER)
    return ticket_id, entries_of(town, ticket_id)


def move(town: Town, entry_id: int, to_id: int) -> Moved | NotMoved:
    with town.database.write() as connection:
        return move_entry(connection, entry_id, to_id, at=NOW, operator="lan", new_id=town.new_id)


def test_a_text_moves_and_both_tickets_say_so(town: Town) -> None:
    (one, entries), (two, _) = opened(town), opened(town)
    assert move(town, entries[1], two) == Moved(from_id=one, to_id=two)
    with town.database.read() as connection:
        rows = {each: row_of(connection, each) for each in (one, two)}
        assert (EntryKind.CITIZEN, "ho ga mat nap") not in said_in(connection, one)
        assert said_in(connection, one)[-1] == (EntryKind.STAFF, f"moved_to {rows[two]['number']}")
        assert said_in(connection, two)[-1] == (EntryKind.STAFF, f"moved_from {rows[one]['number']}")
        moved = connection.execute(select(ticket_entry).where(ticket_entry.c.id == entries[1])).one()
    assert (moved.ticket_id, moved.moved_from) == (two, one)
    assert [row["version"] for row in rows.values()] == [4, 4]
    assert move(town, entries[1], one) == Moved(from_id=two, to_id=one)


def test_what_cannot_move_stays(town: Town) -> None:
    (one, (first, second, answer)), (two, _) = opened(town), opened(town)
    with town.database.write() as connection:
        town.happen(connection, two, E.DONE)
    assert [
        move(town, entry, to) for entry, to in [(first, two), (answer, two), (second, one), (5, two), (second, 5)]
    ] == [
        NotMoved.OPENED_IT,
        NotMoved.NO_WORDS_OF_CITIZEN,
        NotMoved.ITSELF,
        NotMoved.UNKNOWN,
        NotMoved.UNKNOWN,
    ]
    assert move(town, second, two) is NotMoved.CLOSED
    assert entries_of(town, one) == [first, second, answer]


def test_a_text_becomes_a_ticket_of_its_own(town: Town) -> None:
    one, (first, second, _) = opened(town)
    new = replace(NEW, subject="ho ga")
    with town.database.write() as connection:
        split = split_entry(connection, second, new, operator="lan", draw=town.number, new_id=town.new_id)
        again = split_entry(connection, first, new, operator="lan", draw=town.number, new_id=town.new_id)
    assert isinstance(split, Opened)
    assert again is NotMoved.OPENED_IT
    with town.database.read() as connection:
        row = row_of(connection, split.id)
        found = read_situations(connection, [CITIZEN], numbers=[], today_since=NOW, now=NOW)[CITIZEN]
        assert said_in(connection, split.id)[0] == (EntryKind.CITIZEN, "ho ga mat nap")
    assert (row["parent_id"], row["subject"], row["inbound_id"]) == (one, "ho ga", one + 1)
    assert found.tickets[0].words == "ho ga mat nap"
    assert found.opened_today == 1  # an agent split it: no text opened the second
