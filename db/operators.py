"""Operators: who may log in, their log-in tries, passwords and roles."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from db.operator_row import Operator, read_operator
from db.operator_sessions import close_sessions_of
from db.schema import OperatorRole, operator
from db.second_factor import remove_second_factor

FREE_TRIES = 5
"""Wrong passwords in a row before an account is locked: room for a caps lock and a forgotten change."""

COMMAND_LINE = "command-line"
"""Stands for the operator in rows that a command wrote."""

NOBODYS = frozenset({COMMAND_LINE, "loop"})
"""Names that stand in rows for no person; an operator who had one could pass for a program."""

LONGEST_LOCK = timedelta(minutes=15)
"""The lock doubles from one minute up to this: a guesser gets 100 tries a day, an operator loses a coffee break."""


def normal_name(typed: str) -> str:
    """Bring an operator's name to the form it is stored in.

    >>> normal_name("  Lan.Anh ")
    'lan.anh'
    """
    return unicodedata.normalize("NFC", typed).strip().casefold()


def add_operator(
    connection: Connection, *, operator_id: int, name: str, password_hash: str, role: OperatorRole, now: datetime
) -> bool:
    """Add an operator who must change the password at the first log-in; False when the name is taken."""
    if normal_name(name) in NOBODYS or find_operator(connection, name) is not None:
        return False
    connection.execute(
        insert(operator).values(
            id=operator_id,
            name=normal_name(name),
            password_hash=password_hash,
            role=role,
            must_change=True,
            created_at=now,
        )
    )
    return True


def find_operator_by_id(connection: Connection, operator_id: int) -> Operator | None:
    """Return the operator in this row."""
    row = connection.execute(select(operator).where(operator.c.id == operator_id)).one_or_none()
    return None if row is None else read_operator(row)


def find_operator(connection: Connection, name: str) -> Operator | None:
    """Find an operator by name, as typed."""
    row = connection.execute(select(operator).where(operator.c.name == normal_name(name))).one_or_none()
    return None if row is None else read_operator(row)


def list_operators(connection: Connection) -> Sequence[Operator]:
    """List every operator by name."""
    return [read_operator(row) for row in connection.execute(select(operator).order_by(operator.c.name))]


def reset_password(connection: Connection, name: str, password_hash: str) -> bool:
    """Give a one-time password, lift the lock, take the second factor away (a lost telephone) and end every session.

    False when there is no such operator.
    """
    found = find_operator(connection, name)
    if found is None:
        return False
    _set_password(connection, found.id, password_hash, must_change=True)
    remove_second_factor(connection, found.id)
    return True


def change_password(connection: Connection, operator_id: int, password_hash: str) -> None:
    """Take the operator's own new password and end every session; the caller opens a new one."""
    _set_password(connection, operator_id, password_hash, must_change=False)


def may_try(connection: Connection, name: str, now: datetime) -> bool:
    """Tell whether a log-in try would be looked at at all; asked first, since most guessing needs no write then."""
    found = find_operator(connection, name)
    return found is not None and _is_open(found, now)


def count_try(connection: Connection, name: str, now: datetime) -> Operator | None:
    """Count a log-in try before its password is looked at; None when there is nobody to try or the account is locked.

    Counting first keeps many tries at once from slipping past the lock. A right password calls `record_success`,
    which sets the count back; a wrong one needs nothing more.
    """
    found = find_operator(connection, name)
    if found is None or not _is_open(found, now):
        return None
    failures = found.failures + 1
    guarded = update(operator).where(operator.c.id == found.id, operator.c.failures == found.failures)
    counted = connection.execute(guarded.values(failures=failures, locked_until=_lock(failures, now)))
    return found if counted.rowcount == 1 else None


def record_success(connection: Connection, operator_id: int) -> None:
    """Forget the wrong tries: the password was right."""
    connection.execute(update(operator).where(operator.c.id == operator_id).values(failures=0, locked_until=None))


def set_disabled(connection: Connection, operator_id: int, *, disabled: bool) -> None:
    """Shut an operator out, sessions and all, or let them in again."""
    connection.execute(update(operator).where(operator.c.id == operator_id).values(disabled=disabled))
    if disabled:
        close_sessions_of(connection, operator_id)


def set_role(connection: Connection, operator_id: int, role: OperatorRole) -> None:
    """Give another role; it holds from the next request on."""
    connection.execute(update(operator).where(operator.c.id == operator_id).values(role=role))


def open_administrators(connection: Connection) -> int:
    """Count the administrators who can log in: the last one must not be shut out."""
    question = select(operator.c.id).where(
        operator.c.role == OperatorRole.ADMINISTRATOR, operator.c.disabled.is_(False)
    )
    return len(connection.execute(question).all())


def _set_password(connection: Connection, operator_id: int, password_hash: str, *, must_change: bool) -> None:
    connection.execute(
        update(operator)
        .where(operator.c.id == operator_id)
        .values(password_hash=password_hash, must_change=must_change, failures=0, locked_until=None)
    )
    close_sessions_of(connection, operator_id)


def _is_open(found: Operator, now: datetime) -> bool:
    return not found.disabled and (found.locked_until is None or found.locked_until <= now)


def _lock(failures: int, now: datetime) -> datetime | None:
    if failures < FREE_TRIES:
        return None
    doublings = min(failures - FREE_TRIES, 10)  # bounded, so that the shift stays small
    return now + min(timedelta(minutes=1 << doublings), LONGEST_LOCK)
