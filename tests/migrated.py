"""A migrated SQLite file, made once in a process and copied: copying takes a thirtieth of the processor of making."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from db.store.engine import Database, open_database
from db.store.sealing import Keyring
from db.upkeep import revision


def upgrade(database: Database) -> None:
    """Do what `db.upkeep.revision.upgrade` does; a SQLite file that is not there yet becomes a copy of one."""
    path = database.writer.url.database
    if not database.is_sqlite or path is None or Path(path).exists():
        revision.upgrade(database)
    else:
        shutil.copy(template(), path)


@cache
def template() -> Path:
    """Return a migrated file without rows, which fits any keys."""
    kept = Path(tempfile.mkdtemp(prefix="sms-gateway-template-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    database = open_database(f"sqlite:///{kept / 'gateway.db'}", Keyring(keys={1: b"k" * 32}, mark_key=b"m" * 32))
    revision.upgrade(database)
    database.close()  # the last connection to close empties the write-ahead log into the file
    return kept / "gateway.db"
