"""Tables that grew get statistics, once, so that the pipeline looks up by indexes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event

from sqlalchemy import text

from db.messages import duplicates
from db.store.engine import Database
from db.store.ids import IdSource, first_id_at
from db.upkeep.planner_statistics import analyse_grown
from sms_gateway.clock import utc_now
from sms_gateway.pipeline.intake.storage import store_texts
from sms_gateway.process.schedule import STATISTICS, Schedule
from tests.db.plans import explained
from tests.sms_gateway.pipeline.edges import text as inbound_text

NOW = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
ROWS = 1000


def fill(database: Database, first: int) -> None:
    texts = [inbound_text("HD", sender=f"849{number:08d}") for number in range(first, first + ROWS)]
    with database.write() as connection:
        store_texts(connection, texts, new_id=IdSource(node=first % 512, now=utc_now).new, lease_until=None)


def test_the_tests_run_as_the_documented_role_which_owns_its_tables_and_nothing_else(
    postgres_database: Database,
) -> None:
    with postgres_database.read() as connection:
        asked = "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles"
        rights = connection.execute(text(f"{asked} WHERE rolname = current_user")).one()
    assert tuple(rights) == ("gateway", False, False, False, False)


def test_a_table_is_analysed_when_it_is_new_and_when_it_has_doubled(postgres_database: Database) -> None:
    with postgres_database.write() as connection:
        connection.execute(text("TRUNCATE inbound CASCADE"))  # earlier tests delete their rows, and the pages stay
    found = []
    for first in (1, 2001, 4001, 6001):
        with postgres_database.write() as connection:
            found.append("inbound" in analyse_grown(connection))
        fill(postgres_database, first)
    assert found == [False, True, False, True]  # empty, 1,000, 2,000 (not more than double), 3,000
    with postgres_database.write() as connection:
        assert [name for name in analyse_grown(connection) if name == "inbound"] == []


def test_marks_are_looked_up_by_their_index_from_then_on(postgres_database: Database) -> None:
    for first in range(1, 8 * ROWS, ROWS):
        fill(postgres_database, first)
    marks = [bytes([number]) * 16 for number in range(64)]
    since = NOW - timedelta(minutes=10)
    STATISTICS.run(postgres_database, utc_now, Event())
    with postgres_database.read() as connection, explained(connection) as plans:
        assert duplicates.find_alike(connection, dict.fromkeys(marks, "84905000001"), since, first_id_at(since)) == {}
    assert any("ix_inbound_fingerprint" in plan for plan in plans)
    assert not any("Seq Scan" in plan for plan in plans)


def test_sqlite_gets_no_statistics(sqlite_database: Database, postgres_database: Database) -> None:
    assert STATISTICS not in Schedule(sqlite_database, utc_now).jobs
    assert STATISTICS in Schedule(postgres_database, utc_now).jobs
