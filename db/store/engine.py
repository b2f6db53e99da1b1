"""Engines: on SQLite a writer of one connection and readers beside it, on PostgreSQL one pool for both."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import TimeoutError  # noqa: A004 - the pool's own, as FairLock raises it
from sqlalchemy.pool import ConnectionPoolEntry

from db.store.column_types import give_keyring
from db.store.fair_lock import FairLock
from db.store.postgresql import ConnectionRules, connect_options
from db.store.prepared_statements import run_plain
from db.store.sealing import Keyring

PATIENT_SECONDS = 5.0
"""How long a command waits for another writer; the service waits shorter and sends the text back to the carrier."""

READERS = 8
"""Connections for reading. More readers wait some milliseconds; most of the web server's threads read nothing."""

CONNECT_SECONDS = 3

LEAST_SQLITE = (3, 35)
"""The first version that knows RETURNING."""

_AFTER_COMMIT = "after_commit"
_WRITER_CACHE = 8 * 1024  # KiB: inner pages of the indexes of millions of messages; SQLite's own 2 MB hold few of them
_LONG_LOG_PAGES = 8000  # 32 MB: from then on a commit writes the log into the file itself


class SqliteTooOldError(Exception):
    """Python's SQLite cannot run our statements; the text says which version is needed."""


class Kept:
    """SQLite's one writing connection between its uses: the way out of the pool and back costs more than a commit.

    Belongs to the thread that has the lock. After an error it goes back to the pool.
    """

    def __init__(self) -> None:
        self._connection: Connection | None = None

    @contextmanager
    def open(self, engine: Engine) -> Iterator[Connection]:
        """Return the connection for one transaction."""
        if self._connection is None:
            self._connection = engine.connect()
        try:
            yield self._connection
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Return the connection to the pool."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def unmarked(step: str) -> None:
    """Time nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Database:
    """A database in use. `write` and `read` open a transaction; nothing is ever asked outside one."""

    writer: Engine
    reader: Engine
    keyring: Keyring
    wait_seconds: float = PATIENT_SECONDS  # for the turn to write
    turns: FairLock = field(default_factory=FairLock)
    kept: Kept = field(default_factory=Kept)

    @property
    def is_sqlite(self) -> bool:
        """Return whether one process owns the database alone."""
        return self.writer.dialect.name == "sqlite"

    @contextmanager
    def write(self, mark: Callable[[str], None] = unmarked) -> Iterator[Connection]:
        """Open a transaction that may write; commits at the end, rolls back on any exception.

        `mark` is told the end of each step around the block: `turn` (on SQLite), `begin`, `commit`.
        """
        if not self.is_sqlite:
            with self.writer.begin() as connection:
                mark("begin")
                calls = _calls_of(connection)
                yield connection
        else:
            with self.turns.take(self.wait_seconds):
                mark("turn")
                with self.kept.open(self.writer) as connection, connection.begin():
                    mark("begin")
                    calls = _calls_of(connection)
                    yield connection
        mark("commit")
        for call in calls:
            call()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads; on SQLite it sees one state and waits for no writer."""
        with self.reader.begin() as connection:
            yield connection

    def checkpoint(self) -> int:
        """Write what is in SQLite's log into the database file, as far as nobody has to wait for it.

        Returns how many pages of the log are in the file now, those of earlier checkpoints included. SQLite begins a
        new log once all of them are.
        """
        connection = self.reader.raw_connection()
        try:
            told = connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        finally:
            connection.close()
        return max(0, int(told[2]))

    def close(self) -> None:
        """Close every connection, after the thread that writes; one that is still in use, when it is given back."""
        with suppress(TimeoutError), self.turns.take(self.wait_seconds):
            self.kept.close()
        for engine in (self.reader, self.writer):
            event.listen(engine.pool, "checkin", _close_on_return)
            engine.dispose()


def _close_on_return(connection: SqliteConnection | None, entry: ConnectionPoolEntry) -> None:
    """Close a connection that comes back to a pool that nobody uses any more."""
    del connection
    entry.close()


def after_commit(connection: Connection, call: Callable[[], None]) -> None:
    """Call this once the transaction of `Database.write` is committed; not at all when it is rolled back."""
    connection.info[_AFTER_COMMIT].append(call)


def _calls_of(connection: Connection) -> list[Callable[[], None]]:
    """Begin a new list: one of a transaction that was rolled back ends with it."""
    calls: list[Callable[[], None]] = []
    connection.info[_AFTER_COMMIT] = calls
    return calls


def sqlite_url(path: Path) -> str:
    """Return the URL of an SQLite file, whatever characters are in its name."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def open_database(
    url: str, keyring: Keyring, *, wait_seconds: float = PATIENT_SECONDS, connect_seconds: int = CONNECT_SECONDS
) -> Database:
    """Open `sqlite:///path/to/file` or `postgresql+psycopg://…`; connects lazily, creates no table.

    Raises SqliteTooOldError.

    `write` waits at most `wait_seconds` for another writer and then raises OperationalError or, when it is one of
    this process, sqlalchemy.exc.TimeoutError. On PostgreSQL that is the wait for a row or table; so much again may
    go by until a server that is gone is noticed.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed, keyring, wait_seconds)
    return _open_postgresql(parsed, keyring, wait_seconds, connect_seconds)


def _open_postgresql(url: URL, keyring: Keyring, wait_seconds: float, connect_seconds: int) -> Database:
    engine = create_engine(
        url,
        pool_size=READERS,
        pool_timeout=wait_seconds,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=connect_options(url, connect_seconds),
    )
    ConnectionRules(wait_seconds).rule(engine)
    give_keyring(engine.dialect, keyring)
    return Database(writer=engine, reader=engine, keyring=keyring)


def _open_sqlite(url: URL, keyring: Keyring, wait_seconds: float) -> Database:
    if sqlite3.sqlite_version_info < LEAST_SQLITE:
        raise SqliteTooOldError(
            f"Python uses SQLite {sqlite3.sqlite_version}, and {'.'.join(map(str, LEAST_SQLITE))} or later is needed; "
            "fix: use a newer system (Debian 12 has 3.40), another Python, or PostgreSQL"
        )
    # hide_parameters: an error's text must not carry a citizen's data into a log.
    writer = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=wait_seconds, hide_parameters=True)
    reader = create_engine(url, pool_size=READERS, max_overflow=0, pool_timeout=30, hide_parameters=True)
    opener = _Opener(url.database)
    for engine in (writer, reader):
        event.listen(engine, "do_connect", opener)
        # The first listener: what comes after, such as the change to WAL, may have to wait already.
        event.listen(engine, "connect", partial(_wait_at_most, int(wait_seconds * 1000)))
    event.listen(writer, "connect", _prepare_writer)
    event.listen(writer, "begin", _begin_immediate)
    event.listen(reader, "connect", _prepare_reader)
    event.listen(reader, "begin", _begin_deferred)
    for engine in (writer, reader):
        give_keyring(engine.dialect, keyring)
    return Database(writer=writer, reader=reader, keyring=keyring, wait_seconds=wait_seconds)


class _Opener:
    """Lets SQLite make a file for the first connection alone: in place of one that was deleted it makes none."""

    def __init__(self, path: str | None) -> None:
        self._uri = Path(path).absolute().as_uri() if path else None
        self._opened = False

    def __call__(
        self, dialect: Dialect, entry: ConnectionPoolEntry, given: list[object], options: dict[str, object]
    ) -> None:
        """Change what the driver is given; None: SQLAlchemy connects."""
        del dialect, entry
        if self._opened and self._uri is not None:
            given[0] = f"{self._uri}?mode=rw"
            options["uri"] = True
        self._opened = True


def _prepare(connection: SqliteConnection) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin event says BEGIN; the driver must not
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # a commit that was acknowledged survives a power cut
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_LONG_LOG_PAGES}")


def _wait_at_most(milliseconds: int, connection: SqliteConnection, entry: ConnectionPoolEntry) -> None:
    del entry
    connection.execute(f"PRAGMA busy_timeout = {milliseconds}")


def _prepare_writer(connection: SqliteConnection, entry: ConnectionPoolEntry) -> None:
    del entry
    _prepare(connection)
    connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE}")


def _prepare_reader(connection: SqliteConnection, entry: ConnectionPoolEntry) -> None:
    del entry
    _prepare(connection)
    connection.execute("PRAGMA query_only = ON")


def _begin_immediate(connection: Connection) -> None:
    # Reading first and writing later in a deferred transaction fails at once, in spite of busy_timeout.
    run_plain(connection, "BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    run_plain(connection, "BEGIN DEFERRED")
