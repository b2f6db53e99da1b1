"""The terms of notices: none while they are off, and the day is that of the city."""

from __future__ import annotations

from datetime import date

from db.notices.terms import terms_of
from db.store.engine import Database
from tests.db.notices.followers import at, terms_for


def test_terms_are_there_once_they_were_given(sqlite_database: Database) -> None:
    with sqlite_database.read() as connection:
        assert terms_of(connection) is None
    given = terms_for(sqlite_database)
    with sqlite_database.write() as connection:
        assert terms_of(connection) is given
    assert given.day_of(at(12 * 60 - 1)) == date(2026, 11, 30)
    assert given.day_of(at(12 * 60)) == date(2026, 12, 1)
