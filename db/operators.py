"""Operators, their log-in tries, and their sessions. The session's token is stored as a mark only."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, delete, insert, select, update

from db.schema import OperatorRole, operator, operator_session
from db.second_factor import remove_second_factor

FREE_TRIES = 5
"""Wrong passwords in a row before an account is locked: room for a caps lock and a forgotten change."""

LONGEST_LOCK = timedelta(minutes=15)
"""The lock doubles from one minute up to this: a guesser gets 100 tries a day, an operator loses a coffee break."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Operator:
    """Somebody who may log in to the pages. Times are aware UTC; the hash is argon2id in PHC string format."""

    id: int
    name: str
    password_hash: str = field(repr=False)
    role: OperatorRole
    must_change: bool
    disabled: bool
    failures: int
    locked_until: datetime | None
    totp_secret: str | None = field(repr=False)
    """Of the second factor (RFC 6238), base32; None without one."""
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class OperatorSession:
    """One log-in of one operator; `csrf` stands in every form of its pages."""

    operator: Operator
    csrf: str = field(repr=False)
    mark: str = field(repr=False)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionRow:
    """A session as its owner sees it; `mark` names it and opens nothing."""

    mark: str  # hexadecimal
    address: str | None = field(repr=False)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


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
    if find_operator(connection, name) is not None:
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
    return None if row is None else _operator(row)


def find_operator(connection: Connection, name: str) -> Operator | None:
    """Find an operator by name, as typed."""
    row = connection.execute(select(operator).where(operator.c.name == normal_name(name))).one_or_none()
    return None if row is None else _operator(row)


def list_operators(connection: Connection) -> Sequence[Operator]:
    """List every operator by name."""
    return [_operator(row) for row in connection.execute(select(operator).order_by(operator.c.name))]


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


def open_session(
    connection: Connection,
    *,
    token: str,
    operator_id: int,
    csrf: str,
    now: datetime,
    expires_at: datetime,
    address: str | None = None,
) -> None:
    """Store a new session under its token's mark; `address` is where the log-in came from."""
    connection.execute(
        insert(operator_session).values(
            token_mark=token,
            operator_id=operator_id,
            csrf=csrf,
            address=address,
            created_at=now,
            seen_at=now,
            expires_at=expires_at,
        )
    )


def find_session(connection: Connection, token: str, now: datetime) -> OperatorSession | None:
    """Find the session of a token, unless it ended or its operator was disabled."""
    row = connection.execute(
        select(
            operator,
            operator_session.c.csrf,
            operator_session.c.token_mark,
            operator_session.c.created_at.label("opened_at"),
            operator_session.c.seen_at,
            operator_session.c.expires_at,
        )
        .join_from(operator_session, operator)
        .where(
            operator_session.c.token_mark == token, operator_session.c.expires_at > now, operator.c.disabled.is_(False)
        )
    ).one_or_none()
    if row is None:
        return None
    return OperatorSession(
        operator=_operator(row),
        csrf=row.csrf,
        mark=row.token_mark.hex(),
        created_at=row.opened_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
    )


def touch_session(connection: Connection, token: str, now: datetime) -> None:
    """Note when the session was last used."""
    connection.execute(update(operator_session).where(operator_session.c.token_mark == token).values(seen_at=now))


def close_session(connection: Connection, token: str) -> None:
    """End one session; one that is gone already is no fault."""
    connection.execute(delete(operator_session).where(operator_session.c.token_mark == token))


def close_sessions_of(connection: Connection, operator_id: int, *, besides: str | None = None) -> None:
    """End every session of one operator, or every one besides the one with this mark (SessionRow.mark)."""
    ended = delete(operator_session).where(operator_session.c.operator_id == operator_id)
    if besides is not None:
        ended = ended.where(operator_session.c.token_mark != bytes.fromhex(besides))
    connection.execute(ended)


def list_sessions(connection: Connection, operator_id: int, now: datetime) -> Sequence[SessionRow]:
    """List the sessions of one operator that have not ended, the last used first."""
    question = select(operator_session).where(
        operator_session.c.operator_id == operator_id, operator_session.c.expires_at > now
    )
    return [
        SessionRow(
            mark=row.token_mark.hex(),
            address=row.address,
            created_at=row.created_at,
            seen_at=row.seen_at,
            expires_at=row.expires_at,
        )
        for row in connection.execute(question.order_by(operator_session.c.seen_at.desc()))
    ]


def revoke_session(connection: Connection, operator_id: int, mark: str) -> bool:
    """End the session with this mark, if it is this operator's; tell whether there was one."""
    try:
        found = bytes.fromhex(mark)
    except ValueError:
        return False
    return (
        connection.execute(
            delete(operator_session).where(
                operator_session.c.token_mark == found, operator_session.c.operator_id == operator_id
            )
        ).rowcount
        == 1
    )


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


def forget_ended_sessions(connection: Connection, now: datetime) -> int:
    """Delete the sessions that are over, for the schedule; returns how many."""
    return connection.execute(delete(operator_session).where(operator_session.c.expires_at <= now)).rowcount


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


def _operator(row: Row[*tuple[object, ...]]) -> Operator:
    return Operator(
        id=row.id,
        name=row.name,
        password_hash=row.password_hash,
        role=row.role,
        must_change=row.must_change,
        disabled=row.disabled,
        failures=row.failures,
        locked_until=row.locked_until,
        totp_secret=row.totp_secret,
        created_at=row.created_at,
    )
