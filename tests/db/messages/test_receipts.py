"""Receipts find their segments, whatever the carrier made of the message id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import Connection, insert, select

from db.messages import receipts
from db.messages.message_ids import Rule, message_key
from db.messages.outbox import SentSegment
from db.messages.receipt_matching import NewReceipt, learned
from db.messages.receipts import adopt, count_strays, forget_strays, record
from db.schema import InboundState, OutboundState, ReceiptState, inbound, outbound, segment, stray_receipt
from db.store.engine import Database

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
_ids = count(100)


CITIZEN, OTHER = "84905123456", "84905000002"


def send(
    connection: Connection, *message_ids: str, link: str = "main", outbound_id: int = 1, recipient: str = CITIZEN
) -> list[SentSegment]:
    """Put a text and its sent answer of so many segments there."""
    connection.execute(
        insert(inbound).values(
            id=outbound_id,
            link=link,
            fingerprint=b"-",
            sender=recipient,
            sender_mark=recipient,
            recipient="8188",
            reply_link=link,
            data_coding=0,
            octets=b"HD",
            body="HD",
            received_at=NOW,
            state=InboundState.HANDLED,
        )
    )
    connection.execute(
        insert(outbound).values(
            id=outbound_id,
            inbound_id=outbound_id,
            link=link,
            sender="8188",
            recipient=recipient,
            recipient_mark=recipient,
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


def said(
    message_id: str,
    state: ReceiptState = ReceiptState.DELIVERED,
    *,
    link: str = "main",
    sender: str | None = None,
) -> NewReceipt:
    return NewReceipt(
        id=next(_ids), link=link, message_id=message_id, state=state, error="000", received_at=NOW, sender=sender
    )


def state_of(connection: Connection, outbound_id: int = 1) -> OutboundState | None:
    return connection.scalar(select(outbound.c.state).where(outbound.c.id == outbound_id))


THREADS = [
    ("the same", "abc-1", "abc-1", Rule.EXACT),
    ("jasmin 1034: decimal in both", "1304523", "1304523", Rule.EXACT),
    (
        "jasmin 586: upper case in the receipt",
        "c449ab9744f47b6af1879e49e75e4f40",
        "C449AB9744F47B6AF1879E49E75E4F40",
        Rule.CASE,
    ),
    ("jasmin 916: decimal of 64 bits", "7F3A99C1D20E4B55", "9167809049197955925", Rule.HEX_DECIMAL),
    ("jasmin 514: hex in the response, decimal in the receipt", "788B3D7F", "2022391167", Rule.HEX_DECIMAL),
    ("jasmin 763: decimal in the response, hex in the receipt", "2022391167", "788b3d7f", Rule.DECIMAL_HEX),
    ("jasmin 844: more than 64 bits", "0123456789ABCDEF01234567", "352125166730063718056674663", Rule.HEX_DECIMAL),
    ("jasmin 424: with 0x before it", "0x788B3D7F", "788b3d7f", Rule.ZEROS),
    ("jasmin 643: a zero lost in the response", "e999f21", "0E999F21", Rule.ZEROS),
    ("jasmin 643: a zero lost in the receipt", "0e999f21", "E999F21", Rule.ZEROS),
    ("jasmin 1129", "00B8BE19", "B8BE19", Rule.ZEROS),
    ("jasmin 535: a UUID", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "6BA7B810-9DAD-11D1-80B4-00C04FD430C8", Rule.CASE),
    ("jasmin 535: letters beyond hex", "SMSG-77zx", "smsg-77ZX", Rule.CASE),
    ("jsmpp 178: decimal with leading zero, hex in the response", "1EF4D", "0000126797", Rule.HEX_DECIMAL),
    ("hex and decimal with zeros", "00FF", "0000000255", Rule.HEX_DECIMAL),
    ("decimal and hex with zeros", "0000000255", "00FF", Rule.DECIMAL_HEX),
    ("the highest of 64 bits", "FFFFFFFFFFFFFFFF", "18446744073709551615", Rule.HEX_DECIMAL),
    ("negative in the receipt, 32 bits", "FFFFFFFE", "-2", Rule.SIGNED),
    ("negative in the receipt, 64 bits", "18446744073709551614", "-2", Rule.SIGNED),
    ("negative in the response", "-1234567890", "3060399406", Rule.SIGNED),
    ("the lower half in the receipt", "1A2B3C4D5E6F7788", "5E6F7788", Rule.LOW_32),
    ("the lower half in decimal", "1A2B3C4D5E6F7788", "1584363400", Rule.LOW_32),
    ("the lower half in the response", "5E6F7788", "1885667171979196296", Rule.LOW_32),
    ("blanks around", "12", " 12 ", Rule.CASE),
]
"""What others' users had to configure, and some that they could not."""


@pytest.mark.parametrize(("label", "response", "receipt", "rule"), THREADS, ids=[each[0] for each in THREADS])
@pytest.mark.parametrize("early", [False, True], ids=["after the response", "before the response"])
def test_a_receipt_finds_its_message(
    sqlite_database: Database, label: str, response: str, receipt: str, rule: Rule, *, early: bool
) -> None:
    with sqlite_database.write() as connection:
        send(connection, "DEADBEEF", "3735928559000", outbound_id=1, recipient=OTHER)
        told = said(receipt, sender=CITIZEN)
        if early:
            assert record(connection, [told], at=NOW) == 1
        sent = send(connection, response, outbound_id=2)
        assert (adopt(connection, sent, at=NOW) == 1) if early else (record(connection, [told], at=NOW) == 0), label
        assert (state_of(connection, 1), state_of(connection, 2)) == (OutboundState.SENT, OutboundState.DELIVERED)
        assert [(each.rule, each.hits) for each in learned(connection)] == [(rule, 1)]


@pytest.mark.parametrize(("label", "response", "receipt", "rule"), THREADS, ids=[each[0] for each in THREADS])
def test_needs_no_witness_but_for_half_an_id(
    sqlite_database: Database, label: str, response: str, receipt: str, rule: Rule
) -> None:
    with sqlite_database.write() as connection:
        send(connection, response)
        assert record(connection, [said(receipt)], at=NOW) == (rule is Rule.LOW_32), label


def test_the_phone_decides_between_two_readings_of_one_id(database: Database) -> None:
    with database.write() as connection:
        send(connection, "10", outbound_id=1, recipient=OTHER)
        send(connection, "a", outbound_id=2)  # decimal 10
        record(connection, [said("10", sender=CITIZEN)], at=NOW)
        assert (state_of(connection, 1), state_of(connection, 2)) == (OutboundState.SENT, OutboundState.DELIVERED)


def test_a_converted_id_is_not_believed_against_the_phone(database: Database) -> None:
    with database.write() as connection:
        send(connection, "a", recipient=OTHER)
        assert record(connection, [said("10", sender=CITIZEN)], at=NOW) == 1
        assert state_of(connection) is OutboundState.SENT
        send(connection, "b77", outbound_id=2, recipient=OTHER)
        assert record(connection, [said("B77", sender=CITIZEN)], at=NOW) == 0  # but an id that is the same is


def test_settles_on_the_rule_that_wins_for_a_link(database: Database) -> None:
    with database.write() as connection:
        for number in range(10, 20):
            send(connection, f"{number:x}", outbound_id=number, link="other")
            record(connection, [said(str(number), link="other")], at=NOW)
        assert [(it.link, it.rule, it.hits, it.settled) for it in learned(connection)] == [
            ("other", Rule.HEX_DECIMAL, 10, True)
        ]
        send(connection, "100", outbound_id=100, link="other")
        send(connection, "64", outbound_id=101, link="other")  # decimal 100: so this link writes it
        send(connection, "100", outbound_id=200, link="main")
        send(connection, "64", outbound_id=201, link="main")
        record(connection, [said("100", link="other"), said("100", link="main")], at=NOW)
        states = [state_of(connection, each) for each in (100, 101, 200, 201)]
        sent, delivered = OutboundState.SENT, OutboundState.DELIVERED
        assert states == [sent, delivered, delivered, sent]


def test_a_mixed_link_settles_on_nothing(database: Database) -> None:
    with database.write() as connection:
        for number in range(40, 60):
            send(connection, f"{number:x}", outbound_id=number)
            record(connection, [said(str(number) if number % 2 else f"{number:X}")], at=NOW)
        assert not any(each.settled for each in learned(connection))


def test_early_receipts_are_bounded(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "MAX_STRAYS", 5)
    with database.write() as connection:
        for number in range(4):
            record(connection, [said(f"{number}-{other}") for other in range(4)], at=NOW)
        record(connection, [said("x", link="quiet")], at=NOW)
        kept = connection.scalars(select(stray_receipt.c.message_id).order_by(stray_receipt.c.id)).all()
        assert kept == ["2-3", "3-0", "3-1", "3-2", "3-3", "x"]


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


DELIVRD, UNDELIV, EXPIRED = ReceiptState.DELIVERED, ReceiptState.UNDELIVERABLE, ReceiptState.EXPIRED
ENROUTE, ACCEPTD, UNKNOWN = ReceiptState.ENROUTE, ReceiptState.ACCEPTED, ReceiptState.UNKNOWN
SENT, DELIVERED, FAILED = OutboundState.SENT, OutboundState.DELIVERED, OutboundState.FAILED


@pytest.mark.parametrize("way", ["one batch", "one by one", "before the response"])
@pytest.mark.parametrize(
    ("states", "kept", "answer"),
    [
        ([ACCEPTD], ACCEPTD, SENT),
        ([ACCEPTD, UNDELIV], UNDELIV, FAILED),
        ([ACCEPTD, EXPIRED], EXPIRED, FAILED),
        ([ACCEPTD, DELIVRD], DELIVRD, DELIVERED),
        ([UNKNOWN], UNKNOWN, SENT),
        ([UNKNOWN, ReceiptState.DELETED], ReceiptState.DELETED, FAILED),
        ([ENROUTE, ReceiptState.REJECTED], ReceiptState.REJECTED, FAILED),
        ([DELIVRD, ENROUTE], DELIVRD, DELIVERED),
        ([DELIVRD, ACCEPTD], DELIVRD, DELIVERED),
        ([UNDELIV, ACCEPTD, UNKNOWN], UNDELIV, FAILED),
        ([UNDELIV, DELIVRD], DELIVRD, DELIVERED),
        ([EXPIRED, DELIVRD, DELIVRD], DELIVRD, DELIVERED),
        ([DELIVRD, ENROUTE, UNDELIV], UNDELIV, FAILED),
    ],
)
def test_the_last_final_state_counts(
    database: Database, way: str, states: list[ReceiptState], kept: ReceiptState, answer: OutboundState
) -> None:
    told = [said("1", state) for state in states]
    with database.write() as connection:
        sent = send(connection, "1") if way != "before the response" else []
        for batch in [told] if way == "one batch" else [[one] for one in told]:
            record(connection, batch, at=NOW)
        adopt(connection, sent or send(connection, "1"), at=NOW)
        assert connection.scalar(select(segment.c.receipt)) is kept
        assert state_of(connection) is answer
        assert (connection.scalar(select(outbound.c.error)) is None) is (answer is not FAILED)


def test_a_segment_that_arrives_after_all_makes_its_answer_whole(database: Database) -> None:
    with database.write() as connection:
        send(connection, "1", "2")
        record(connection, [said("2", UNDELIV)], at=NOW)
        assert state_of(connection) is FAILED
        record(connection, [said("2")], at=NOW)
        assert state_of(connection) is SENT
        assert connection.scalar(select(outbound.c.settled_at)) is None
        record(connection, [said("1")], at=NOW)
        assert state_of(connection) is DELIVERED
        record(connection, [said("1", EXPIRED)], at=NOW)
        assert state_of(connection) is FAILED


def test_tells_how_many_receipts_have_no_message(database: Database) -> None:
    with database.write() as connection:
        record(connection, [said("98"), said("99"), said("99", link="other")], at=NOW)
        assert count_strays(connection) == {"main": 2, "other": 1}


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
