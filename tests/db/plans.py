"""How a database would carry out what is asked of it, whoever asks: SQLAlchemy or db.prepared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection
from typing import Any

import psycopg
from sqlalchemy import Connection


@contextmanager
def explained(connection: Connection) -> Iterator[list[str]]:
    """Fill a list with the plan of every statement that is run inside; the list is whole at the end."""
    driver: Any = connection.connection.dbapi_connection
    plans: list[str] = []
    if isinstance(driver, SqliteConnection):
        statements: list[str] = []
        driver.set_trace_callback(statements.append)
        try:
            yield plans
        finally:
            driver.set_trace_callback(None)
        for statement in statements:
            plans.extend(row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}"))
        return
    assert driver is not None
    asked: list[tuple[Any, Any]] = []
    usual = driver.cursor_factory

    class Noting(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
            asked.append((query, params))
            return super().execute(query, params, **how)

    driver.cursor_factory = Noting
    try:
        yield plans
    finally:
        driver.cursor_factory = usual
    for query, params in asked:
        plans.extend(str(row) for row in driver.execute(f"EXPLAIN {query}", params))
