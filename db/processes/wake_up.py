"""Wake-ups between processes, on PostgreSQL; SQLite has one process and needs none.

A wake-up can be lost, so anyone who listens also looks by itself from time to time. Each carries the mark of who sent
it:
nobody is woken by what they did themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from secrets import token_hex
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import Connection, Dialect, Engine

from db.store.postgresql import connect_options, connection_words
from db.store.prepared_statements import run_plain

CHANNEL = "sms_gateway"
_CONNECT_SECONDS = 3

_OWN: WeakKeyDictionary[Dialect, str] = WeakKeyDictionary()


def wake_others(connection: Connection) -> None:
    """Wake every other process that listens, once this transaction is committed."""
    if connection.dialect.name == "postgresql":
        run_plain(connection, f"NOTIFY {CHANNEL}, '{_own(connection.dialect)}'")


def listen(engine: Engine, seconds: float) -> Iterator[int]:
    """Listen on a connection of its own; yield how often others woke us in each span of so many seconds at most, 0 too.

    Ends by raising when the connection falls; the caller opens another.
    """
    own = _own(engine.dialect)
    with psycopg.connect(**_address(engine), autocommit=True) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        while True:
            yield sum(heard.payload != own for heard in connection.notifies(timeout=seconds, stop_after=1))


def _own(dialect: Dialect) -> str:
    return _OWN.setdefault(dialect, token_hex(8))


def _address(engine: Engine) -> dict[str, Any]:
    # Anyone who only listens hears nothing of a cut cable, so the system has to ask.
    return {**connection_words(engine.url), **connect_options(engine.url, _CONNECT_SECONDS)}
