from __future__ import annotations

import sqlite3

import pytest

from db.store.engine import Database


def test_a_connection_in_use_is_closed_when_it_comes_back(sqlite_database: Database) -> None:
    with sqlite_database.read() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        sqlite_database.close()
        assert driver.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        driver.execute("SELECT 1")


def test_after_closing_it_opens_anew_and_closes_again(sqlite_database: Database) -> None:
    sqlite_database.close()
    with sqlite_database.read() as connection:
        driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    sqlite_database.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        driver.execute("SELECT 1")
