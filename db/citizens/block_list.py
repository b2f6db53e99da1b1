"""The block list: numbers that get no answer, until when and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, select

from db.schema import block
from db.store.address import Address

LOOP_BREAKER = "loop"
"""Stands in an entry of the block list as the one who made it, where no person did."""


REMEMBERED = timedelta(days=1)
"""So long a machine's entry is kept when it is over: one that comes back is left alone for longer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """An entry of the block list; times are aware UTC."""

    number: Address
    reason: str
    made_by: str
    since: datetime
    until: datetime


def put_on_list(connection: Connection, entry: Block) -> None:
    """Block a number until a time; an entry that is there is replaced."""
    take_off_list(connection, entry.number)
    connection.execute(
        insert(block).values(
            number_mark=entry.number,
            number=entry.number,
            reason=entry.reason,
            made_by=entry.made_by,
            since=entry.since,
            until=entry.until,
        )
    )


def take_off_list(connection: Connection, number: Address) -> bool:
    """Answer a number again; False when it was not on the list."""
    return connection.execute(delete(block).where(block.c.number_mark == number)).rowcount > 0


def is_on_list(connection: Connection, number: Address, *, now: datetime) -> bool:
    """Return whether a number is blocked now."""
    asked = select(block.c.until).where(block.c.number_mark == number, block.c.until > now)
    return connection.execute(asked).first() is not None


def read_list(connection: Connection, *, now: datetime, most: int | None = None) -> Sequence[Block]:
    """Return who is blocked now, the one that ends first first."""
    rows = connection.execute(select(block).where(block.c.until > now).order_by(block.c.until).limit(most))
    return [
        Block(number=Address(row.number), reason=row.reason, made_by=row.made_by, since=row.since, until=row.until)
        for row in rows
    ]


def forget_ended_blocks(connection: Connection, now: datetime) -> int:
    """Delete the entries that are over, for the schedule; return how many. Those of machines stay for a day more."""
    over = or_(block.c.made_by != LOOP_BREAKER, block.c.until <= now - REMEMBERED)
    return connection.execute(delete(block).where(block.c.until <= now, over)).rowcount
