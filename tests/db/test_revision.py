"""The schema's revision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, text

from db.dossier_changes import Change, add_changes, changes_of
from db.dossier_search import search
from db.engine import Database, open_database
from db.operators import ONE_TIME, add_operator, change_password, find_operator
from db.revision import HEAD, WrongRevisionError, current, require_head, upgrade
from db.schema import DossierStatus, OperatorRole, dossier, metadata
from db.seal import Keyring
from sms_gateway.clock import utc_now


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


def test_refuses_a_database_of_a_later_version(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WrongRevisionError, match="later version"):
        require_head(database)


WITHOUT_0013 = (
    "DROP TABLE log_in_try",
    "ALTER TABLE operator DROP COLUMN password_until",
    "DROP INDEX ix_event_answers",
    "DROP INDEX ix_inbound_not_found",
    "ALTER TABLE minute_count DROP COLUMN look_ups",
    "ALTER TABLE minute_count DROP COLUMN not_found",
    "DROP INDEX ix_inbound_signature",
    "ALTER TABLE inbound DROP COLUMN signature_mark",
)
"""What takes revision 0013 and the later ones away."""


def test_revision_0013_ends_one_time_passwords_a_day_later_and_lifts_the_old_locks(database: Database) -> None:
    with database.write() as connection:
        for number, name in enumerate(("lan", "huy"), start=1):
            add_operator(
                connection, operator_id=number, name=name, password_hash="-", role=OperatorRole.VIEWER, now=utc_now()
            )
        change_password(connection, 2, "-")
        for statement in (
            *WITHOUT_0013,
            "UPDATE operator SET failures = 7, locked_until = created_at",
            "UPDATE alembic_version SET version_num = '0012'",
        ):
            connection.execute(text(statement))
    before = utc_now()
    assert upgrade(database) == HEAD
    with database.read() as connection:
        lan, huy = (find_operator(connection, name) for name in ("lan", "huy"))
    assert lan is not None
    assert huy is not None
    assert lan.password_until is not None
    assert before + ONE_TIME - timedelta(seconds=1) <= lan.password_until <= utc_now() + ONE_TIME
    assert huy.password_until is None
    assert {(one.failures, one.locked_until) for one in (lan, huy)} == {(0, None)}


def test_revision_0012_joins_the_spellings_of_one_code(database: Database) -> None:
    early, late = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    with database.write() as connection:
        for statement in (
            *WITHOUT_0013,
            "DROP INDEX uq_dossier_canonical",
            "ALTER TABLE dossier_upload DROP COLUMN preview",
            "ALTER TABLE dossier_upload DROP COLUMN facts",
            "ALTER TABLE dossier_upload ADD COLUMN columns TEXT",
            "UPDATE alembic_version SET version_num = '0011'",
        ):
            connection.execute(text(statement))
        one = {"canonical": "H551", "lookalike": "H551", "procedure": None, "received_on": None, "due_on": None}
        one |= {"wanted": None, "pick_up": None, "identity_mark": None, "password_mark": None}
        rows = [
            {"id": 1, "code": "H55-1", "status": DossierStatus.IN_PROGRESS, "updated_at": early, "procedure": "A"},
            {"id": 2, "code": "h55.1", "status": DossierStatus.DONE, "updated_at": late, "pick_up": "Quay 1"},
            {"id": 3, "code": "H56-1", "status": DossierStatus.DONE, "updated_at": early, "canonical": "H561"},
        ]
        connection.execute(insert(dossier), [one | row for row in rows])
        change = Change(
            id=1, dossier_id=1, at=early, operator="lan", before=DossierStatus.ACCEPTED, after=DossierStatus.IN_PROGRESS
        )
        add_changes(connection, [change])
    assert upgrade(database) == HEAD
    with database.read() as connection:
        left = {found.code: found for found in search(connection).dossiers}
        assert set(left) == {"h55.1", "H56-1"}
        joined = left["h55.1"]
        assert (joined.status, joined.procedure, joined.pick_up) == (DossierStatus.DONE, "A", "Quay 1")
        assert [found.before for found in changes_of(connection, joined.id)] == [DossierStatus.ACCEPTED]
