"""How many rows each table holds, whatever revision the database has."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, inspect, select, table


def count_rows(connection: Connection) -> Mapping[str, int]:
    """Return the rows of each table by name. Ten million rows take seconds."""
    names = sorted(inspect(connection).get_table_names())
    return {name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names}
