"""Duties that exactly one process has at a time, each held by a lease row that another takes over when it ends.

The leases are told by the database's clock, since the clocks of several machines differ.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import TIMESTAMP, Connection, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from db.schema import duty

NOBODY = "-"


@dataclass(frozen=True, kw_only=True, slots=True)
class Duty:
    """A duty and who has it."""

    name: str
    owner: str
    lease_until: datetime
    since: datetime


def database_now(connection: Connection) -> datetime:
    """Return the time by the database's clock; on SQLite that is this machine's."""
    if connection.dialect.name == "postgresql":
        now = connection.scalar(select(func.clock_timestamp(type_=TIMESTAMP(timezone=True))))
        assert isinstance(now, datetime)  # noqa: S101 - PostgreSQL always knows the time; this tells mypy
        return now.astimezone(UTC)
    text = connection.scalar(select(func.strftime("%Y-%m-%dT%H:%M:%f", "now")))
    return datetime.fromisoformat(str(text)).replace(tzinfo=UTC)


def take(connection: Connection, names: Collection[str], *, owner: str, lease: timedelta) -> set[str]:
    """Take or renew those of the duties that are free or ours; return those we have from now on for `lease`."""
    now = database_now(connection)
    dialect_insert = insert_on_postgresql if connection.dialect.name == "postgresql" else insert_on_sqlite
    held: set[str] = set()
    for name in sorted(names):  # in one order, so that two processes never wait for each other
        wanted = dialect_insert(duty).values(name=name, owner=owner, lease_until=now + lease, since=now)
        statement = wanted.on_conflict_do_update(
            index_elements=[duty.c.name],
            set_={
                "owner": owner,
                "lease_until": now + lease,
                "since": func.coalesce(
                    select(duty.c.since).where(duty.c.name == name, duty.c.owner == owner).scalar_subquery(),
                    wanted.excluded.since,
                ),
            },
            where=or_(duty.c.owner == owner, duty.c.lease_until <= now),
        ).returning(duty.c.name)
        held.update(connection.scalars(statement))
    return held


def touch(connection: Connection, name: str, *, owner: str) -> None:
    """Write a duty of ours as it is: a commit that shows whether the database takes anything."""
    connection.execute(update(duty).where(duty.c.name == name, duty.c.owner == owner).values(owner=owner))


def left_behind(connection: Connection, names: Collection[str], *, owner: str) -> bool:
    """Return whether another had one of these duties, and neither renews it nor gave it back: it died."""
    left = select(duty.c.name).where(
        duty.c.name.in_(names), duty.c.owner.not_in([NOBODY, owner]), duty.c.lease_until <= database_now(connection)
    )
    return connection.execute(left.limit(1)).first() is not None


def gone_silent(connection: Connection, prefix: str, *, lease: timedelta, silence: timedelta) -> bool:
    """Return whether the holder of such a duty, which is renewed for `lease`, has been silent for longer than that.

    One whose lease is over has died so long ago that it does not count.
    """
    now = database_now(connection)
    silent = select(duty.c.name).where(
        duty.c.name.startswith(prefix, autoescape=True),
        duty.c.owner != NOBODY,
        duty.c.lease_until.between(now, now + lease - silence),
    )
    return connection.execute(silent.limit(1)).first() is not None


def give_back(connection: Connection, names: Collection[str], *, owner: str) -> None:
    """End our leases now, so that another process need not wait for them."""
    connection.execute(
        update(duty)
        .where(duty.c.name.in_(names), duty.c.owner == owner)
        .values(owner=NOBODY, lease_until=database_now(connection))
    )


def list_duties(connection: Connection) -> Sequence[Duty]:
    """Return every duty that somebody has or had, by name."""
    rows = connection.execute(select(duty).order_by(duty.c.name))
    return [Duty(name=row.name, owner=row.owner, lease_until=row.lease_until, since=row.since) for row in rows]


def is_in_use(connection: Connection) -> bool:
    """Return whether a process of the service has a duty, so that rows are still written. PostgreSQL's way to know."""
    now = database_now(connection)
    return any(found.owner != NOBODY and found.lease_until > now for found in list_duties(connection))
