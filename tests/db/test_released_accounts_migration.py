"""Accounts from before revision 0010 come along whole, and their numbers can be released then."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from db import revision
from db.account_desk import release
from db.accounts import find_every
from db.engine import Database, open_database
from db.identity import Msisdn
from db.seal import Keyring

ID_NUMBER = "201499999"
PHONE = Msisdn("84905123456")


def upgrade_to(database: Database, target: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(revision.__file__).parent / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    with database.write() as connection:
        steps = EnvironmentContext(config, scripts, fn=lambda rev, _: scripts._upgrade_revs(target, rev))
        with steps:
            steps.configure(connection=connection)
            steps.run_migrations()


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path, keyring: Keyring) -> Database:
    """A database of revision 0009 with one account."""
    if request.param == "sqlite":
        database = open_database(f"sqlite:///{tmp_path / 'old.db'}", keyring)
    else:
        database = request.getfixturevalue("postgres_database")
        with database.write() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    upgrade_to(database, "0009")
    with database.write() as connection:
        insert_account(database, connection, 1, "annv")
    return database


def insert_account(database: Database, connection: Connection, number: int, user_name: str) -> None:
    keys = database.keyring
    sealed = {
        name: keys.seal(value.encode(), f"account.{name}".encode())
        for name, value in (
            ("id_number", ID_NUMBER),
            ("full_name", "Nguyễn Văn An"),
            ("birth_date", "1990-12-20"),
            ("phone", PHONE),
        )
    }
    at = "1790000000000000" if database.is_sqlite else "'2026-09-21T14:00:00Z'"
    connection.execute(
        text(
            "INSERT INTO account (id, user_name, id_number_mark, id_number, full_name, birth_date, phone, phone_mark,"
            " password_hash, state, created_at) VALUES (:id, :user_name, :id_mark, :id_number, :full_name,"
            f" :birth_date, :phone, :phone_mark, 'kept', 'active', {at})"
        ),
        {
            "id": number,
            "user_name": user_name,
            "id_mark": keys.mark(b"id_number", ID_NUMBER.encode()),
            "phone_mark": keys.mark(b"phone", PHONE.encode()),
            **sealed,
        },
    )


def test_the_account_comes_along_and_its_number_is_released(old: Database) -> None:
    revision.upgrade(old)
    with old.write() as connection:
        [found] = find_every(connection, ID_NUMBER)
        assert (found.user_name, found.full_name, found.phone) == ("annv", "Nguyễn Văn An", PHONE)
        assert (found.released_id, found.phone_changed_at) == (None, None)
    with pytest.raises(IntegrityError), old.write() as connection:
        insert_account(old, connection, 2, "another")
    with old.write() as connection:
        assert release(connection, found.id, phone=PHONE, released_id=5)
        insert_account(old, connection, 2, "another")
    with pytest.raises(IntegrityError), old.write() as connection:
        insert_account(old, connection, 3, "annv")
    with old.read() as connection:
        assert [one.is_over for one in find_every(connection, ID_NUMBER)] == [True, False]
    if old.is_sqlite:
        old.close()
