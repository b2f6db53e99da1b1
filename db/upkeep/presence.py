"""Presence: whether the database that was opened is still the one in its place."""

from __future__ import annotations

import glob
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Protocol
from weakref import finalize

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError

from db.processes import duties
from db.processes.statistics import StatisticName, keep_figures
from db.store.engine import Database
from db.store.record import record
from db.upkeep.backup import back_up_open
from db.upkeep.standby import commit_alone, find_waits

LEAST_ROOM = 1 << 20
"""Octets that must be free on the disk of an SQLite file: a full round of texts needs about so much."""

SAVED = ".saved-"
"""Between the name of an SQLite file and the time when it was saved from deletion."""

_DAMAGED = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_ERROR"})  # the last: a table is not there
_PLACE = text(
    "SELECT (SELECT oid FROM pg_database WHERE datname = current_database()), to_regclass('inbound')::oid"
)  # both change when a database is dropped and made anew, or its tables are


class Absence(Enum):
    """Why the database is not the one that was opened."""

    GONE = "gone"
    REPLACED = "replaced"


@record
class Held:
    """A row of `duty` by which a process knows its database."""

    name: str
    owner: str


class Presence(Protocol):
    """Returns whether the database is still there. Every method may be called from any thread and never raises."""

    def look(self) -> Absence | None:
        """Look from outside, in microseconds."""

    def look_inside(self, duty: Held | None) -> Absence | None:
        """Look into it; on SQLite the duty must be this owner's. None also when it cannot be read now."""

    def has_room(self) -> bool:
        """Return whether its disk has room, where that can be known."""

    def write(self, connection: Connection, duty: Held | None, *, now: datetime) -> None:
        """Write something small, to see whether the database takes it. Raises SQLAlchemyError."""

    def waits_for_standby(self) -> bool:
        """Return whether commits wait for a standby of PostgreSQL that is away."""

    def save(self, now: datetime) -> Path | None:
        """Copy what was opened to a new file in its old place; None when there is nothing to be saved.

        Raises OSError, sqlite3.Error.
        """

    def close(self) -> None:
        """Let go of the database. Call it before the last lock on the file is released."""


def presence_of(database: Database) -> Presence:
    """Note where the database is now. Raises OSError, sqlite3.Error, SQLAlchemyError."""
    path = database.writer.url.database
    return SqlitePresence(Path(path)) if database.is_sqlite and path else PostgresqlPresence(database)


def saved_copies(path: Path) -> Sequence[Path]:
    """Return the copies that `save` left beside an SQLite file, oldest first."""
    return sorted(path.parent.glob(f"{glob.escape(path.name)}{SAVED}*"))


class SqlitePresence:
    """An SQLite file, its log and its shared memory, known by their inodes.

    Its own connection stays open, so SQLite never deletes the log by itself.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._connection = sqlite3.connect(path, check_same_thread=False)
        finalize(self, self._connection.close)  # a WSGI server ends without telling us
        self._connection.execute("SELECT count(*) FROM sqlite_master").fetchall()  # makes the log, if it is not there
        real = path.resolve()  # SQLite has its other files beside what a symbolic link leads to
        self._log = {each: _inode(each) for each in (real.with_name(real.name + end) for end in ("-wal", "-shm"))}
        self._files = {self._path: _inode(self._path), **self._log}

    def look(self) -> Absence | None:
        """Compare the inodes. What may not be looked at does not count as gone."""
        for path, known in self._files.items():
            try:
                found = _inode(path)
            except (FileNotFoundError, NotADirectoryError):
                return Absence.GONE
            except OSError:
                continue
            if found != known:
                return Absence.REPLACED
        return None

    def look_inside(self, duty: Held | None) -> Absence | None:
        """Read by a connection that remembers no page: the file may have been overwritten in its place."""
        if duty is None:
            return None
        try:
            with closing(sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True)) as connection:
                row = connection.execute("SELECT owner FROM duty WHERE name = ?", (duty.name,)).fetchone()
        except sqlite3.Error as error:
            return Absence.REPLACED if getattr(error, "sqlite_errorname", None) in _DAMAGED else None
        return None if row == (duty.owner,) else Absence.REPLACED

    def has_room(self) -> bool:
        """Ask the file system; of one that does not say, it is believed."""
        try:
            found = os.statvfs(self._path.parent)
        except OSError:
            return True
        return found.f_bavail * found.f_frsize >= LEAST_ROOM

    def write(self, connection: Connection, duty: Held | None, *, now: datetime) -> None:
        """Keep a figure, and leave the duty alone.

        Its page then goes from the log into the file once and is read from there, so `look_inside` sees another file.
        """
        del duty
        keep_figures(connection, {StatisticName.TRIED: 1}, now=now)

    def waits_for_standby(self) -> bool:
        """Return that none does: SQLite has no standby."""
        return False

    def save(self, now: datetime) -> Path | None:
        """Copy the file that no name leads to any more; a directory that is gone is made again.

        Its log is deleted then: SQLite would write that into whatever file comes into this place next.
        """
        try:
            if _inode(self._path) == self._files[self._path]:
                return None
        except OSError:
            pass
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = self._path.with_name(f"{self._path.name}{SAVED}{now:%Y%m%dT%H%M%SZ}")
        back_up_open(self._connection, target)
        for path, known in self._log.items():
            if path.exists() and _inode(path) == known:
                path.unlink()
        return target

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class PostgresqlPresence:
    """A PostgreSQL database and its tables, known by the numbers that PostgreSQL gave them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known = self._place()

    def look(self) -> Absence | None:
        """Say nothing: from outside there is nothing to be seen."""
        return None

    def look_inside(self, duty: Held | None) -> Absence | None:
        """Compare the numbers. A server that is away is another trouble."""
        del duty
        try:
            return None if self._place() == self._known else Absence.REPLACED
        except ProgrammingError:
            return Absence.REPLACED
        except SQLAlchemyError:
            return None

    def has_room(self) -> bool:
        """Leave that to the server."""
        return True

    def write(self, connection: Connection, duty: Held | None, *, now: datetime) -> None:
        """Write the duty as it is: a row that no other process writes.

        The write does not wait for a standby, which `waits_for_standby` looks for.
        """
        del now
        commit_alone(connection)
        if duty is not None:
            duties.touch(connection, duty.name, owner=duty.owner)

    def waits_for_standby(self) -> bool:
        """Look at the service's own commits, of which there are some every second: duties are renewed."""
        try:
            with self._database.read() as connection:
                return find_waits(connection).is_standby_away
        except SQLAlchemyError:
            return False

    def save(self, now: datetime) -> Path | None:
        """Save nothing: what was dropped cannot be read."""
        del now
        return None

    def close(self) -> None:
        """Keep the pool, which is the database's own."""

    def _place(self) -> tuple[object, ...]:
        with self._database.read() as connection:
            return tuple(connection.execute(_PLACE).one())


def _inode(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino
