"""SQLite engines that are alike share what SQLAlchemy compiled: half of the time of a page's first request goes there.

Each test has engines of its own. SQLAlchemy and our prepared statements keep what they compile by the dialect, so
dialects with the same keyring are equal here.
"""

from __future__ import annotations

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from db.store.column_types import keyring_of
from db.store.engine import Database
from db.store.sealing import Keyring

MOST_STATEMENTS = 3000
_COMPILED: LRUCache[object, object] = LRUCache(MOST_STATEMENTS)


class AlikeDialect(SQLiteDialect_pysqlite):
    """The dialect of SQLite, equal to every other one that seals with the same keyring."""

    supports_statement_cache = True

    def __hash__(self) -> int:
        return hash(AlikeDialect)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, AlikeDialect) and _keyring(self) is _keyring(other) is not None)


def _keyring(dialect: AlikeDialect) -> Keyring | None:
    try:
        return keyring_of(dialect)
    except AttributeError:
        return None


def share_statements(database: Database) -> None:
    """Let a database that was just opened use what others compiled."""
    for engine in (database.writer, database.reader):
        engine.update_execution_options(compiled_cache=_COMPILED)


def make_alike() -> None:
    """Let SQLAlchemy make such dialects for every SQLite file from now on."""
    registry.register("sqlite", __name__, AlikeDialect.__name__)
