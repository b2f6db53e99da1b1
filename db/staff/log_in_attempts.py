"""Tries to log in as one operator, counted by the place they come from and, above a much higher number, by name alone.

So a guesser at one place locks that place, and a stranger elsewhere does not keep the operator out. Many places
together lock the name; a browser in which this operator logged in before still gets in, with a count of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from db.schema import log_in_try, operator
from db.staff.operator_row import Operator, read_operator
from db.staff.operators import normal_name

FREE_TRIES = 5
"""Wrong passwords in a row from one place before it must wait: room for a caps lock and a forgotten change."""

NAME_TRIES = 100
"""Wrong passwords in a row from all unknown places before the name must wait: many addresses do not help a guesser."""

LONGEST_LOCK = timedelta(minutes=15)
"""A lock doubles from one minute up to this: a guesser gets 100 tries a day, an operator loses a coffee break."""

REMEMBERED = timedelta(days=1)
"""After so long without a try a place is forgotten, and so is a name after its lock."""

NOBODY = 0
"""No operator has this id: ids are made by the clock."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a try comes from; the key is stored as a mark only."""

    key: str = field(repr=False)
    is_known: bool  # a browser in which this operator logged in before


def count_try(connection: Connection, name: str, place: Place, now: datetime) -> Operator | None:
    """Count a try before its password is looked at; None when there is nobody to try, or name or place is locked.

    Counting first keeps many tries at once from slipping past the lock: the operator's row is locked meanwhile. When
    all is right, `record_success` sets the counts back. When a code is still wanted, `take_back` takes this one count
    back. A wrong password needs nothing more. For None the caller writes a stand-in (db.staff.stand_ins), and nobody's
    place is asked for too, so that the time shows no difference.
    """
    row = connection.execute(
        select(operator).where(operator.c.name == normal_name(name)).with_for_update()  # SQLite has one writer
    ).one_or_none()
    found = None if row is None else read_operator(row)
    until = _place_locked_until(connection, NOBODY if found is None else found.id, place)
    if found is None or not _is_open(found, place, until, now):
        return None
    if not place.is_known:
        _count_name(connection, found, now)
    _count_place(connection, found.id, place, now)
    return found


def record_success(connection: Connection, operator_id: int, place: Place) -> None:
    """Forget the wrong tries: all was right. A known browser says nothing of the tries from elsewhere."""
    connection.execute(
        delete(log_in_try).where(log_in_try.c.operator_id == operator_id, log_in_try.c.place_mark == place.key)
    )
    if not place.is_known:
        connection.execute(update(operator).where(operator.c.id == operator_id).values(failures=0, locked_until=None))


def take_back(connection: Connection, operator_id: int, place: Place, now: datetime) -> None:
    """Take back the one count of a right password when a code is still wanted; the code counts as a try of its own.

    Without this, the right password after five wrong ones would lock the place before its code could be given. Earlier
    wrong tries stay counted. A lock is over by then, or the password would not have been looked at.
    """
    if not place.is_known:
        counted = connection.execute(
            select(operator.c.failures).where(operator.c.id == operator_id).with_for_update()
        ).scalar_one()
        failures = max(counted - 1, 0)
        # A name is forgotten a day after its lock, so one that has been locked keeps the time of a lock that is over.
        until = now if failures >= NAME_TRIES else None
        connection.execute(
            update(operator).where(operator.c.id == operator_id).values(failures=failures, locked_until=until)
        )
    connection.execute(
        update(log_in_try)
        .where(log_in_try.c.operator_id == operator_id, log_in_try.c.place_mark == place.key, log_in_try.c.failures > 0)
        .values(failures=log_in_try.c.failures - 1, locked_until=None)
    )


def locked_places(connection: Connection, operator_id: int, now: datetime) -> int:
    """Count the places that must wait before they may try again as this operator."""
    question = select(func.count()).where(log_in_try.c.operator_id == operator_id, log_in_try.c.locked_until > now)
    return connection.execute(question).scalar_one()


def forget_old(connection: Connection, now: datetime) -> int:
    """Delete places without a try for a day, for the schedule; returns how many."""
    return connection.execute(delete(log_in_try).where(log_in_try.c.tried_at <= now - REMEMBERED)).rowcount


def lock_until(failures: int, free: int, longest: timedelta, now: datetime) -> datetime | None:
    """Return until when a count of wrong tries locks: a minute from `free` on, doubled with each more.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    >>> lock_until(4, 5, LONGEST_LOCK, noon), lock_until(7, 5, LONGEST_LOCK, noon) - noon
    (None, datetime.timedelta(seconds=240))
    """
    if failures < free:
        return None
    doublings = min(failures - free, 10)  # bounded, so that the shift stays small
    return now + min(timedelta(minutes=1 << doublings), longest)


def _place_locked_until(connection: Connection, operator_id: int, place: Place) -> datetime | None:
    question = select(log_in_try.c.locked_until).where(
        log_in_try.c.operator_id == operator_id, log_in_try.c.place_mark == place.key
    )
    return connection.execute(question).scalar_one_or_none()


def _is_open(found: Operator, place: Place, place_until: datetime | None, now: datetime) -> bool:
    if found.disabled or (not place.is_known and found.locked_until is not None and found.locked_until > now):
        return False
    return place_until is None or place_until <= now


def _count_name(connection: Connection, found: Operator, now: datetime) -> None:
    is_past = found.locked_until is not None and found.locked_until <= now - REMEMBERED
    failures = 1 if is_past else found.failures + 1
    until = lock_until(failures, NAME_TRIES, LONGEST_LOCK, now)
    connection.execute(update(operator).where(operator.c.id == found.id).values(failures=failures, locked_until=until))


def _count_place(connection: Connection, operator_id: int, place: Place, now: datetime) -> None:
    known = connection.execute(
        select(log_in_try.c.failures, log_in_try.c.tried_at).where(
            log_in_try.c.operator_id == operator_id, log_in_try.c.place_mark == place.key
        )
    ).one_or_none()
    failures = 1 if known is None or known.tried_at <= now - REMEMBERED else known.failures + 1
    make = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    statement = make(log_in_try).values(
        operator_id=operator_id,
        place_mark=place.key,
        failures=failures,
        locked_until=lock_until(failures, FREE_TRIES, LONGEST_LOCK, now),
        tried_at=now,
    )
    replaced = {name: statement.excluded[name] for name in ("failures", "locked_until", "tried_at")}
    connection.execute(statement.on_conflict_do_update(index_elements=["operator_id", "place_mark"], set_=replaced))
