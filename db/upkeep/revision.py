"""The revision of the schema: which one a database has, which one this code needs, and the way from one to the other.

Alembic is set up here in code, so that there is no alembic.ini that could point anywhere else. It is imported only for
a database of another revision: a service that starts need not wait for it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from db.schema import metadata
from db.store.engine import Database

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext, RevisionStep
    from alembic.script import ScriptDirectory

HEAD = "0001"
"""The revision that this code reads and writes. 0002 to 0017 were used before the first release."""

MIGRATIONS = Path(__file__).parents[1] / "migrations"
"""The script directory that leads from an empty database to HEAD."""

_OWNER_ONLY = 0o600


class WrongRevisionError(Exception):
    """The database has another revision than the code; the text says which command fixes it. Do not start."""


def current(database: Database) -> str | None:
    """Return the database's revision, or None for an empty database."""
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def require_head(database: Database) -> None:
    """Raise WrongRevisionError unless the database has the revision that this code needs."""
    found = current(database)
    if found == HEAD:
        return
    _demand_known(found, _scripts())
    raise WrongRevisionError(
        f"the database has revision {found or 'none'}, this version needs {HEAD}; "
        "fix: back it up, then run `sms-gateway db upgrade`"
    )


def upgrade(database: Database) -> str:
    """Bring the database to HEAD, in one transaction; return HEAD. Safe to repeat.

    A new SQLite file is readable by its owner only. Raises OSError, and WrongRevisionError when the database has a
    revision that this version does not know.
    """
    scripts = _scripts()

    def steps(revision: str, context: MigrationContext) -> list[RevisionStep]:
        del context
        return scripts._upgrade_revs(HEAD, revision)  # noqa: SLF001 - Alembic's own commands have no other way

    _make_file(database)
    _demand_known(current(database), scripts)
    with database.write() as connection:
        _run(connection, scripts, steps)
    return HEAD


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
