"""What the clock tells: due dates of tomorrow and those that passed, each once, and none from before."""

from __future__ import annotations

from datetime import date, timedelta

from db.notices.clock_events import MISSED_DAYS, add_clock_events, clock_events
from db.store.engine import Database
from tests.db.notices.followers import S, at, follow, notices, store, terms_for

TODAY = date(2026, 11, 30)


def test_a_date_is_told_once_if_it_passed_while_somebody_followed(database: Database) -> None:
    terms = terms_for(database)
    for ago in range(-2, MISSED_DAYS + 2):
        code = f"H17-261129-{ago + 10:04}"
        store(database, S.IN_PROGRESS, code=code, due_on=TODAY - timedelta(days=ago), minute=-1440 * 9)
        follow(database, code=code, minute=-1440 * 2)  # since the 28th
    for expected in (3, 0):  # tomorrow, yesterday, and the day on which they subscribed
        with database.write() as connection:
            events = clock_events(connection, terms, at(-300))  # 7:00
            assert add_clock_events(connection, events) == expected
            assert all(one["not_before"] == at(-180) for one in events)  # 9:00
    with database.read() as connection:
        assert clock_events(connection, terms, at(1)) == []
    assert sorted(notices(database)) == [("due_tomorrow", "waiting"), ("overdue", "waiting"), ("overdue", "waiting")]
