"""Versions of own look-up tables that are deleted: replaced ones, and forgotten drafts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from db.citizens.lookups import StoredTable, list_tables, order_of, remove_table
from db.schema import LookupState, lookup_row

DRAFTS_KEPT = timedelta(days=7)
"""A draft that nobody put forward is deleted after so long."""

REPLACED_KEPT = timedelta(minutes=1)
"""A replaced version stays for so long: processes that have not looked yet answer with it for some seconds."""

_UNSEEN = (LookupState.LOADING, LookupState.DRAFT)


def superseded(tables: Iterable[StoredTable], now: datetime) -> Sequence[int]:
    """Return the versions that a later one replaced a minute ago, and the drafts that nobody put forward. Pure."""
    every = list(tables)
    before = now - REPLACED_KEPT
    begun = [one for one in every if (since := one.answers_since()) is not None and since <= before]
    latest = {one.name: order_of(one) for one in sorted(begun, key=order_of)}
    return [
        one.id
        for one in every
        if (one.answers(now) and one.name in latest and order_of(one) < latest[one.name])
        or (one.state in _UNSEEN and now - one.made_at >= DRAFTS_KEPT)
    ]


def forget_superseded(connection: Connection, now: datetime, limit: int) -> int:
    """Delete at most so many rows of replaced versions; return how many. A version without rows goes with its last."""
    old = superseded(list_tables(connection), now)
    for table_id in old:
        some = select(lookup_row.c.id).where(lookup_row.c.lookup_id == table_id).limit(limit)
        gone = connection.execute(delete(lookup_row).where(lookup_row.c.id.in_(some))).rowcount
        if gone < limit:
            remove_table(connection, table_id)
        if gone:
            return gone
    return 0
