"""How old the oldest row of each kind is, by ids alone: they are ordered by time, so an answer is one way down a tree.

Nothing is counted and nothing is looked through, however many rows there are.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from db.schema import account, attempt, dossier_upload, emptied, inbound, outbound, part, stray_receipt

_TABLES = (account, attempt, dossier_upload, inbound, outbound, part, stray_receipt)


def oldest_ids(connection: Connection) -> Mapping[str, int]:
    """Return the least id of each table whose rows end, by the table's name; an empty table is not in it."""
    found = {table.name: connection.scalar(select(func.min(table.c.id))) for table in _TABLES}
    return {name: row_id for name, row_id in found.items() if row_id is not None}


def emptied_up_to(connection: Connection) -> Mapping[str, int]:
    """Return up to which row the words of texts and of answers are deleted, by the table's name."""
    return {row.kind: row.up_to for row in connection.execute(select(emptied))}


def oldest_words(connection: Connection) -> int | None:
    """Return the id of the oldest text or answer that still has its words, None when there is none."""
    done = emptied_up_to(connection)
    ids = [
        connection.scalar(select(func.min(table.c.id)).where(table.c.id > done.get(table.name, 0)))
        for table in (inbound, outbound)
    ]
    return min((row_id for row_id in ids if row_id is not None), default=None)
