"""Wake-ups between processes, on PostgreSQL; SQLite has one process and needs none.

A wake-up can be lost, so whoever listens also looks by itself from time to time.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
from sqlalchemy import Connection, Engine, text

CHANNEL = "sms_gateway"


def wake_others(connection: Connection) -> None:
    """Wake every process that listens, once this transaction is committed."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"NOTIFY {CHANNEL}"))


def listen(engine: Engine, seconds: float) -> Iterator[int]:
    """Listen on a connection of its own; yield how many wake-ups came in each span of so many seconds, 0 too.

    Ends by raising when the connection falls; the caller opens another.
    """
    with psycopg.connect(_address(engine), autocommit=True) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        while True:
            yield sum(1 for _ in connection.notifies(timeout=seconds, stop_after=1))


def _address(engine: Engine) -> str:
    # Whoever only listens hears nothing of a cut cable, so the system has to ask.
    url = engine.url.set(drivername="postgresql").update_query_dict(
        {"connect_timeout": "3", "keepalives_idle": "2", "keepalives_interval": "1", "keepalives_count": "3"}
    )
    return url.render_as_string(hide_password=False)
