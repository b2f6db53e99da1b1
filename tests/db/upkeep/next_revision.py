"""A made-up revision after the last one: tests of upgrades need two, and the program may have only one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from db.upkeep import revision

_SOURCE = """
from alembic import op

revision = {name!r}
down_revision = {before!r}


def upgrade():
    for statement in {statements!r}:
        op.execute(statement)
"""


def add_revision(directory: Path, monkeypatch: pytest.MonkeyPatch, *statements: str) -> str:
    """Let this process need one revision more, which runs these statements; return its name.

    Its migrations are a copy in `directory` of those of the program, with the made-up one behind them.
    """
    before = revision.HEAD
    name = f"{int(before) + 1:04}"
    scripts = directory / f"migrations-{name}"
    shutil.copytree(revision.MIGRATIONS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    source = _SOURCE.format(name=name, before=before, statements=statements)
    (scripts / "versions" / f"{name}_made_up.py").write_text(source)
    monkeypatch.setattr(revision, "MIGRATIONS", scripts)
    monkeypatch.setattr(revision, "HEAD", name)
    return name
