"""Troubles: what can be wrong with that which a running service stands on, its database and its key file."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """One thing that is wrong now; the value is what `/healthz`, `/metrics` and the log say."""

    DATABASE_GONE = "database_gone"  # the SQLite file, or one of the two beside it, was deleted
    DATABASE_REPLACED = "database_replaced"  # another database is in its place
    NOTHING_TAKEN = "nothing_taken"  # the database can be read at most: locked, its disk full, or away
    KEYS_UNUSABLE = "keys_unusable"  # the key file is gone, cannot be read, or holds no keys
    KEYS_REPLACED = "keys_replaced"  # the key file is that of another database, or an old copy of ours


STOPS_INTAKE = frozenset({Trouble.DATABASE_GONE, Trouble.DATABASE_REPLACED, Trouble.NOTHING_TAKEN})
"""With one of these no text can be stored. Without its key file a running service goes on: it has the keys."""

LOST = frozenset({Trouble.DATABASE_GONE, Trouble.DATABASE_REPLACED})
"""With one of these the database that the service holds is not the one that is in its place."""
