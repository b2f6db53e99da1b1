"""How a database would run a statement of SQLAlchemy or of db.store.prepared_statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection
from sqlite3 import Cursor as SqliteCursor
from typing import Any

import psycopg
from sqlalchemy import Connection


class _Noted:
    """A driver's connection to SQLite that notes what its cursors run."""

    def __init__(self, driver: SqliteConnection, asked: list[tuple[Any, Any]]) -> None:
        self._driver = driver
        self._asked = asked

    def cursor(self) -> SqliteCursor:
        asked = self._asked

        class Noting(SqliteCursor):
            def execute(self, query: Any, params: Any = ()) -> Any:
                asked.append((query, params))
                return super().execute(query, params)

            def executemany(self, query: Any, rows: Any) -> Any:
                asked.append((query, rows[0]))
                return super().executemany(query, rows)

        return self._driver.cursor(Noting)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)


@contextmanager
def explained(connection: Connection) -> Iterator[list[str]]:
    """Fill a list with the plan of every statement that is run inside; the list is whole at the end."""
    driver: Any = connection.connection.dbapi_connection
    plans: list[str] = []
    asked: list[tuple[Any, Any]] = []
    if isinstance(driver, SqliteConnection):
        # As it is run: with its values written in (the driver's trace) a LIMIT is planned otherwise than with `?`.
        pooled: Any = connection.connection
        pooled.dbapi_connection = _Noted(driver, asked)
        try:
            yield plans
        finally:
            pooled.dbapi_connection = driver
        for query, params in asked:
            plans.extend(row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {query}", params))
        return
    assert driver is not None
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
