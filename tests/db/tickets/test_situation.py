"""What is open for senders: all of it in one query, and nothing of anybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from db.schema import AskKind, CloseReason, EntryKind, KeptReason, TicketChannel, TicketState
from db.store.address import Address
from db.tickets.asks import NewAsk, put_asks
from db.tickets.kept_texts import NewKept, keep_text, lock_kept, mark_filed
from db.tickets.merging import Merge, merge
from db.tickets.ratings import Rating, rate
from db.tickets.situation import NOTHING, SenderRows, read_situations
from db.tickets.states import TicketEvent
from db.tickets.transitions import NewEntry
from tests.db.plans import explained
from tests.db.tickets.ticket_rows import CITIZEN, HAI_CHAU, NEW, NOW, OTHER, Town

DAY = timedelta(days=1)
E = TicketEvent


def situation(town: Town, sender: Address = CITIZEN, *, numbers: tuple[str, ...] = (), days: float = 0) -> SenderRows:
    now = NOW + days * DAY
    with town.database.read() as connection:
        found = read_situations(connection, [CITIZEN, OTHER], numbers=numbers, today_since=now - DAY / 2, now=now)
    return found.get(sender, NOTHING)


def test_nothing_is_open_for_a_new_phone(town: Town) -> None:
    assert situation(town) == NOTHING
    with town.database.read() as connection:
        assert read_situations(connection, [], numbers=[], today_since=NOW, now=NOW) == {}


def test_each_sender_has_their_own_tickets_newest_first(town: Town) -> None:
    with town.database.write() as connection:
        one, two = town.open(connection), town.open(connection, subject="den duong", body="den duong hong")
        town.open(connection, sender=OTHER)
        town.happen(connection, one.id, E.ASK)
        town.happen(connection, two.id, E.RESOLVE)
        rate(connection, Rating(ticket_id=two.id, score=2, by_words=False, unit_id=HAI_CHAU, at=NOW))
    found = situation(town)
    assert [(each.number, each.state, each.score) for each in found.tickets] == [
        (two.number, TicketState.RESOLVED, 2),
        (one.number, TicketState.PENDING_CITIZEN, None),
    ]
    assert [(each.subject, each.words, each.version) for each in found.tickets] == [
        ("den duong", "den duong hong", 2),
        (NEW.subject, NEW.body, 2),
    ]
    assert (found.previous_ticket_id, found.previous_at, found.opened_today) == (two.id, NOW, 2)
    assert len(situation(town, OTHER).tickets) == 1


def test_first_words_are_read_for_a_day(town: Town) -> None:
    with town.database.write() as connection:
        town.open(connection)
    assert [situation(town, days=days).tickets[0].words is None for days in (0.9, 1.1)] == [False, True]


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        pytest.param({}, 1, id="by a text"),
        pytest.param({"channel": TicketChannel.CALL, "inbound_id": None}, 0, id="by an agent"),
        pytest.param({"created_at": NOW - DAY}, 0, id="yesterday"),
    ],
)
def test_todays_tickets_are_those_that_texts_opened(town: Town, changes: dict[str, object], count: int) -> None:
    with town.database.write() as connection:
        town.open(connection, **changes)
    assert situation(town).opened_today == count


def test_a_closed_ticket_answers_to_its_number_after_a_year(town: Town) -> None:
    with town.database.write() as connection:
        opened = town.open(connection)
        town.happen(connection, opened.id, E.DONE)
        others = town.open(connection, sender=OTHER)
        town.happen(connection, others.id, E.DONE)
    assert [len(situation(town, days=days).tickets) for days in (364, 366)] == [1, 0]
    both = (opened.number, others.number)
    assert [each.number for each in situation(town, numbers=both, days=366).tickets] == [opened.number]


def test_an_open_ticket_is_there_however_old(town: Town) -> None:
    with town.database.write() as connection:
        town.open(connection)
    assert len(situation(town, days=1000).tickets) == 1


def test_a_merged_ticket_names_the_other_one(town: Town) -> None:
    with town.database.write() as connection:
        one, two = town.open(connection), town.open(connection, sender=OTHER)
        note = NewEntry(kind=EntryKind.STAFF, at=NOW)
        wanted = Merge(ticket_id=one.id, version=1, into_id=two.id, entry=note, note=note)
        merge(connection, wanted, new_id=town.new_id)
    (found,) = situation(town).tickets
    assert (found.close_reason, found.merged_into, found.merged_id) == (CloseReason.MERGED, two.number, two.id)


def test_kept_texts_come_with_the_question_about_them(town: Town) -> None:
    with town.database.write() as connection:
        one, two = town.open(connection), town.open(connection)
        first = None
        for inbound_id in (91, 92):
            new = NewKept(
                inbound_id=inbound_id,
                sender=CITIZEN,
                short_code="8188",
                reply_link="main",
                reason=KeptReason.WHICH,
                body=f"text {inbound_id}",
                kept_at=NOW,
                until=NOW + DAY,
                first_id=first,
            )
            first = keep_text(connection, new, new_id=town.new_id)
        assert first is not None
        question = NewAsk(
            sender=CITIZEN,
            short_code="8188",
            kind=AskKind.WHICH,
            subject_id=first,
            outbound_id=town.sms(connection, sent_at=NOW),
            made_at=NOW,
            until=NOW + DAY,
            choices=[two.id, one.id],
        )
        put_asks(connection, [question])
    found = situation(town)
    assert [each.body for each in found.kept] == ["text 91", "text 92"]
    assert [each.id for each in found.tickets] == [two.id, one.id]
    assert found.asks["8188"].choices == (two.id, one.id)
    with town.database.write() as connection:
        mark_filed(connection, lock_kept(connection, first), one.id, at=NOW)
    assert situation(town).kept == []


@pytest.mark.parametrize("senders", [1, 2, 100])
def test_one_query_reads_them_all_and_no_table_through(sqlite_town: Town, senders: int) -> None:
    phones = [Address(f"849050{number:05}") for number in range(senders)]
    with sqlite_town.database.read() as connection, explained(connection) as plans:
        read_situations(connection, phones, numbers=["YC400000010"], today_since=NOW, now=NOW)
    assert sum("citizen" in plan for plan in plans) == 1, plans
    for wanted in ("ix_ticket_sender (sender_mark=?", "ix_kept_text_first", "outbound USING INTEGER PRIMARY KEY"):
        assert any(wanted in plan for plan in plans), (wanted, plans)
    assert not any(plan.startswith("SCAN") for plan in plans), plans
