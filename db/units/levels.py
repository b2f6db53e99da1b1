"""Levels: how soon each kind of ticket is answered, where an administrator has changed the default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select, update

from db.schema import LevelClock, level


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelRow:
    """How soon tickets of this level are answered."""

    id: int
    code: str
    """urgent, question, report or proposal."""
    first_amount: int
    first_clock: LevelClock
    final_amount: int
    final_clock: LevelClock


def set_level(connection: Connection, row: LevelRow) -> int:
    """Write a level; return the id of its row, which stays when the code has one."""
    known: int | None = connection.scalar(select(level.c.id).where(level.c.code == row.code))
    if known is None:
        connection.execute(insert(level).values(asdict(row)))
        return row.id
    connection.execute(update(level).where(level.c.id == known).values({**asdict(row), "id": known}))
    return known


def list_levels(connection: Connection) -> Sequence[LevelRow]:
    """List the levels that have a row, by code."""
    return [LevelRow(**row._asdict()) for row in connection.execute(select(level).order_by(level.c.code))]
