"""Figures that are too dear to find out for a page, taken now and then: how many rows, how large the backup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from db.schema import account, dossier, figure, inbound, outbound


class StatisticName(StrEnum):
    """What is kept."""

    TEXTS = "texts"  # rows of inbound
    ANSWERS = "answers"  # rows of outbound
    ACCOUNTS = "accounts"
    DOSSIERS = "dossiers"
    BACKUP = "backup"  # octets of the newest copy made by `sms-gateway db backup`
    IMPORTED = "imported"  # dossiers of the newest import; its time is what counts
    TRIED = (
        "tried"  # on SQLite: whether the database takes anything (db.upkeep.presence); its time says when it last did
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Statistic:
    """A value, and when it held."""

    value: int
    taken_at: datetime


_COUNTED = {
    StatisticName.TEXTS: inbound,
    StatisticName.ANSWERS: outbound,
    StatisticName.ACCOUNTS: account,
    StatisticName.DOSSIERS: dossier,
}


def read_figures(connection: Connection) -> Mapping[StatisticName, Statistic]:
    """Return what was taken so far, by name."""
    rows = connection.execute(select(figure).where(figure.c.name.in_([name.value for name in StatisticName])))
    return {StatisticName(row.name): Statistic(value=row.value, taken_at=row.taken_at) for row in rows}


def count_rows(connection: Connection) -> Mapping[StatisticName, int]:
    """Count the rows of the large tables: some seconds with millions of them."""
    return {
        name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in _COUNTED.items()
    }


def note_import(connection: Connection, dossiers: int, *, now: datetime) -> None:
    """Keep when dossiers were imported; of two imports at once the later commit holds."""
    make = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    values = {"name": StatisticName.IMPORTED.value, "value": dossiers, "taken_at": now}
    statement = make(figure).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def keep_figures(connection: Connection, values: Mapping[StatisticName, int], *, now: datetime) -> None:
    """Keep these in place of the earlier ones. Safe to repeat."""
    if not values:
        return
    connection.execute(delete(figure).where(figure.c.name.in_([name.value for name in values])))
    rows = [{"name": name.value, "value": value, "taken_at": now} for name, value in values.items()]
    connection.execute(insert(figure), rows)
