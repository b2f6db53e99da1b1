"""The schema's revision."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from db.engine import Database, open_database
from db.revision import HEAD, WrongRevisionError, current, require_head, upgrade
from db.schema import metadata
from db.seal import Keyring


def test_migrations_make_exactly_the_tables_of_the_schema(database: Database) -> None:
    with database.write() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []


def test_upgrades_an_empty_database_to_head_and_again_without_harm(tmp_path: Path, keyring: Keyring) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'new.db'}", keyring)
    assert current(database) is None
    assert upgrade(database) == HEAD
    assert upgrade(database) == HEAD
    assert current(database) == HEAD
    database.close()


def test_accepts_a_database_at_head(database: Database) -> None:
    require_head(database)


def test_names_the_command_when_the_database_is_empty(tmp_path: Path, keyring: Keyring) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'new.db'}", keyring)
    with pytest.raises(WrongRevisionError, match="sms-gateway db upgrade"):
        require_head(database)
    database.close()


def test_refuses_a_database_of_a_later_version(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WrongRevisionError, match="later version"):
        require_head(database)
