"""Statements run on the driver's own cursor do what SQLAlchemy would have done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import bindparam, insert, literal, select, text, union_all, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from db.engine import Database
from db.prepared import Prepared
from db.schema import InboundState, ReceiptState, duty, event, inbound, receipt_rule, stray_receipt

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
KEEP = Prepared(insert(stray_receipt), "id", "link", "message_id", "message_key", "state", "sender_mark", "received_at")
CANARY = "84905123456"


def row(number: int, link: str = "main", at: datetime = NOW) -> tuple[object, ...]:
    return number, link, f"id{number}", f"id{number}", ReceiptState.DELIVERED, CANARY, at


@pytest.mark.parametrize("asked", [[1], [1, 2], [1, 2, 3], [3, 9], list(range(1, 71))])
def test_writes_and_reads_as_sqlalchemy_does(database: Database, asked: list[int]) -> None:
    chosen = select(stray_receipt).where(
        stray_receipt.c.id.in_(bindparam("ids", expanding=True)),
        stray_receipt.c.state == ReceiptState.DELIVERED,
        stray_receipt.c.received_at >= bindparam("since"),
    )
    values = {"ids": asked, "since": NOW}
    with database.write() as connection:
        KEEP.run_many(connection, [row(1), row(2, at=NOW - timedelta(hours=1)), row(3, "other")])
        rows = Prepared(chosen.order_by(stray_receipt.c.id)).fetch(connection, values)
        assert rows == [tuple(one) for one in connection.execute(chosen.order_by(stray_receipt.c.id), values)]
        assert [(one[0], one[1], one[4]) for one in rows] == [
            (number, link, ReceiptState.DELIVERED) for number, link in ((1, "main"), (3, "other")) if number in asked
        ]


def test_a_list_that_is_part_of_the_statement_and_two_that_are_given(database: Database) -> None:
    told = union_all(
        select(stray_receipt.c.id, literal("by link")).where(
            stray_receipt.c.link.in_(bindparam("links", expanding=True)),
            stray_receipt.c.state.in_((ReceiptState.DELIVERED, ReceiptState.EXPIRED)),
        ),
        select(stray_receipt.c.id, literal("by id")).where(stray_receipt.c.id.in_(bindparam("ids", expanding=True))),
    )
    with database.write() as connection:
        KEEP.run_many(connection, [row(1), row(2, "other"), row(3, "third")])
        found = Prepared(told).fetch(connection, {"links": ["main", "other", "fourth"], "ids": [3, 2, 8, 9, 10]})
    assert sorted(found) == [(1, "by link"), (2, "by id"), (2, "by link"), (3, "by id")]


def test_changes_rows_with_constants_between_the_values(database: Database) -> None:
    count = Prepared(
        update(receipt_rule)
        .where(receipt_rule.c.link == bindparam("of_link"), receipt_rule.c.rule == "as it is")
        .values(hits=receipt_rule.c.hits + bindparam("more"), last_at=bindparam("at")),
        "at",
        "of_link",
        "more",
    )
    add = Prepared(insert(receipt_rule), "hits", "rule", "link", "last_at")
    with database.write() as connection:
        add.run_many(connection, [(5, "as it is", "a", NOW), (7, "as it is", "b", NOW), (9, "other", "a", NOW)])
        count.run_many(connection, [(NOW + timedelta(1), "a", 10), (NOW, "b", 20)])
        count.run_many(connection, [])
        rows = connection.execute(select(receipt_rule).order_by(receipt_rule.c.hits)).all()
    assert [tuple(one) for one in rows] == [
        ("a", "other", 9, NOW),
        ("a", "as it is", 15, NOW + timedelta(1)),
        ("b", "as it is", 27, NOW),
    ]


def test_returns_what_an_update_returns(database: Database) -> None:
    take = Prepared(
        update(duty)
        .where(duty.c.name == bindparam("which"))
        .values(owner=bindparam("taker"))
        .returning(duty.c.owner, duty.c.since)
    )
    with database.write() as connection:
        connection.execute(insert(duty).values(name="schedule", owner="a", lease_until=NOW, since=NOW))
        assert take.fetch(connection, {"which": "schedule", "taker": "b"}) == [("b", NOW)]
        assert take.fetch(connection, {"which": "none", "taker": "b"}) == []


def test_raises_as_sqlalchemy_does_and_tells_no_value(database: Database) -> None:
    with pytest.raises(IntegrityError) as raised, database.write() as connection:
        KEEP.run_many(connection, [row(1), row(1)])
    assert CANARY not in str(raised.value)
    with database.write() as connection:  # the connection serves on
        KEEP.run_many(connection, [row(1)])


def test_raises_what_is_not_the_drivers_as_it_is(database: Database) -> None:
    with pytest.raises(ValueError, match="without a zone"), database.write() as connection:
        KEEP.run_many(connection, [row(1, at=datetime(2026, 11, 22))])  # noqa: DTZ001 - what must be refused


def test_a_lost_connection_leaves_the_pool(postgres_database: Database) -> None:
    asked = Prepared(select(event.c.id).where(event.c.id == bindparam("row_id")))
    raised: list[DBAPIError] = []
    try:
        with postgres_database.write() as connection:
            (server,) = connection.execute(text("SELECT pg_backend_pid()")).one()
            with postgres_database.write() as other:
                other.execute(text(f"SELECT pg_terminate_backend({server})"))
            asked.fetch(connection, {"row_id": 1})
    except DBAPIError as error:
        raised.append(error)
    assert [error.connection_invalidated for error in raised] == [True]
    with postgres_database.write() as connection:
        assert asked.fetch(connection, {"row_id": 1}) == []


def test_a_sealed_value_and_its_mark_go_in_and_out(database: Database) -> None:
    names = ("id", "link", "fingerprint", "sender", "sender_mark", "recipient", "reply_link", "data_coding", "octets")
    store = Prepared(insert(inbound), *names, "body", "received_at", "state")
    given = (1, "main", b"f" * 16, CANARY, CANARY, "8188", "main", 0, b"\x00octets", "body", NOW, InboundState.RECEIVED)
    by_mark = Prepared(
        select(inbound.c.sender, inbound.c.octets, inbound.c.state).where(
            inbound.c.sender_mark == bindparam("sender", type_=inbound.c.sender_mark.type)
        )
    )
    with database.write() as connection:
        store.run_many(connection, [given])
        assert by_mark.fetch(connection, {"sender": CANARY}) == [(CANARY, b"\x00octets", InboundState.RECEIVED)]
