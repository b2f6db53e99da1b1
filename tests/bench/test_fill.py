from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bench.carrier import BenchError
from bench.fill import FIRST_CITIZEN, fill
from db.citizens.dossiers import count
from db.reports.message_log import read_log_page
from db.reports.message_log_filter import LogFilter
from db.store.address import Address
from db.store.engine import Database, open_database
from sms_gateway.process import keyfile
from tests.migrated import upgrade


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "keys"
    keyfile.load_or_make(path)
    return path


@pytest.fixture
def file(tmp_path: Path, key_file: Path) -> Path:
    path = tmp_path / "gateway.db"
    database = open_database(f"sqlite:///{path}", keyfile.load(key_file))
    upgrade(database)
    database.close()
    return path


def opened(file: Path, key_file: Path) -> Database:
    return open_database(f"sqlite:///{file}", keyfile.load(key_file))


def test_what_is_filled_in_opens_and_is_found_as_if_the_road_had_written_it(file: Path, key_file: Path) -> None:
    fill(file, key_file, messages=300, dossiers=20)
    database = opened(file, key_file)
    with database.read() as connection:
        page = read_log_page(connection, LogFilter())
        of_one = read_log_page(connection, LogFilter(sender=Address(str(FIRST_CITIZEN))))
        assert count(connection) == 20
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    database.close()
    assert len(page.entries) == 50
    assert page.older is not None
    assert page.entries[0].text.body.startswith("DVC000.00.12.H17")
    assert page.entries[0].answers[0].shown is not None
    assert of_one.entries
    assert {entry.text.sender for entry in of_one.entries} == {str(FIRST_CITIZEN)}


def test_every_index_is_made_again(file: Path, key_file: Path) -> None:
    def indexes() -> set[str]:
        database = opened(file, key_file)
        with database.read() as connection:
            found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'index'"))
            names = set(found.scalars())
        database.close()
        return names

    before = indexes()
    fill(file, key_file, messages=10, dossiers=1, analyze=True)
    assert indexes() == before


def test_says_which_column_it_does_not_know(file: Path, key_file: Path) -> None:
    database = opened(file, key_file)
    with database.write() as connection:
        connection.execute(text("DROP TABLE segment"))
        connection.execute(text("CREATE TABLE segment (outbound_id INTEGER, mood TEXT NOT NULL)"))
    database.close()
    with pytest.raises(BenchError, match=r"segment\.mood"):
        fill(file, key_file, messages=10, dossiers=1)
