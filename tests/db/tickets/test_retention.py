"""What ends: the words of closed tickets, phones without tickets; and all of a phone at once."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from db.schema import CloseReason, KeptReason, TicketState, TimerKind, citizen, kept_text, ticket_timer
from db.tickets.kept_texts import NewKept, keep_text
from db.tickets.ratings import Rating, add_words, rate, read_rating
from db.tickets.retention import empty_entries, empty_tickets, erase_sender, forget_senders
from db.tickets.states import TicketEvent
from db.tickets.whole_ticket import EVERYTHING, list_own, read_entries, read_ticket
from tests.db.plans import explained
from tests.db.tickets.ticket_rows import CITIZEN, HAI_CHAU, NOW, OTHER, Town, row_of, said_in

DAY = timedelta(days=1)
LATER = NOW + 730 * DAY
E = TicketEvent


def closed(town: Town, days: int) -> int:
    with town.database.write() as connection:
        opened = town.open(connection)
        town.happen(connection, opened.id, E.RESOLVE, E.ACCEPT, at=NOW + days * DAY)
        rate(connection, Rating(ticket_id=opened.id, score=1, by_words=False, unit_id=HAI_CHAU, at=NOW))
        add_words(connection, opened.id, "cham")
    return opened.id


def test_words_end_some_time_after_the_ticket_was_closed(town: Town) -> None:
    old, young = closed(town, 0), closed(town, 10)
    with town.database.write() as connection:
        waiting = town.open(connection, created_at=NOW - 1000 * DAY)
        assert empty_tickets(connection, closed_before=NOW + DAY) == 1
        assert empty_tickets(connection, closed_before=NOW + DAY) == 0
        row = row_of(connection, old)
        assert [words for _, words in said_in(connection, old)] == [None] * 3
        assert (row["subject"], row["citizen_id"], row["close_reason"]) == (None, None, CloseReason.ANSWERED)
        score = read_rating(connection, old)
        assert score is not None
        assert (score.score, score.words) == (1, None)
        for other in (young, waiting.id):
            assert all(words for _, words in said_in(connection, other))
        own = list_own(connection, CITIZEN, since=NOW - 2000 * DAY, most=9, closed=True)
    assert [one.id for one in own.newest] == [waiting.id, young]


def test_a_step_is_bounded(town: Town) -> None:
    for _ in range(3):
        closed(town, 0)
    with town.database.write() as connection:
        assert [empty_tickets(connection, closed_before=LATER, limit=2) for _ in range(3)] == [2, 1, 0]


def test_a_phone_without_tickets_is_forgotten(town: Town) -> None:
    closed(town, 0)
    with town.database.write() as connection:
        town.open(connection, sender=OTHER)
        assert forget_senders(connection, seen_before=LATER) == 0
        empty_tickets(connection, closed_before=LATER)
        assert forget_senders(connection, seen_before=NOW) == 0
        assert forget_senders(connection, seen_before=LATER) == 1
        assert list(connection.scalars(select(citizen.c.phone))) == [OTHER]


def test_all_of_a_phone_is_erased_and_nothing_of_another(town: Town) -> None:
    first = closed(town, 0)
    with town.database.write() as connection:
        second = town.open(connection, timers={TimerKind.APOLOGY: NOW})
        other = town.open(connection, sender=OTHER)
        new = NewKept(
            inbound_id=99,
            sender=CITIZEN,
            short_code="8188",
            reply_link="main",
            reason=KeptReason.SEND,
            body="-",
            kept_at=NOW,
            until=NOW,
        )
        keep_text(connection, new, new_id=town.new_id)
        assert (erase_sender(connection, CITIZEN), erase_sender(connection, CITIZEN)) == (2, 0)
        found = read_ticket(connection, second.id, EVERYTHING)
        assert found is not None
        assert (found.state, found.close_reason, found.phone) == (TicketState.CLOSED, CloseReason.WITHDRAWN, None)
        assert row_of(connection, first)["close_reason"] is CloseReason.ANSWERED
        assert list(connection.scalars(select(citizen.c.phone))) == [OTHER]
        assert connection.scalar(select(func.count()).select_from(kept_text)) == 0
        assert connection.scalar(select(func.count()).select_from(ticket_timer)) == 0
        assert all(words for _, words in said_in(connection, other.id))


def test_some_words_of_a_ticket_are_erased_and_it_goes_on(town: Town) -> None:
    with town.database.write() as connection:
        opened = town.open(connection)
        town.happen(connection, opened.id, E.WRITE)
        first, _ = read_entries(connection, opened.id)
        assert empty_entries(connection, [first.id], [opened.id]) == 1
        assert [words for _, words in said_in(connection, opened.id)] == [None, "noi dung"]
        row = row_of(connection, opened.id)
    assert (row["state"], row["subject"]) == (TicketState.NEW, None)


def test_no_table_is_read_through(sqlite_town: Town) -> None:
    with sqlite_town.database.write() as connection, explained(connection) as plans:
        empty_tickets(connection, closed_before=NOW)
        forget_senders(connection, seen_before=NOW)
    assert any("ix_ticket_closed (closed_at>? AND closed_at<?)" in plan for plan in plans), plans
    assert not any(plan.startswith("SCAN") for plan in plans), plans
