"""How numbers stand is asked in every batch: it must not grow slower with the table."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, event

from db.engine import Database
from db.limits import read_standings

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize("senders", [1, 2, 100])
def test_looks_only_at_what_these_numbers_were_answered(sqlite_database: Database, senders: int) -> None:
    plans: list[str] = []

    def explain(connection: Connection, cursor: object, statement: str, parameters: object, *_: object) -> None:
        rows = connection.connection.cursor()
        rows.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]  # the driver's own form
        plans.extend(row[3] for row in rows.fetchall())

    with sqlite_database.write() as connection:
        event.listen(connection, "before_cursor_execute", explain)
        read_standings(connection, [number.to_bytes(16, "big") for number in range(senders)], since_id=1, now=NOW)
    assert any("ix_inbound_answered (sender_mark=? AND id>?)" in plan for plan in plans), plans
