"""Engines: on SQLite a writer of one connection and readers beside it, on PostgreSQL one pool for both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from db.columns import give_keyring
from db.seal import Keyring

BUSY_MILLISECONDS = 5000
READERS = 8
"""Connections for reading: one for each thread of the web server and a few to spare."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Database:
    """A database in use. `write` and `read` open a transaction; nothing is ever asked outside one."""

    writer: Engine
    reader: Engine
    keyring: Keyring

    @property
    def is_sqlite(self) -> bool:
        """Tell whether one process owns the database alone."""
        return self.writer.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that may write; commits at the end, rolls back on any exception."""
        with self.writer.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads; on SQLite it sees one state and waits for no writer."""
        with self.reader.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.reader.dispose()
        self.writer.dispose()


def open_database(url: str, keyring: Keyring) -> Database:
    """Open `sqlite:///path/to/file` or `postgresql+psycopg://…`; connects lazily, creates no table."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed, keyring)
    engine = create_engine(parsed, pool_size=READERS, pool_pre_ping=True, hide_parameters=True)
    give_keyring(engine.dialect, keyring)
    return Database(writer=engine, reader=engine, keyring=keyring)


def _open_sqlite(url: URL, keyring: Keyring) -> Database:
    # hide_parameters: an error's text must not carry a citizen's data into a log.
    writer = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=30, hide_parameters=True)
    reader = create_engine(url, pool_size=READERS, max_overflow=0, pool_timeout=30, hide_parameters=True)
    event.listen(writer, "connect", _prepare_writer)
    event.listen(writer, "begin", _begin_immediate)
    event.listen(reader, "connect", _prepare_reader)
    event.listen(reader, "begin", _begin_deferred)
    for engine in (writer, reader):
        give_keyring(engine.dialect, keyring)
    return Database(writer=writer, reader=reader, keyring=keyring)


def _prepare(connection: SqliteConnection) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin event says BEGIN; the driver must not
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # a commit that was acknowledged survives a power cut
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")


def _prepare_writer(connection: SqliteConnection, entry: ConnectionPoolEntry) -> None:
    del entry
    _prepare(connection)


def _prepare_reader(connection: SqliteConnection, entry: ConnectionPoolEntry) -> None:
    del entry
    _prepare(connection)
    connection.execute("PRAGMA query_only = ON")


def _begin_immediate(connection: Connection) -> None:
    # Reading first and writing later in a deferred transaction fails at once, in spite of busy_timeout.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN DEFERRED")
