"""New tickets: one for a text, whatever is repeated, and a number that nobody else has."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import chain, count, repeat

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from db.schema import EntryKind, TicketState, TimerKind, citizen, ticket, ticket_entry, ticket_timer
from db.tickets.opening import NumbersRepeatError, open_tickets
from tests.db.tickets.ticket_rows import CITIZEN, NEW, NOW, OTHER, Town, row_of, said_in


def test_a_ticket_has_its_words_and_its_timers(town: Town) -> None:
    with town.database.write() as connection:
        timers = {TimerKind.WARN_UNIT: NOW + timedelta(hours=6), TimerKind.APOLOGY: NOW + timedelta(hours=8)}
        opened = town.open(connection, timers=timers, inbound_id=7)
        row = row_of(connection, opened.id)
        assert said_in(connection, opened.id) == [(EntryKind.CITIZEN, NEW.body)]
        found = connection.execute(select(ticket_timer.c.kind, ticket_timer.c.at).order_by(ticket_timer.c.at))
        assert dict(found.all()) == timers
        phone = connection.execute(select(citizen)).one()
    assert (row["number"], row["state"], row["subject"]) == (opened.number, TicketState.NEW, NEW.subject)
    assert (row["inbound_id"], row["version"], row["citizen_id"]) == (7, 1, phone.id)
    assert (phone.phone, phone.previous_ticket_id, phone.previous_at) == (CITIZEN, opened.id, NOW)


def test_a_text_opens_one_ticket_however_often_it_comes(town: Town) -> None:
    with town.database.write() as connection:
        first = town.open(connection, inbound_id=7)
        again = town.open(connection, inbound_id=7, subject="another subject")
        both = open_tickets(
            connection,
            [replace(NEW, inbound_id=7), replace(NEW, inbound_id=8, sender=OTHER)],
            draw=town.number,
            new_id=town.new_id,
        )
        tickets, entries = (connection.scalar(select(func.count()).select_from(one)) for one in (ticket, ticket_entry))
    assert (again.id, again.is_new) == (first.id, False)
    assert [one.is_new for one in both] == [False, True]
    assert both[0].number == first.number
    assert (tickets, entries) == (2, 2)


def test_a_text_that_is_an_entry_elsewhere_opens_no_ticket(town: Town) -> None:
    with town.database.write() as connection:
        first = town.open(connection, inbound_id=7)
        moved = ticket_entry.update().values(inbound_id=9)
        connection.execute(moved)
        again = town.open(connection, inbound_id=9)
    assert (again.id, again.is_new) == (first.id, False)


def test_a_number_that_is_taken_is_drawn_again(town: Town) -> None:
    numbers = chain(repeat("YC400000010", 3), ["YC400000021", "YC400000033"])
    with town.database.write() as connection:
        opened = open_tickets(
            connection,
            [replace(NEW, inbound_id=one) for one in (1, 2, 3)],
            draw=lambda: next(numbers),
            new_id=town.new_id,
        )
    assert sorted(one.number for one in opened) == ["YC400000010", "YC400000021", "YC400000033"]
    assert all(one.is_new for one in opened)


def test_a_source_that_repeats_is_reported_and_opens_nothing(town: Town) -> None:
    with town.database.write() as connection:
        town.open(connection)
        with pytest.raises(NumbersRepeatError):
            open_tickets(connection, [NEW], draw=lambda: "YC400000001", new_id=town.new_id)
        assert connection.scalar(select(func.count()).select_from(ticket)) == 1


def test_agents_open_tickets_without_a_text(town: Town) -> None:
    with town.database.write() as connection:
        opened = [town.open(connection, inbound_id=None, operator="lan") for _ in range(2)]
        phone = connection.execute(select(citizen)).one()
    assert [one.is_new for one in opened] == [True, True]
    assert phone.previous_ticket_id is None  # no text of this phone opened them


def test_texts_filed_by_several_at_once_open_one_ticket_each(town: Town) -> None:
    """Each thread files the same twenty texts in another order, with few numbers; what loses a race files again."""
    drawn = count()

    def file(turn: int) -> int:
        made = 0
        for number in range(20):
            new = replace(NEW, inbound_id=1000 + (number * 7 + turn * 5) % 20)
            for _ in range(10):
                try:
                    with town.database.write() as connection:
                        (opened,) = open_tickets(
                            connection, [new], draw=lambda: f"YC4{next(drawn) % 50:08}", new_id=town.new_id
                        )
                except IntegrityError:
                    continue
                made += opened.is_new
                break
        return made

    with ThreadPoolExecutor(4) as pool:
        made = sum(pool.map(file, range(4)))
    with town.database.read() as connection:
        texts = list(connection.scalars(select(ticket.c.inbound_id).order_by(ticket.c.inbound_id)))
        entries, phones = (connection.scalar(select(func.count()).select_from(one)) for one in (ticket_entry, citizen))
    assert texts == list(range(1000, 1020))
    assert (made, entries, phones) == (20, 20, 1)
