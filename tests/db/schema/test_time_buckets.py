"""Indexes begin with the span of an id: what is asked over a span's edge, or over all time, misses nothing."""

from __future__ import annotations

from itertools import count

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.schema import CreateIndex

from db.citizens import account_administration, person_rows
from db.limits import sender_limits
from db.limits.sender_limits import Asked, read_known
from db.messages import duplicates
from db.messages.receipt_matching import NewReceipt, match
from db.messages.receipts import record
from db.reports.message_log import read_log_page
from db.reports.message_log_filter import LogFilter
from db.schema import InboundState, OutboundState, ReceiptState, inbound, metadata, outbound
from db.schema.time_buckets import MOST_NAMED, buckets_since, every_bucket
from db.store.address import Address, Msisdn
from db.store.engine import Database
from tests.db.messages.test_receipts import CITIZEN, NOW, OTHER, send
from tests.db.plans import explained
from tests.sms_gateway.pages.message_rows import SENDER, MessageRows

SPAN = 1 << 50
"""Ids of a span: three days and two and a half hours."""


def texts_at(connection: Connection, *ids: int, sender: str = SENDER) -> None:
    given = iter(ids)
    rows = MessageRows(connection=connection, new_id=lambda: next(given), now=NOW)
    for one in ids:
        rows.text(f"text {one}", sender=sender)


@pytest.mark.parametrize(
    ("since", "earlier", "found"),
    [
        pytest.param(7 * SPAN + 1, 0, [7], id="since the newest span began"),
        pytest.param(7 * SPAN - 1, 0, [6, 7], id="over the edge"),
        pytest.param(7 * SPAN, 2, [5, 6, 7], id="and two before"),
        pytest.param(9 * SPAN, 0, [7], id="later than the newest row"),
        pytest.param(SPAN, 3, [0, 1, 2, 3, 4, 5, 6, 7], id="more before than there are"),
    ],
)
def test_names_the_spans_since_a_time(sqlite_database: Database, since: int, earlier: int, found: list[int]) -> None:
    with sqlite_database.write() as connection:
        texts_at(connection, 3 * SPAN, 7 * SPAN + 5)
        assert list(buckets_since(connection, inbound, since, earlier=earlier)) == found
        assert list(every_bucket(connection, inbound)) == [3, 4, 5, 6, 7]


def test_of_very_many_spans_names_those_that_hold_rows(sqlite_database: Database) -> None:
    ids = [3 * SPAN, 4 * SPAN - 1, 40 * SPAN, 8_000 * SPAN + 1]
    with sqlite_database.write() as connection:
        texts_at(connection, *ids)
        assert every_bucket(connection, inbound) == [3, 40, 8_000]
        assert buckets_since(connection, inbound, 4 * SPAN) == [40, 8_000]
        assert every_bucket(connection, inbound, 4 * SPAN, 7_000 * SPAN) == [40, 7_000]
        assert list(every_bucket(connection, inbound, 5 * SPAN, 7 * SPAN)) == [7]  # no row is there
        assert sorted(person_rows.texts_of(connection, Address(SENDER))) == ids


def test_names_one_span_where_no_row_is(sqlite_database: Database) -> None:
    with sqlite_database.write() as connection:
        assert list(buckets_since(connection, outbound, 4 * SPAN)) == [4]
        assert list(every_bucket(connection, outbound)) == [0]


def test_postgresql_is_asked_without_spans(postgres_database: Database) -> None:
    with postgres_database.write() as connection:
        texts_at(connection, 3 * SPAN)
        assert not buckets_since(connection, inbound, SPAN)
        assert not every_bucket(connection, inbound)


@pytest.mark.parametrize(
    ("row", "since"),
    [
        pytest.param(5 * SPAN - 1, 5 * SPAN - 2, id="the last of a span"),
        pytest.param(5 * SPAN, 5 * SPAN - 1, id="over the edge"),
        pytest.param(9 * SPAN, 2 * SPAN, id="the clock was set back since the row was made"),
    ],
)
def test_finds_what_a_number_sent_since_a_time(database: Database, row: int, since: int) -> None:
    with database.write() as connection:
        texts_at(connection, row)
        fingerprint = connection.scalars(select(inbound.c.fingerprint)).one()
        mark = sender_limits.mark_of(connection, "phone", SENDER)
        alike = duplicates.find_alike(connection, {fingerprint: SENDER}, NOW, since)
        known = read_known(connection, Asked(senders=[mark], since_id=since, lately_id=since, most=1, now=NOW))
        original = duplicates.find_original(connection, sender=SENDER, fingerprint=fingerprint, since_id=since)
    assert [earlier.id for earlier in alike[fingerprint]] == [row]
    assert len(known.standings[mark].answered) == 1
    assert original is not None
    assert original[0] == row


def test_finds_all_that_a_number_ever_sent(database: Database) -> None:
    ids = [1, SPAN - 1, SPAN, 140 * SPAN, 300 * SPAN + 7, 300 * SPAN + 8]
    number = Address(SENDER)
    with database.write() as connection:
        texts_at(connection, *ids)
        texts_at(connection, 2, 140 * SPAN + 1, 301 * SPAN, sender=OTHER)
        assert sorted(person_rows.texts_of(connection, number)) == ids
        assert account_administration.last_reply_link(connection, Msisdn(number)) == "viettel"
        first = read_log_page(connection, LogFilter(sender=number), before=None, size=4)
        second = read_log_page(connection, LogFilter(sender=number), before=first.older, size=4)
    pages = [[entry.text.body for entry in found.entries] for found in (first, second)]
    assert pages == [[f"text {one}" for one in reversed(ids[2:])], [f"text {one}" for one in reversed(ids[:2])]]
    assert second.older is None


@pytest.mark.parametrize("age", [0, 1, 2, 3, 200], ids=lambda spans: f"{spans} spans")
@pytest.mark.parametrize("told", ["0000002A", "42"], ids=["the same id", "in decimal"])
def test_a_receipt_finds_its_message_however_old(database: Database, age: int, told: str) -> None:
    sent_at = 7 * SPAN
    with database.write() as connection:
        send(connection, "0000002A", outbound_id=sent_at)
        send(connection, "0000002B", outbound_id=sent_at + age * SPAN + 1)
        assert record(connection, [receipt(sent_at + age * SPAN + 2, told, CITIZEN)], at=NOW) == 0
        assert connection.scalar(select(outbound.c.state).where(outbound.c.id == sent_at)) == OutboundState.DELIVERED


def test_of_messages_with_one_id_the_newest_is_meant_and_older_ones_are_not_read(sqlite_database: Database) -> None:
    with sqlite_database.write() as connection:
        for age in range(20):
            send(connection, "2A", outbound_id=40 * SPAN - age * SPAN)
        with explained(connection) as plans:
            hits, strays = match(connection, [receipt(40 * SPAN + 1, "2A", CITIZEN)])
    assert [hit.outbound_id for hit in hits] == [40 * SPAN]
    assert strays == []
    assert sum("ix_segment_message" in plan for plan in plans) == 1  # asked once, and only of the last days


def test_older_messages_with_the_id_are_not_read_even_where_the_phone_is_another(sqlite_database: Database) -> None:
    with sqlite_database.write() as connection:
        send(connection, "2A", outbound_id=37 * SPAN, recipient=CITIZEN)
        send(connection, "2A", outbound_id=40 * SPAN, recipient=OTHER)
        hits, _ = match(connection, [receipt(40 * SPAN + 1, "2A", CITIZEN)])
    assert [(hit.outbound_id, hit.agrees) for hit in hits] == [(40 * SPAN, False)]


@pytest.mark.parametrize("settled_by", [0, 30], ids=["a link without a rule", "with a rule"])
def test_an_old_message_with_the_very_id_goes_before_a_new_one_by_conversion(
    database: Database, settled_by: int
) -> None:
    with database.write() as connection:
        for number in range(settled_by):
            send(connection, f"same{number}", outbound_id=39 * SPAN + number)
            record(connection, [receipt(39 * SPAN + 100 + number, f"same{number}", None)], at=NOW)
        send(connection, "12", outbound_id=30 * SPAN)
        send(connection, "C", outbound_id=40 * SPAN)
        hits, _ = match(connection, [receipt(40 * SPAN + 1, "12", None)])
    assert [hit.outbound_id for hit in hits] == [30 * SPAN]


def test_half_of_an_id_is_understood_by_the_phone_however_old(database: Database) -> None:
    with database.write() as connection:
        send(connection, "1A2B3C4D5E6F7788", outbound_id=SPAN, recipient=CITIZEN)
        send(connection, "2B", outbound_id=200 * SPAN, recipient=OTHER)
        hits, _ = match(connection, [receipt(200 * SPAN + 1, "5E6F7788", CITIZEN)])
    assert [(hit.outbound_id, hit.agrees) for hit in hits] == [(SPAN, True)]


def test_an_old_message_to_the_phone_goes_before_none_at_all(database: Database) -> None:
    with database.write() as connection:
        send(connection, "2A", outbound_id=2 * SPAN, recipient=CITIZEN)
        send(connection, "2A", outbound_id=3 * SPAN, recipient=OTHER)
        send(connection, "2B", outbound_id=90 * SPAN, recipient=OTHER)
        hits, _ = match(connection, [receipt(90 * SPAN + 1, "2A", CITIZEN)])
    assert [hit.outbound_id for hit in hits] == [2 * SPAN]


def receipt(row_id: int, message_id: str, sender: str | None) -> NewReceipt:
    state = ReceiptState.DELIVERED
    return NewReceipt(
        id=row_id, link="main", message_id=message_id, state=state, error="000", received_at=NOW, sender=sender
    )


def test_the_road_asks_by_index_among_the_rows_of_months(sqlite_database: Database) -> None:
    numbers = count(1)
    with sqlite_database.write() as connection:
        rows = MessageRows(connection=connection, new_id=lambda: next(numbers) * SPAN // 5, now=NOW)
        newest = fill(rows, 300)
        every = every_bucket(connection, inbound)
        since = newest - SPAN // 3
        marks = [number.to_bytes(16, "big") for number in range(64)]
        with explained(connection) as plans:
            duplicates.find_alike(
                connection, {mark: f"84905{number:06}" for number, mark in enumerate(marks)}, NOW, since
            )
            read_known(connection, Asked(senders=marks, since_id=since, lately_id=since, most=1, now=NOW))
            match(connection, [receipt(newest + number, f"{number:X}", None) for number in range(64)])
            _, strays = match(connection, [receipt(newest + 1, "nobody's", f"849{1:08d}")])
            read_log_page(
                connection, LogFilter(sender=Address(SENDER), state=InboundState.HANDLED), before=None, size=4
            )
            read_log_page(connection, LogFilter(sender=Address(SENDER), readings=("help",)), before=None, size=4)
    assert len(strays) == 1
    assert MOST_NAMED // 4 < len(every) < MOST_NAMED
    told = "\n".join(plans)
    # Once for what came before, once for the limits.
    assert told.count("ix_inbound_sender (<expr>=? AND sender_mark=? AND state=? AND id>?)") == len(("alike", "known"))
    assert "ix_segment_message (<expr>=? AND message_key=?)" in told
    assert "ix_inbound_sender (<expr>=? AND sender_mark=?)" in told
    assert "ix_outbound_inbound (inbound_id=?)" in told
    assert "ix_inbound_state" not in told
    assert "ix_inbound_reading" not in told
    assert "SCAN inbound" not in told
    assert "SCAN outbound" not in told
    assert "SCAN segment" not in told


def test_all_spans_are_named_without_reading_a_table(sqlite_database: Database) -> None:
    with sqlite_database.write() as connection, explained(connection) as plans:
        every_bucket(connection, inbound)
        buckets_since(connection, outbound, SPAN)
    assert len(plans) == 3
    assert all(plan.startswith("SEARCH") for plan in plans), plans


def fill(rows: MessageRows, number: int) -> int:
    """Write so many texts with their answers; return the newest id."""
    for one in range(number):
        newest = rows.answer(rows.text(f"text {one}", sender=f"849{one:08d}"), "answer")
    return newest


def test_sqlite_has_the_indexes_of_the_schema_word_for_word(sqlite_database: Database) -> None:
    """Alembic compares no index by an expression there."""
    by_span = [
        index
        for table in metadata.tables.values()
        for index in table.indexes
        if index.name and ">>" in str(next(iter(index.expressions)))
    ]
    with sqlite_database.read() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'index'"))
        made = {row.name: row.sql for row in rows}
        wanted = {str(index.name): str(CreateIndex(index).compile(connection)).strip() for index in by_span}
    assert len(wanted) == 2
    assert {name: made[name] for name in wanted} == wanted
