"""Questions of the outbox that the pipeline's tests do not reach."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select, text, update

from db.messages.answers_of_text import collect
from db.messages.expiry import expire, take_over
from db.messages.outbox import NewOutbound, Settlement, claim, settle
from db.messages.outbox_insert import add
from db.schema import OutboundState, outbound
from db.store.address import Address
from db.store.engine import Database
from tests.db.plans import explained

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
LEASE = NOW + timedelta(seconds=60)


def answer(
    number: int, *, recipient: str = "84905123456", link: str = "main", masked: str | None = None
) -> NewOutbound:
    return NewOutbound(
        id=number,
        inbound_id=None,
        link=link,
        sender="8188",
        recipient=Address(recipient),
        body=f"answer {number}",
        masked=masked,
        reference=1,
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=15),
    )


def test_claims_nothing_from_an_empty_outbox(database: Database) -> None:
    with database.write() as connection:
        assert claim(connection, link="main", now=NOW, lease_until=LEASE, limit=10) == []


def test_claims_the_oldest_first_and_no_more_than_asked(database: Database) -> None:
    with database.write() as connection:
        add(connection, [answer(number, recipient=f"8490500000{number}") for number in (3, 1, 2)])
        assert [one.id for one in claim(connection, link="main", now=NOW, lease_until=LEASE, limit=2)] == [1, 2]
        assert [one.id for one in claim(connection, link="main", now=NOW, lease_until=LEASE, limit=2)] == [3]


def test_claims_nothing_of_another_link(database: Database) -> None:
    with database.write() as connection:
        add(connection, [answer(1)])
        assert claim(connection, link="other", now=NOW, lease_until=LEASE, limit=2) == []


def test_claims_by_the_index_of_what_waits(sqlite_database: Database) -> None:
    """A table of ten million settled answers must not be looked through for the few that wait."""
    with sqlite_database.write() as connection, explained(connection) as plans:
        claim(connection, link="main", now=NOW, lease_until=LEASE, limit=10)
    assert any("ix_outbound_waiting" in plan for plan in plans), plans
    assert any("ix_outbound_unsettled" in plan for plan in plans), plans
    assert not any("SCAN outbound" in plan for plan in plans), plans


def test_on_postgresql_a_backlog_is_not_read_through_for_each_answer(postgres_database: Database) -> None:
    """Although its statistics, taken when nothing waited, tell that nothing does."""
    with postgres_database.write() as connection:
        add(connection, [answer(number, recipient=f"849050{number:05d}") for number in range(1000)])
        connection.execute(update(outbound).values(state=OutboundState.SENT))
    with postgres_database.write() as connection:
        connection.execute(text("ANALYZE outbound"))
        add(connection, [answer(number, recipient=f"849050{number:05d}") for number in range(1000, 1050)])
        with explained(connection) as plans:
            claimed = claim(connection, link="main", now=NOW, lease_until=LEASE, limit=100)
    assert len(claimed) == 50
    assert any("Index Cond: ((recipient_mark = outbound" in plan for plan in plans), plans
    assert any("Index Cond: (id = due.id)" in plan for plan in plans), plans
    assert not any("Join Filter" in plan for plan in plans), plans


@pytest.mark.parametrize("masked", [None, "MK: ****"])
def test_an_expired_answer_loses_its_secret_only(database: Database, masked: str | None) -> None:
    with database.write() as connection:
        add(connection, [answer(1, masked=masked)])
        assert expire(connection, now=NOW) == []
        assert expire(connection, now=NOW + timedelta(minutes=15)) == [1]
        row = connection.execute(select(outbound.c.state, outbound.c.body)).one()
    assert row.state is OutboundState.EXPIRED
    assert row.body == (None if masked else "answer 1")


def test_an_answer_is_collected_again_unless_it_held_a_secret(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE outbound SET inbound_id = NULL"))
        assert collect(connection, inbound_id=7, link="main", recipient=Address("84905123456"), now=NOW) is None


def test_an_answer_whose_process_died_goes_at_once_the_first_time_and_later_each_time_after(database: Database) -> None:
    with database.write() as connection:
        add(connection, [answer(1)])
        waits = []
        for number in range(5):
            now = NOW + timedelta(minutes=2 * number)
            assert [one.id for one in claim(connection, link="main", now=now, lease_until=now, limit=1)] == [1]
            take_over(connection, link=None, lapsed_by=None, most_unanswered=9, now=now)
            waits.append(connection.execute(select(outbound.c.not_before)).scalar_one() - now)
    assert [wait.total_seconds() for wait in waits] == [0, 5, 20, 60, 60]


def test_what_is_in_hand_is_taken_over_only_long_after_its_lease(database: Database) -> None:
    with database.write() as connection:
        add(connection, [answer(1), answer(2, recipient="84905000002")])
        claim(connection, link="main", now=NOW, lease_until=LEASE, limit=2)
        soon, late = LEASE + timedelta(seconds=1), LEASE + timedelta(minutes=6)
        taken = take_over(connection, link=None, lapsed_by=soon, except_for=[1], most_unanswered=9, now=soon)
        assert taken == {2: OutboundState.QUEUED}
        taken = take_over(connection, link=None, lapsed_by=late, except_for=[1], most_unanswered=9, now=late)
        assert taken == {1: OutboundState.QUEUED}


@pytest.mark.parametrize("fate", ["process died", "no response", "throttled"])
def test_an_answer_that_one_provider_perhaps_took_goes_unmarked_to_no_other(database: Database, fate: str) -> None:
    """The first provider sends an answer once, however often it comes; another one cannot know that it has it."""
    cases = [
        # first provider, next one, was perhaps taken there and goes elsewhere
        ("eeee", "eeee", False),
        ("eeee", "ffff", True),  # another network, address or account
        ("eeee", None, True),  # a provider that knows no id of ours, or an SMPP link
    ]
    with database.write() as connection:
        add(connection, [answer(number, recipient=f"8490500000{number}") for number in range(len(cases))])
        for number, (first, then, is_elsewhere) in enumerate(cases):
            assert [one.id for one in claim(connection, link="main", now=NOW, lease_until=NOW, limit=1, provider=first)]
            if fate == "process died":
                take_over(connection, link=None, lapsed_by=None, most_unanswered=9, now=NOW)
            else:
                settle(connection, [again(number, first if fate == "no response" else None)], at=NOW)
            assert not read(connection, number)[0], (first, then)
            for _ in range(2):  # what the next provider refuses stays as it is
                claim(connection, link="main", now=NOW, lease_until=NOW, limit=1, provider=then)
                assert read(connection, number)[0] == (is_elsewhere and fate != "throttled"), (first, then)
                settle(connection, [again(number)], at=NOW)
            counted = int(fate == "process died") + int(is_elsewhere and fate != "throttled")
            assert read(connection, number)[1] == counted, (first, then)
            connection.execute(update(outbound).where(outbound.c.id == number).values(state=OutboundState.SENT))


def test_an_answer_of_a_dead_process_is_unsure_where_the_provider_knows_no_id_of_ours(database: Database) -> None:
    with database.write() as connection:
        add(connection, [answer(1)])
        claim(connection, link="main", now=NOW, lease_until=NOW, limit=1)
        take_over(connection, link=None, lapsed_by=None, most_unanswered=9, now=NOW)
        assert read(connection, 1)[0]


def again(number: int, perhaps_taken_by: str | None = None) -> Settlement:
    return Settlement(
        outbound_id=number,
        state=OutboundState.QUEUED,
        data_coding=0,
        segments=1,
        error=None,
        unsure=False,
        not_before=NOW,
        perhaps_taken_by=perhaps_taken_by,
    )


def read(connection: Connection, number: int) -> tuple[bool, int]:
    """Return whether an answer is unsure, and its tries that nobody knows the fate of."""
    columns = (outbound.c.unsure, outbound.c.unanswered)
    unsure, unanswered = connection.execute(select(*columns).where(outbound.c.id == number)).one()
    return unsure, unanswered


def test_after_the_clock_was_set_back_nothing_waits_for_it_to_come_there_again(database: Database) -> None:
    earlier = NOW - timedelta(hours=1)
    with database.write() as connection:
        add(connection, [answer(1)])
        claim(connection, link="main", now=NOW, lease_until=LEASE, limit=1)
        assert take_over(connection, link=None, lapsed_by=earlier, most_unanswered=9, now=earlier)
        assert claim(connection, link="main", now=earlier, lease_until=earlier, limit=1)
        add(connection, [answer(2, recipient="84905000002")])
        assert claim(connection, link="main", now=earlier, lease_until=earlier, limit=1)
