"""Receipts find their segments, whatever the carrier made of the message id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import Connection, insert, select

from db.engine import Database
from db.outbox import SentSegment
from db.receipts import NewReceipt, adopt, forget_strays, message_key, record
from db.schema import OutboundState, ReceiptState, outbound, segment, stray_receipt

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
_ids = count(100)


def send(connection: Connection, *message_ids: str, link: str = "main", outbound_id: int = 1) -> list[SentSegment]:
    """Put a sent answer of so many segments there."""
    connection.execute(
        insert(outbound).values(
            id=outbound_id,
            link=link,
            sender="8188",
            recipient="84905123456",
            recipient_mark="84905123456",
            body="HD",
            reference=1,
            state=OutboundState.SENT,
            created_at=NOW,
            expires_at=NOW + timedelta(minutes=15),
            not_before=NOW,
            segments=len(message_ids),
        )
    )
    sent = [
        SentSegment(
            outbound_id=outbound_id,
            number=number,
            link=link,
            message_id=message_id,
            message_key=message_key(message_id),
            sent_at=NOW,
        )
        for number, message_id in enumerate(message_ids, 1)
    ]
    for one in sent:
        connection.execute(
            insert(segment).values(
                outbound_id=one.outbound_id,
                number=one.number,
                link=one.link,
                message_id=one.message_id,
                message_key=one.message_key,
                sent_at=NOW,
            )
        )
    return sent


def said(message_id: str, state: ReceiptState = ReceiptState.DELIVERED, *, link: str = "main") -> NewReceipt:
    return NewReceipt(id=next(_ids), link=link, message_id=message_id, state=state, error="000", received_at=NOW)


def state_of(connection: Connection, outbound_id: int = 1) -> OutboundState | None:
    return connection.scalar(select(outbound.c.state).where(outbound.c.id == outbound_id))


@pytest.mark.parametrize(
    ("label", "response", "receipt"),
    [
        ("the same", "abc-1", "abc-1"),
        ("case", "0e999f21", "0E999F21"),
        ("zeros lost in the receipt", "00B8BE19", "B8BE19"),
        ("zeros lost in the response", "e999f21", "0e999f21"),
        ("hex in the response, decimal in the receipt", "1A2B3C", "1715004"),
        ("decimal in the response, hex in the receipt", "1715004", "1a2b3c"),
        ("hex and decimal with zeros", "00FF", "0000000255"),
        ("sixty-four bits", "FFFFFFFFFFFFFFFF", "18446744073709551615"),
        ("alphanumeric", "6ba7b810-9dad-11d1", "6BA7B810-9DAD-11D1"),
        ("blanks around", "12", " 12 "),
    ],
)
def test_a_receipt_finds_its_message(database: Database, label: str, response: str, receipt: str) -> None:
    with database.write() as connection:
        send(connection, response)
        assert record(connection, [said(receipt)], at=NOW) == 0, label
        assert state_of(connection) is OutboundState.DELIVERED


def test_an_exact_id_wins_over_one_in_the_other_base(database: Database) -> None:
    with database.write() as connection:
        send(connection, "10", outbound_id=1)
        send(connection, "a", outbound_id=2)  # decimal 10
        record(connection, [said("10")], at=NOW)
        assert (state_of(connection, 1), state_of(connection, 2)) == (OutboundState.DELIVERED, OutboundState.SENT)


def test_another_link_has_other_ids(database: Database) -> None:
    with database.write() as connection:
        send(connection, "7", link="main")
        assert record(connection, [said("7", link="other")], at=NOW) == 1
        assert state_of(connection) is OutboundState.SENT


def test_an_answer_is_delivered_when_its_last_segment_is(database: Database) -> None:
    with database.write() as connection:
        send(connection, "1", "2", "3")
        record(connection, [said("3"), said("1")], at=NOW)
        assert state_of(connection) is OutboundState.SENT
        record(connection, [said("2")], at=NOW)
        assert state_of(connection) is OutboundState.DELIVERED


def test_one_segment_that_cannot_arrive_fails_the_answer(database: Database) -> None:
    with database.write() as connection:
        send(connection, "1", "2")
        record(connection, [said("1"), said("2", ReceiptState.UNDELIVERABLE)], at=NOW)
        assert state_of(connection) is OutboundState.FAILED
        assert connection.scalar(select(outbound.c.error)) == "receipt:undeliverable:000"


@pytest.mark.parametrize("batches", [1, 2])
def test_a_state_moves_forward_only(database: Database, batches: int) -> None:
    told = [said("1", ReceiptState.DELIVERED), said("1", ReceiptState.ENROUTE), said("1", ReceiptState.EXPIRED)]
    with database.write() as connection:
        send(connection, "1")
        for batch in [told] if batches == 1 else [[one] for one in told]:
            record(connection, batch, at=NOW)
        assert connection.scalar(select(segment.c.receipt)) is ReceiptState.DELIVERED
        assert state_of(connection) is OutboundState.DELIVERED


def test_an_intermediate_receipt_changes_no_answer(database: Database) -> None:
    with database.write() as connection:
        send(connection, "1")
        record(connection, [said("1", ReceiptState.ENROUTE)], at=NOW)
        assert state_of(connection) is OutboundState.SENT
        record(connection, [said("1")], at=NOW)
        assert state_of(connection) is OutboundState.DELIVERED


def test_receipts_that_came_too_early_are_adopted_and_forgotten(database: Database) -> None:
    with database.write() as connection:
        early = [said("1A", ReceiptState.ENROUTE), said("26"), said("99")]
        assert record(connection, early, at=NOW) == 3
        sent = send(connection, "1A")
        assert adopt(connection, sent, at=NOW) == 2
        assert state_of(connection) is OutboundState.DELIVERED
        assert connection.scalars(select(stray_receipt.c.message_id)).all() == ["99"]


def test_receipts_that_never_find_a_message_are_forgotten(database: Database) -> None:
    with database.write() as connection:
        record(connection, [said("99")], at=NOW)
        assert forget_strays(connection, before=NOW) == 0
        assert forget_strays(connection, before=NOW + timedelta(days=3)) == 1


def test_an_id_used_again_by_the_carrier_means_the_newest_message(database: Database) -> None:
    with database.write() as connection:
        send(connection, "1", outbound_id=1)
        send(connection, "1", outbound_id=2)
        record(connection, [said("1")], at=NOW)
        assert (state_of(connection, 1), state_of(connection, 2)) == (OutboundState.SENT, OutboundState.DELIVERED)
