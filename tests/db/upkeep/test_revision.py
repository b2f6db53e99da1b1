"""The schema's revision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from db.citizens.dossiers import import_dossiers
from db.schema import metadata
from db.store.engine import Database, open_database
from db.store.sealing import Keyring
from db.upkeep.revision import HEAD, WrongRevisionError, current, require_head, upgrade
from sms_gateway.clock import utc_now
from sms_gateway.demo.sample_dossiers import sample_dossiers
from tests.db.upkeep.next_revision import add_revision


# Those indexes are compared in test_spans.py.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_migrations_make_exactly_the_tables_of_the_schema(database: Database) -> None:
    with database.write() as connection, indexes_of(connection.dialect.name):
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []


@contextmanager
def indexes_of(dialect: str) -> Iterator[None]:
    """Take the indexes that only the other database has out of the schema: Alembic does not know `ddl_if`."""
    others = [
        (table, index)
        for table in metadata.tables.values()
        for index in table.indexes
        if index._ddl_if is not None and index._ddl_if.dialect != dialect
    ]
    assert len(others) == {"sqlite": 3, "postgresql": 2}[dialect]
    for table, index in others:
        table.indexes.remove(index)
    yield
    for table, index in others:
        table.indexes.add(index)


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


@pytest.mark.parametrize("unknown", ["0016", "9999"])
def test_refuses_a_database_of_another_version(database: Database, unknown: str) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :unknown"), {"unknown": unknown})
    for refused in (require_head, upgrade):
        with pytest.raises(WrongRevisionError, match=f"revision {unknown}, which this version does not know"):
            refused(database)
    assert current(database) == unknown


def test_upgrades_a_database_with_rows_to_the_next_revision(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_id = iter((7, 8)).__next__
    with database.write() as connection:
        import_dossiers(connection, sample_dossiers(utc_now().date())[:2], now=utc_now(), new_id=new_id)
    statements = ("ALTER TABLE dossier ADD COLUMN made_up INTEGER", "UPDATE dossier SET made_up = id * 2")
    newer = add_revision(tmp_path, monkeypatch, *statements)
    with pytest.raises(WrongRevisionError, match=f"has revision {HEAD}, this version needs {newer}; fix: back it up"):
        require_head(database)
    for _ in range(2):
        assert upgrade(database) == newer
        require_head(database)
        with database.read() as connection:
            assert connection.scalars(text("SELECT made_up FROM dossier ORDER BY id")).all() == [14, 16]


def test_upgrades_over_several_revisions(
    database: Database, tmp_path: Path, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_revision(tmp_path, monkeypatch, "CREATE TABLE made_up (first INTEGER)", "INSERT INTO made_up VALUES (5)")
    newest = add_revision(tmp_path, monkeypatch, "ALTER TABLE made_up ADD COLUMN second INTEGER DEFAULT 6")
    empty = open_database(f"sqlite:///{tmp_path / 'new.db'}", keyring)
    for each in (database, empty):
        assert upgrade(each) == newest
        with each.read() as connection:
            assert connection.execute(text("SELECT first, second FROM made_up")).all() == [(5, 6)]
    empty.close()


def test_a_revision_that_fails_changes_nothing_and_those_before_it_stay(
    database: Database, tmp_path: Path, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = add_revision(tmp_path, monkeypatch, "CREATE TABLE made_up (id INTEGER)")
    add_revision(tmp_path, monkeypatch, "CREATE TABLE other (id INTEGER)", "INSERT INTO nowhere VALUES (1)")
    empty = open_database(f"sqlite:///{tmp_path / 'new.db'}", keyring)
    for each in (database, empty):
        with pytest.raises(DBAPIError):
            upgrade(each)
        assert current(each) == sound
        with each.read() as connection:
            assert {"made_up", "other"} & set(inspect(connection).get_table_names()) == {"made_up"}
    empty.close()
