"""Wrong log-ins by the address they came from, so that one place cannot guess at every name in turn."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from db.schema import address_try
from db.staff.log_in_attempts import lock_until

FREE_TRIES = 20
"""Wrong log-ins from one address before it must wait: an office behind one address makes mistakes too."""

LONGEST_LOCK = timedelta(hours=1)
REMEMBERED = timedelta(days=1)
"""After so long without a wrong try an address is forgotten."""


def is_locked(connection: Connection, address: str, now: datetime) -> bool:
    """Return whether this address must wait."""
    question = select(address_try.c.locked_until).where(address_try.c.address_mark == address)
    until = connection.execute(question).scalar_one_or_none()
    return until is not None and until > now


def count_wrong(connection: Connection, address: str, now: datetime) -> None:
    """Count a wrong log-in; from `FREE_TRIES` on the address is locked, for a minute, doubled up to an hour."""
    question = select(address_try.c.failures, address_try.c.tried_at).where(address_try.c.address_mark == address)
    known = connection.execute(question).one_or_none()
    failures = 1 if known is None or known.tried_at <= now - REMEMBERED else known.failures + 1
    make = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    statement = make(address_try).values(
        address_mark=address,
        failures=failures,
        locked_until=lock_until(failures, FREE_TRIES, LONGEST_LOCK, now),
        tried_at=now,
    )
    replaced = {name: statement.excluded[name] for name in ("failures", "locked_until", "tried_at")}
    connection.execute(statement.on_conflict_do_update(index_elements=["address_mark"], set_=replaced))


def forgive(connection: Connection, address: str) -> None:
    """Lift the lock and halve the count after a right log-in, so that one good name does not clear a guesser."""
    connection.execute(
        update(address_try)
        .where(address_try.c.address_mark == address)
        .values(failures=address_try.c.failures // 2, locked_until=None)
    )


def forget_old(connection: Connection, now: datetime) -> int:
    """Delete addresses without a wrong try for a day, for the schedule; returns how many."""
    return connection.execute(delete(address_try).where(address_try.c.tried_at <= now - REMEMBERED)).rowcount
