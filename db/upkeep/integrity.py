"""Whether an SQLite file is whole: every page, every index, every reference."""

from __future__ import annotations

from sqlalchemy import Connection, text

MOST_FAULTS = 100
"""Faults that are counted; one is enough to restore a copy."""


def count_faults(connection: Connection) -> int:
    """Read the whole file and return how many faults were found, at most some more than MOST_FAULTS. SQLite only.

    Of a file with ten million messages this takes minutes. Nobody has to wait for it.
    """
    told = connection.scalars(text(f"PRAGMA integrity_check({MOST_FAULTS})")).all()
    broken = connection.execute(text("PRAGMA foreign_key_check")).fetchmany(MOST_FAULTS)
    return len([line for line in told if line != "ok"]) + len(broken)
