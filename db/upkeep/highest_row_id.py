"""Row ids over all tables: the highest there is, after which every new one must come."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from db.schema import metadata


def highest_id(connection: Connection) -> int:
    """Return the highest id of any row, 0 in an empty database.

    Anyone who makes ids by the clock starts after it: the clock may have been set back since they were made.
    """
    own = [table.c.id for table in metadata.sorted_tables if "id" in table.c]
    return max((connection.scalar(select(func.max(column))) or 0 for column in own), default=0)
