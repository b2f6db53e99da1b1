"""What we asked a number last, for each short code: a plain reply answers it while it is live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from db.schema import AskKind, ask
from db.store.address import Address
from db.store.prepared_statements import Prepared

STEP = 500
"""Rows deleted in one transaction."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewAsk:
    """A question of ours; `subject_id` is its ticket, or the first of the kept texts."""

    sender: Address
    short_code: str
    kind: AskKind
    subject_id: int
    outbound_id: int
    made_at: datetime
    until: datetime
    choices: Sequence[int] = ()  # of `which`: the tickets in the order in which they are offered


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredAsk:
    """A question of ours, and when its SMS was sent; None while it was not, or when it could not be."""

    kind: AskKind
    subject_id: int
    outbound_id: int
    choices: tuple[int, ...]
    made_at: datetime
    until: datetime
    sent_at: datetime | None


_COLUMNS = ("sender_mark", "short_code", "kind", "subject_id", "outbound_id", "choices", "made_at", "until")
_CHANGED = _COLUMNS[2:]


def _upsert(dialect: str) -> Prepared:
    make = insert_on_postgresql if dialect == "postgresql" else insert_on_sqlite
    wanted = make(ask)
    statement = wanted.on_conflict_do_update(
        index_elements=["sender_mark", "short_code"],
        set_={name: wanted.excluded[name] for name in _CHANGED},
        # By the ids of their SMS, which never go back: after the clock was set back the later question counts.
        where=ask.c.outbound_id <= wanted.excluded.outbound_id,
    )
    return Prepared(statement, *_COLUMNS)


_PUT_ON = {dialect: _upsert(dialect) for dialect in ("sqlite", "postgresql")}
_END = Prepared(
    delete(ask).where(
        ask.c.sender_mark == bindparam("mark", type_=ask.c.sender_mark.type),
        ask.c.short_code == bindparam("code"),
        ask.c.made_at == bindparam("asked_at", type_=ask.c.made_at.type),
    ),
    "mark",
    "code",
    "asked_at",
)


def put_asks(connection: Connection, asks: Sequence[NewAsk]) -> None:
    """Note questions; each takes the place of an earlier one to the same number."""
    rows = [
        (
            one.sender,
            one.short_code,
            one.kind,
            one.subject_id,
            one.outbound_id,
            join_ids(one.choices),
            one.made_at,
            one.until,
        )
        for one in sorted(asks, key=lambda one: (one.sender, one.short_code, one.made_at))
    ]
    _PUT_ON[connection.dialect.name].run_many(connection, rows)


def end_ask(connection: Connection, sender: Address, short_code: str, *, made_at: datetime) -> None:
    """Delete the question that was answered; one that was asked meanwhile stays. Safe to repeat."""
    _END.run_many(connection, [(sender, short_code, made_at)])


def end_asks_about(connection: Connection, subject_id: int) -> int:
    """Delete the questions about a ticket, or about kept texts; return how many."""
    return connection.execute(delete(ask).where(ask.c.subject_id == subject_id)).rowcount


def forget_asks(connection: Connection, *, now: datetime, limit: int = STEP) -> int:
    """Delete the questions that are over; return how many. Safe to repeat."""
    over = select(ask.c.sender_mark, ask.c.short_code).where(ask.c.until <= now).order_by(ask.c.until).limit(limit)
    rows = connection.execute(over).all()
    for row in rows:
        connection.execute(
            delete(ask).where(
                ask.c.sender_mark == row.sender_mark, ask.c.short_code == row.short_code, ask.c.until <= now
            )
        )
    return len(rows)


def join_ids(ids: Sequence[int]) -> str:
    """Return ids as a column of text holds them.

    >>> join_ids([7, 5]), split_ids("7 5"), split_ids("")
    ('7 5', (7, 5), ())
    """
    return " ".join(map(str, ids))


def split_ids(joined: str) -> tuple[int, ...]:
    """Return the ids of a column of text."""
    return tuple(map(int, joined.split()))
