"""A whole copy of an SQLite database, taken while the service runs."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex

from db.processes.statistics import StatisticName
from db.store.column_types import EPOCH

_OWNER_ONLY = 0o600


class DamagedError(Exception):
    """The copy is not sound, so most likely the database is not either; no backup was made."""


class UnnamedError(Exception):
    """The copy is whole, but could not be given its name; it is in the file `draft`."""

    def __init__(self, draft: Path) -> None:
        super().__init__(str(draft))
        self.draft = draft


def back_up(source: Path, target: Path) -> int:
    """Copy the database at `source` to the new file `target`; return its octets. Nobody who writes has to wait.

    The copy is the state of one moment, checked, and on the disk when this returns; it is there whole or not at all.
    Raises FileExistsError, OSError, sqlite3.Error, DamagedError; UnnamedError when only the last step failed.
    """
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as reading:
        return back_up_open(reading, target)


def back_up_open(reading: sqlite3.Connection, target: Path) -> int:
    """Do what `back_up` does, by a connection that is open already: its file may have been deleted meanwhile."""
    if target.exists():
        raise FileExistsError(target)
    draft = target.with_name(f".{target.name}.{token_hex(8)}")
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))
    try:
        _copy(reading, draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
    except BaseException:
        draft.unlink()
        raise
    try:
        _name(draft, target)
    except OSError as error:
        raise UnnamedError(draft) from error
    _keep(target.parent)
    return target.stat().st_size


def _name(draft: Path, target: Path) -> None:
    """Give the finished copy its name, and never replace a file that is there."""
    try:
        target.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:  # FAT, exFAT and many network file systems have no hard links
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))  # the name is ours from here on
        draft.rename(target)
    else:
        draft.unlink()


def remember(source: Path, octets: int, *, now: datetime) -> None:
    """Write into the database at `source` that a copy was made, for operators. Raises sqlite3.Error."""
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, timeout=5)) as connection,
        connection,
    ):
        connection.execute(
            "INSERT INTO figure (name, value, taken_at) VALUES (?, ?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value, taken_at = excluded.taken_at",
            (StatisticName.BACKUP.value, octets, (now - EPOCH) // timedelta(microseconds=1)),
        )


def _copy(reading: sqlite3.Connection, draft: Path) -> None:
    with closing(sqlite3.connect(draft)) as writing:
        # In one step, under one read transaction: with several it would begin anew after each commit of the service.
        reading.backup(writing, pages=-1)
        writing.execute(
            "PRAGMA journal_mode = DELETE"
        )  # one file, without a -wal beside it; the service sets WAL again
        if writing.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise DamagedError


def _keep(directory: Path) -> None:
    """Let the file's name survive a power cut, where the file system can promise it."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(handle)
