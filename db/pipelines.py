"""Writes that nobody waits for: on PostgreSQL a transaction's large writes are sent in libpq's pipeline mode.

The writes of a full round are half of the server's work, and of their results nothing is wanted but errors. So the
server does them while this process computes on. What is asked after them waits for them, since a connection's
statements are done in their order. An error shows at the next question, or at the latest before the commit, which then
does not come.
"""

from __future__ import annotations

from contextlib import ExitStack, suppress

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection

WORTH_IT = 20
"""Rows of a write from which on it is sent so: to begin and to end a pipeline takes the server's word once more."""

_PIPELINE = "pipeline"  # in the connection's `info`, which goes with the driver's connection


def enter(connection: Connection) -> None:
    """Wait for nothing that is sent from here on; the transaction must have begun, and stays as it is if it has not."""
    driver: object = connection.connection.dbapi_connection
    if _PIPELINE in connection.info or not isinstance(driver, psycopg.Connection):
        return
    if driver.info.transaction_status is TransactionStatus.INTRANS:
        stack = ExitStack()
        stack.enter_context(driver.pipeline())
        connection.info[_PIPELINE] = stack


def leave(connection: Connection) -> None:
    """Wait until everything that was sent is done; raises the driver's error of what was not. Harmless outside one."""
    stack: ExitStack | None = connection.info.pop(_PIPELINE, None)
    if stack is not None:
        stack.close()


def abandon(connection: Connection) -> None:
    """Leave before a rollback: what was wrong is told already, or of no interest any more."""
    if not connection.invalidated:
        with suppress(psycopg.Error):
            leave(connection)
