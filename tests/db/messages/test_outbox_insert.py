"""Long texts to one phone never share a reference while the phone may still be joining one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, update

from db.messages import outbox_insert
from db.messages.outbox import NewOutbound
from db.messages.outbox_insert import REFERENCES, with_references
from db.schema import InboundState, inbound, outbound
from db.store.address import Address
from db.store.engine import Database

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
CITIZEN = Address("84905123456")


def answer(number: int, body: str = "a" * 200, *, recipient: str = CITIZEN, at: datetime = NOW) -> NewOutbound:
    return NewOutbound(
        id=number,
        inbound_id=number,
        link="main",
        sender="8188",
        recipient=Address(recipient),
        body=body,
        masked=None,
        reference=7,
        created_at=at,
        expires_at=at + timedelta(minutes=15),
    )


def store(database: Database, *answers: NewOutbound, now: datetime = NOW) -> list[int]:
    """Store answers with their texts; return the references they got."""
    with database.write() as connection:
        for each in answers:
            connection.execute(
                insert(inbound).values(
                    id=each.id,
                    link="main",
                    fingerprint=b"-",
                    sender=each.recipient,
                    sender_mark=each.recipient,
                    recipient="8188",
                    reply_link="main",
                    data_coding=0,
                    octets=b"HD",
                    body="HD",
                    received_at=NOW,
                    state=InboundState.HANDLED,
                )
            )
        given = with_references(connection, answers, now=now)
        outbox_insert.add(connection, given)
    return [each.reference for each in given]


def test_long_answers_to_one_phone_get_one_each_in_one_batch_and_over_batches(database: Database) -> None:
    assert store(database, answer(1), answer(2)) == [7, 8]
    assert store(database, answer(3)) == [9]


def test_a_text_that_nobody_asked_for_counts_too(database: Database) -> None:
    unasked = [replace(answer(number), inbound_id=None) for number in (1, 2)]
    with database.write() as connection:
        given = with_references(connection, unasked, now=NOW)
        outbox_insert.add(connection, given)
    assert [each.reference for each in given] == [7, 8]
    assert store(database, answer(3)) == [9]
    with database.write() as connection:
        assert with_references(connection, [replace(unasked[0], id=4)], now=NOW)[0].reference == 10


def test_other_phones_and_short_answers_do_not_matter(database: Database) -> None:
    assert store(database, answer(1), answer(2, recipient="84905000002"), answer(3, "HD")) == [7, 7, 7]
    with database.write() as connection:
        connection.execute(update(outbound).where(outbound.c.id == 1).values(segments=1))
        connection.execute(update(outbound).where(outbound.c.id == 3).values(segments=1))
    assert store(database, answer(4)) == [7]


def test_a_reference_is_free_again_after_an_hour(database: Database) -> None:
    store(database, answer(1))
    assert store(database, answer(2, at=NOW + timedelta(hours=2)), now=NOW + timedelta(hours=2)) == [7]


def test_goes_round_and_ends_when_all_are_used(sqlite_database: Database) -> None:
    given = store(sqlite_database, *(replace(answer(number), reference=250) for number in range(1, REFERENCES + 2)))
    assert sorted(given[:REFERENCES]) == list(range(REFERENCES))
    assert given[6] == 0
    assert given[-1] == 250
