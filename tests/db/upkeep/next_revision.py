"""A made-up revision after the last one: tests of upgrades need two, and the program may have only one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from db.upkeep import revision

_SOURCE = """
from alembic import op
from sqlalchemy import text

revision = {name!r}
down_revision = {before!r}


def upgrade():
    for statement in {statements!r}:
        op.execute(statement)
"""

_MOVE = """

def count(connection):
    return connection.scalar(text("SELECT count(*) FROM {table}"))


def move(connection, after):
    given = {{"after": -1 if after is None else after}}
    next_ones = "(SELECT id FROM {table} WHERE id > :after ORDER BY id LIMIT {batch})"
    last = connection.scalar(text("SELECT max(id) FROM " + next_ones + " AS next_ones"), given)
    if last is None:
        return 0, None
    changed = connection.execute(
        text("UPDATE {table} SET made_up = id * 2 WHERE id > :after AND id <= :last"), {{**given, "last": last}}
    )
    return changed.rowcount, last
"""


def add_revision(
    directory: Path, monkeypatch: pytest.MonkeyPatch, *statements: str, moves: str | None = None, batch: int = 0
) -> str:
    """Let this process need one revision more, which runs these statements; return its name.

    With `moves` it then writes `made_up` into every row of this table, `batch` rows at a time.
    Its migrations are a copy in `directory` of those of the program, with the made-up one behind them.
    """
    before = revision.HEAD
    name = f"{int(before) + 1:04}"
    scripts = directory / f"migrations-{name}"
    shutil.copytree(revision.MIGRATIONS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    source = _SOURCE.format(name=name, before=before, statements=statements)
    source += _MOVE.format(table=moves, batch=batch) if moves is not None else ""
    (scripts / "versions" / f"{name}_made_up.py").write_text(source)
    monkeypatch.setattr(revision, "MIGRATIONS", scripts)
    monkeypatch.setattr(revision, "HEAD", name)
    return name
