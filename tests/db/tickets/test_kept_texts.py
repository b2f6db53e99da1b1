"""Kept texts: filed by one choice, dropped at once, and never lost while they wait for us."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from db.schema import KeptReason, kept_text
from db.store.address import Address
from db.tickets.kept_texts import (
    NewKept,
    drop_kept,
    forget_kept,
    keep_text,
    lock_kept,
    mark_filed,
    put_aside,
    read_to_sort,
)
from tests.db.tickets.ticket_rows import CITIZEN, NOW, Town

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def keep(
    town: Town,
    inbound_id: int,
    *,
    first_id: int | None = None,
    reason: KeptReason = KeptReason.SEND,
    sender: Address = CITIZEN,
    hours: int = 0,
) -> int:
    new = NewKept(
        inbound_id=inbound_id,
        sender=sender,
        short_code="8188",
        reply_link="main",
        reason=reason,
        body=f"text {inbound_id}",
        candidates=[3, 4],
        kept_at=NOW + hours * HOUR,
        until=NOW + DAY + hours * HOUR,
        first_id=first_id,
    )
    with town.database.write() as connection:
        return keep_text(connection, new, new_id=town.new_id)


def to_sort(town: Town, after_days: float) -> list[str]:
    with town.database.read() as connection:
        return [one.body for one in read_to_sort(connection, now=NOW + after_days * DAY, size=10)]


def left(town: Town) -> int:
    with town.database.read() as connection:
        return connection.scalar(select(func.count()).select_from(kept_text)) or 0


def test_one_choice_files_all_texts_that_joined(town: Town) -> None:
    first = keep(town, 1)
    assert keep(town, 2, first_id=first) == first
    assert keep(town, 1) == first  # the same text again
    other = keep(town, 3)
    with town.database.write() as connection:
        opened = town.open(connection)
        kept = lock_kept(connection, first)
        assert [(one.inbound_id, one.body, one.sender) for one in kept] == [
            (1, "text 1", CITIZEN),
            (2, "text 2", CITIZEN),
        ]
        assert kept[0].candidates == (3, 4)
        mark_filed(connection, kept, opened.id, at=NOW)
        assert lock_kept(connection, first) == []
        assert len(lock_kept(connection, other)) == 1


def test_a_text_that_the_citizen_withdraws_is_deleted_at_once(town: Town) -> None:
    first = keep(town, 1)
    keep(town, 2, first_id=first)
    with town.database.write() as connection:
        assert (drop_kept(connection, first), drop_kept(connection, first)) == (2, 0)
    assert left(town) == 0


def test_staff_sort_what_nobody_chose_for_and_what_was_not_filed(town: Town) -> None:
    keep(town, 1)
    keep(town, 2, reason=KeptReason.UNFILED, hours=1)
    assert to_sort(town, 0.5) == ["text 2"]
    assert to_sort(town, 1) == ["text 2", "text 1"]


def test_the_list_turns_by_its_keys(town: Town) -> None:
    for number in range(1, 6):
        keep(town, number, hours=number // 3)  # two and three have one time each
    seen: list[str] = []
    after = None
    with town.database.read() as connection:
        while some := read_to_sort(connection, now=NOW + 3 * DAY, after=after, size=2):
            seen += [one.body for one in some]
            after = (some[-1].until, some[-1].id)
    assert seen == [f"text {number}" for number in range(1, 6)]


def test_what_waits_for_us_never_ends_by_time(town: Town) -> None:
    keep(town, 1)
    with town.database.write() as connection:
        assert forget_kept(connection, now=NOW + 1000 * DAY) == 0
    assert to_sort(town, 1000) == ["text 1"]


def test_filed_texts_end_after_a_day_and_others_a_week_after_they_were_put_aside(town: Town) -> None:
    filed, aside = keep(town, 1), keep(town, 2)
    with town.database.write() as connection:
        mark_filed(connection, lock_kept(connection, filed), town.open(connection).id, at=NOW + DAY, operator="lan")
        assert put_aside(connection, aside, at=NOW + DAY, operator="lan") == 1
        assert put_aside(connection, aside, at=NOW + 2 * DAY, operator="minh") == 0
        assert forget_kept(connection, now=NOW + 2 * DAY - HOUR) == 0
        assert forget_kept(connection, now=NOW + 2 * DAY) == 1
        assert forget_kept(connection, now=NOW + 8 * DAY - HOUR) == 0
        assert forget_kept(connection, now=NOW + 8 * DAY) == 1
    assert left(town) == 0
