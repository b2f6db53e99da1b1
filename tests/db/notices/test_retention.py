"""What ends when: notices, subscriptions, consents; and nothing before."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from db.notices.retention import erase_notices, forget_consents, forget_notices, forget_subscriptions
from db.schema import consent, notice, subscription
from db.store.engine import Database
from tests.db.notices.followers import PHONE, S, at, follow, store, terms_for

DAY = 1440


def test_each_ends_in_its_time(database: Database) -> None:
    terms_for(database)
    store(database, S.REGISTERED)
    follow(database)
    store(database, S.RETURNED, minute=1)
    with database.write() as connection:
        assert forget_notices(connection, at(89 * DAY), 9) == 0
        assert forget_notices(connection, at(91 * DAY), 9) == 1
        assert forget_subscriptions(connection, at(29 * DAY), 9) == 0
        assert forget_subscriptions(connection, at(31 * DAY), 9) == 1
        assert forget_consents(connection, datetime(2028, 12, 1, tzinfo=UTC)) == 0  # two years after the end
        assert forget_consents(connection, datetime(2029, 1, 2, tzinfo=UTC)) == 1
        assert connection.execute(select(consent)).all() == []


def test_an_erasure_takes_all_three(sqlite_database: Database) -> None:
    terms_for(sqlite_database)
    store(sqlite_database, S.REGISTERED)
    follow(sqlite_database)
    store(sqlite_database, S.ACCEPTED, minute=1)
    with sqlite_database.write() as connection:
        assert [erase_notices(connection, PHONE, now=at(2)) for _ in range(2)] == [1, 0]
        for table in (notice, subscription, consent):
            assert connection.execute(select(table)).all() == [], table.name
