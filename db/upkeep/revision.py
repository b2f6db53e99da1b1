"""The revision of the schema: which one a database has, which one this code needs, and the way from one to the other.

Alembic is set up here in code, so that there is no alembic.ini that could point anywhere else. It is imported only for
a database of another revision: a service that starts need not wait for it.

Each revision is one transaction. A revision that changes many rows has a function `move` beside `upgrade`:

    def move(connection, after):  # `after` is None at first, then what the call before returned
        ...                       # changes the next rows: enough for about a tenth of a second
        return rows, place        # how many, and where to go on; None as the place: all are done

Each call is one transaction, and the place is kept in the same one. So an upgrade that is interrupted goes on where it
was, and others can read and write between two calls. A revision with `move` may have `count(connection)`: how many
rows will be moved, for people.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    String,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)

from db.schema import metadata
from db.store.engine import Database

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext, RevisionStep
    from alembic.script import ScriptDirectory

HEAD = "0001"
"""The revision that this code reads and writes. 0002 to 0017 were used before the first release."""

MIGRATIONS = Path(__file__).parents[1] / "migrations"
"""The script directory that leads from an empty database to HEAD."""

ADVISORY_LOCK = 0x736D7375
"""Any number of our own: on PostgreSQL the step of an upgrade holds this lock."""

_OWNER_ONLY = 0o600

_unfinished = Table(
    "unfinished_upgrade",  # is there only while the rows of a revision are moved
    MetaData(),
    Column("revision", String(32), primary_key=True),
    Column("place", BigInteger),
    Column("moved", BigInteger, nullable=False),
    Column("rows", BigInteger),
)


class WrongRevisionError(Exception):
    """The database has another revision than the code; the text says which command fixes it. Do not start."""


class UpgradeRunsError(Exception):
    """Another upgrade works on this database. Wait until it ends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far an upgrade is: the revision, and how many of its rows are moved, where it moves any."""

    revision: str
    moved: int
    rows: int | None  # None: not counted


def load() -> None:
    """Import all that an upgrade needs, for a process that then acts as a user who may read less."""
    for name in ("alembic.op", "alembic.runtime.environment", "alembic.script"):
        import_module(name)


def current(database: Database) -> str | None:
    """Return the database's revision, or None for an empty database."""
    with database.read() as connection:
        return _current(connection)


def is_unfinished(database: Database) -> bool:
    """Return whether an upgrade was interrupted, or is at work, while the rows of its revision are moved."""
    with database.read() as connection:
        return inspect(connection).has_table(_unfinished.name)


def require_head(database: Database) -> None:
    """Raise WrongRevisionError unless the database has the revision that this code needs, with all of its rows."""
    found = current(database)
    if found == HEAD:
        if is_unfinished(database):
            raise WrongRevisionError(
                f"the upgrade of the database to revision {HEAD} was interrupted; "
                "fix: run `sms-gateway db upgrade` again, which goes on where it was"
            )
        return
    _demand_known(found, _scripts())
    raise WrongRevisionError(
        f"the database has revision {found or 'none'}, this version needs {HEAD}; "
        "fix: back it up, then run `sms-gateway db upgrade`"
    )


def require_known(database: Database) -> None:
    """Raise WrongRevisionError when the database has a revision that this version does not know."""
    _demand_known(current(database), _scripts())


def upgrade(database: Database, told: Callable[[Progress], None] = lambda _: None) -> str:
    """Bring the database to HEAD, one revision a transaction; return HEAD. Safe to repeat and to interrupt.

    Tells each revision that is done, and each step of one that moves rows. A new SQLite file is readable by its owner
    only. Raises OSError, UpgradeRunsError, and WrongRevisionError when the database has a revision that this version
    does not know.
    """
    scripts = _scripts()
    _make_file(database)
    require_known(database)
    while (progress := _step(database, scripts)) is not None:
        told(progress)
    return HEAD


def _step(database: Database, scripts: ScriptDirectory) -> Progress | None:
    """Do the next thing in a transaction of its own; None when nothing is left. What is next is read in it."""

    def next_one(found: str, context: MigrationContext) -> list[RevisionStep]:
        del context
        return scripts._upgrade_revs(HEAD, found)[:1]  # noqa: SLF001 - Alembic's own commands have no other way

    with database.write() as connection:
        _take_turn(connection)
        row = _unfinished_row(connection)
        if row is not None:
            return _move(connection, _module(scripts, row[0]), row)
        if _current(connection) == HEAD:
            return None
        _run(connection, scripts, next_one)
        revision = _current(connection)
        if revision is None:
            raise AssertionError("a revision was run and left no number")
        return _begin_move(connection, _module(scripts, revision), revision)


def _begin_move(connection: Connection, module: ModuleType, revision: str) -> Progress:
    if not hasattr(module, "move"):
        return Progress(revision=revision, moved=0, rows=None)
    rows = module.count(connection) if hasattr(module, "count") else None
    _unfinished.create(connection)
    connection.execute(insert(_unfinished).values(revision=revision, moved=0, rows=rows))
    return Progress(revision=revision, moved=0, rows=rows)


def _move(connection: Connection, module: ModuleType, row: tuple[str, int | None, int, int | None]) -> Progress:
    revision, after, before, rows = row
    moved, place = module.move(connection, after)
    if place is None:
        _unfinished.drop(connection)
    else:
        connection.execute(update(_unfinished).values(place=place, moved=before + moved))
    return Progress(revision=revision, moved=before + moved, rows=rows)


def _take_turn(connection: Connection) -> None:
    """Refuse a second upgrade; SQLite has one writer, and its steps may alternate with those of another upgrade."""
    if connection.dialect.name != "postgresql":
        return
    if not connection.scalar(select(func.pg_try_advisory_xact_lock(ADVISORY_LOCK))):
        raise UpgradeRunsError("another `sms-gateway db upgrade` works on this database; fix: wait until it ends")


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _unfinished_row(connection: Connection) -> tuple[str, int | None, int, int | None] | None:
    if not inspect(connection).has_table(_unfinished.name):
        return None
    row = connection.execute(select(_unfinished)).one_or_none()
    return None if row is None else (row.revision, row.place, row.moved, row.rows)


def _module(scripts: ScriptDirectory, revision: str) -> ModuleType:
    script = scripts.get_revision(revision)
    if script is None:
        raise AssertionError("the revision is one of ours")
    return script.module


def _demand_known(found: str | None, scripts: ScriptDirectory) -> None:
    if found is None or found in {script.revision for script in scripts.walk_revisions()}:
        return
    raise WrongRevisionError(
        f"the database has revision {found}, which this version does not know: it was written by a later version, or "
        "by one from before the first release; fix: install that version again"
    )


def _make_file(database: Database) -> None:
    """Make the file of an SQLite database before SQLite does, which would let every user read it (umask 022)."""
    path = database.writer.url.database
    if database.is_sqlite and path is not None and not Path(path).exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, _OWNER_ONLY))


def _run(connection: Connection, scripts: ScriptDirectory, steps: object) -> None:
    from alembic.config import Config  # noqa: PLC0415 - see above
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415 - see above

    with EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
        environment.run_migrations()


def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see above

    return ScriptDirectory(str(MIGRATIONS))
