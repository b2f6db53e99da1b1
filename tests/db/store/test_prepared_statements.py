"""Statements run on the driver's own cursor do what SQLAlchemy would have done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import bindparam, insert, literal, select, text, union_all, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError

from db.schema import (
    InboundState,
    OutboundState,
    ReceiptState,
    duty,
    event,
    inbound,
    outbound,
    receipt_rule,
    segment,
    stray_receipt,
)
from db.store.engine import Database
from db.store.prepared_statements import Prepared
from tests.db.plans import explained

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


COUNT = Prepared(
    update(receipt_rule)
    .where(receipt_rule.c.link == bindparam("of_link"), receipt_rule.c.hits < 100)
    .values(hits=receipt_rule.c.hits + bindparam("more", type_=receipt_rule.c.hits.type)),
    "of_link",
    "more",
)
ADD_RULES = Prepared(insert(receipt_rule), "link", "rule", "hits", "last_at")


def test_rows_that_change_the_same_one_do_so_one_after_another(database: Database) -> None:
    with database.write() as connection:
        ADD_RULES.run_many(connection, [("a", "as it is", 1, NOW), ("b", "as it is", 1, NOW)])
        COUNT.run_many(connection, [("a", 2), ("b", 4), ("a", 98), ("a", 1000)])
        rows = connection.execute(select(receipt_rule.c.link, receipt_rule.c.hits).order_by(receipt_rule.c.link))
        assert [tuple(one) for one in rows] == [("a", 101), ("b", 5)]


def test_a_condition_that_holds_for_some_rows_only(database: Database) -> None:
    with database.write() as connection:
        ADD_RULES.run_many(
            connection, [("a", "as it is", 100, NOW), ("b", "as it is", 99, NOW), ("c", "other", 1, NOW)]
        )
        COUNT.run_many(connection, [("a", 1), ("b", 1), ("none", 1)])
        rows = connection.execute(select(receipt_rule.c.link, receipt_rule.c.hits).order_by(receipt_rule.c.link))
        assert [tuple(one) for one in rows] == [("a", 100), ("b", 100), ("c", 1)]


def test_a_row_that_is_there_already_stays_as_it_is(database: Database) -> None:
    on = {
        "sqlite": insert_on_sqlite(receipt_rule).on_conflict_do_nothing(),
        "postgresql": insert_on_postgresql(receipt_rule).on_conflict_do_nothing(),
    }
    add = Prepared(on[database.writer.dialect.name], "link", "rule", "hits", "last_at")
    with database.write() as connection:
        add.run_many(connection, [("a", "as it is", 1, NOW)])
        add.run_many(connection, [("a", "as it is", 2, NOW), ("b", "as it is", 3, NOW), ("b", "as it is", 4, NOW)])
        rows = connection.execute(select(receipt_rule.c.link, receipt_rule.c.hits).order_by(receipt_rule.c.link))
        assert [tuple(one) for one in rows] == [("a", 1), ("b", 3)]


def test_values_of_every_type_come_back_as_they_went_in(postgres_database: Database) -> None:
    """Also none, empty ones, the first and last of a range, a time before PostgreSQL's own first one, and letters."""
    last = 2**63 - 1
    names = (
        *("id", "link", "sender", "recipient", "recipient_mark", "body", "masked", "reference", "state"),
        *("created_at", "expires_at", "not_before", "lease_until", "unsure", "data_coding", "error"),
    )
    store = Prepared(insert(outbound), *names)
    early, late = datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)
    same = ("8188", CANARY, CANARY)
    rows = [
        (
            last,
            "m\u1ea1ng",
            *same,
            "tr\u1ea3 l\u1eddi",
            None,
            32767,
            OutboundState.SENT,
            early,
            late,
            NOW,
            NOW,
            True,
            0,
            "",
        ),
        (-last, "", *same, "", "***", -32768, OutboundState.QUEUED, NOW, NOW, late, None, False, None, None),
    ]
    with postgres_database.write() as connection:
        store.run_many(connection, rows)
        columns = [outbound.c[name] for name in names if name != "recipient_mark"]
        found = connection.execute(select(*columns).order_by(outbound.c.id.desc())).all()
    assert [tuple(one) for one in found] == [one[:4] + one[5:] for one in rows]


@pytest.mark.parametrize("wrong", [2**70, 2**40, "\x00", "x" * 66])
def test_a_value_that_its_column_does_not_take_is_the_databases_to_refuse(
    postgres_database: Database, wrong: object
) -> None:
    """And tells no value; the connection serves on."""
    number = wrong if isinstance(wrong, int) else 1
    message_id = wrong if not isinstance(wrong, int) else "id"
    store = Prepared(insert(segment), "outbound_id", "number", "link", "message_id", "message_key", "sent_at")
    with pytest.raises(DBAPIError) as raised, postgres_database.write() as connection:
        store.run_many(connection, [(1, number, "main", message_id, CANARY, NOW), (2, 1, "main", "id", CANARY, NOW)])
    assert CANARY not in str(raised.value)
    with postgres_database.write() as connection:
        assert connection.scalar(text("SELECT count(*) FROM segment")) == 0


def test_on_postgresql_many_rows_are_one_statement_that_looks_each_up_by_its_key(postgres_database: Database) -> None:
    rows = [row(number) for number in range(1, 200)]
    change = Prepared(
        update(stray_receipt)
        .where(stray_receipt.c.id == bindparam("row_id"), stray_receipt.c.state == ReceiptState.DELIVERED)
        .values(error=bindparam("new_error")),
        "row_id",
        "new_error",
    )
    with postgres_database.write() as connection:
        KEEP.run_many(connection, rows)
        for way in ("seqscan", "hashjoin", "mergejoin"):  # a small table may as well be read through
            connection.execute(text(f"SET LOCAL enable_{way} = off"))
        with explained(connection) as plans:
            change.run_many(connection, [(number, f"e{number}") for number in range(1, 200)])
        assert sum("Update on stray_receipt" in plan for plan in plans) == 1, plans
        assert any("Function Scan on unnest" in plan or "Function Scan on anon" in plan for plan in plans), plans
        assert any("Index Cond: (id = anon" in plan for plan in plans), plans
        errors = connection.scalars(select(stray_receipt.c.error).order_by(stray_receipt.c.id)).all()
    assert errors == [f"e{number}" for number in range(1, 200)]
