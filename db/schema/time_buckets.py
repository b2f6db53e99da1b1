"""Spans: stretches of three days, by number, that indexes by marks and by message ids begin with on SQLite.

A mark is random, so an index that begins with it is written all over: with millions of rows each text changes a page of
its own there. Ids begin with the time they were made at (db.store.ids), and their first bits are the span. An
index that begins with those is written in one small part, and a query of it names the buckets that it means.

PostgreSQL has those indexes without spans, and is asked without: its statistics know nothing of the newest span, so it
takes it for empty and reads it whole (docs/decisions/0023-time-buckets-first.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import BigInteger, ColumnElement, Connection, Table, bindparam, func, literal_column, select, true

from db.schema import inbound, outbound
from db.store.prepared_statements import Prepared

MOST_NAMED = 256
"""Of more spans only those are named that hold rows: a clock that was years ahead for a moment leaves a gap."""

_BITS = 50  # 2**28 milliseconds; to be said in an index word for word, see db.schema.messages

_OLDEST = {
    table: Prepared(select(func.min(table.c.id)).where(table.c.id >= bindparam("since_id")))
    for table in (inbound, outbound)
}
_NEWEST = {table: Prepared(select(func.max(table.c.id))) for table in (inbound, outbound)}  # both at once read all rows


def in_given_buckets(row_id: ColumnElement[int]) -> Mapping[str, ColumnElement[bool]]:
    """Return for each kind of database the condition that a row is in one of the `spans` that a statement is given."""
    return {
        "sqlite": _span_of(row_id).in_(bindparam("spans", expanding=True, type_=BigInteger())),
        "postgresql": true(),
    }


def in_buckets(row_id: ColumnElement[int], spans: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition that a row is in one of the spans, as they were given by the functions below."""
    return _span_of(row_id).in_(spans) if spans else true()


def buckets_since(connection: Connection, table: Table, since_id: int, *, earlier: int = 0) -> Sequence[int]:
    """Return the spans of all rows of `inbound` or `outbound` from this id on, and so many spans before it.

    Up to the newest row's and not to now: ids do not go back with the clock. Never empty, except on PostgreSQL.
    """
    if connection.dialect.name != "sqlite":
        return ()
    ((newest,),) = _NEWEST[table].fetch(connection, {})
    return _held(connection, table, since_id - (earlier << _BITS), newest or since_id)


def every_bucket(
    connection: Connection, table: Table, since_id: int | None = None, until_id: int | None = None
) -> Sequence[int]:
    """Return the spans of all rows, or of those between two ids: a hundred and twenty a year.

    Never empty, except on PostgreSQL.
    """
    if connection.dialect.name != "sqlite":
        return ()
    ((oldest,),) = _OLDEST[table].fetch(connection, {"since_id": since_id or 0})
    ((newest,),) = _NEWEST[table].fetch(connection, {})
    last = newest or 0 if until_id is None else min(until_id, newest or 0)
    return _held(connection, table, min(oldest or last, last), last)


def _span_of(row_id: ColumnElement[int]) -> ColumnElement[int]:
    # A bound number would be another expression than that of the index.
    return row_id.bitwise_rshift(literal_column(str(_BITS), BigInteger))


def _held(connection: Connection, table: Table, first_id: int, last_id: int) -> Sequence[int]:
    """Return the spans between two ids, and of very many only those that hold rows."""
    last = last_id >> _BITS
    named = range(min(max(0, first_id) >> _BITS, last), last + 1)
    if len(named) <= MOST_NAMED:
        return named
    held: list[int] = []
    next_span = named.start
    while next_span < last:
        ((oldest,),) = _OLDEST[table].fetch(connection, {"since_id": next_span << _BITS})
        next_span = last if oldest is None else min(oldest >> _BITS, last)
        held.append(next_span)
        next_span += 1
    return held if held and held[-1] == last else [*held, last]
