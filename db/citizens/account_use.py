"""Accounts as the city's own system uses them: first passwords, that they are in use, and those that never were."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select, update

from db.citizens.accounts import NO_PASSWORD
from db.schema import AccountState, account


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstCredential:
    """What a first password is checked against."""

    account_id: int
    password_hash: str = field(repr=False)
    expires_at: datetime


def find_first_credential(connection: Connection, user_name: str, *, now: datetime) -> FirstCredential | None:
    """Return the first password of a user name, while it is valid; None for any other account, and for none."""
    row = connection.execute(
        select(account.c.id, account.c.password_hash, account.c.password_expires_at).where(
            account.c.user_name == user_name,
            account.c.state == AccountState.FIRST_PASSWORD,
            account.c.password_expires_at > now,
            account.c.password_hash != NO_PASSWORD,
        )
    ).one_or_none()
    if row is None:
        return None
    return FirstCredential(account_id=row.id, password_hash=row.password_hash, expires_at=row.password_expires_at)


def is_still_valid(connection: Connection, account_id: int, password_hash: str) -> bool:
    """Lock an account; return whether its first password still is the one with this hash."""
    same = (account.c.id == account_id) & (account.c.state == AccountState.FIRST_PASSWORD)
    asked = select(account.c.id).where(same, account.c.password_hash == password_hash).with_for_update()
    return connection.execute(asked).first() is not None


def activate(connection: Connection, account_id: int, *, now: datetime) -> bool:
    """End the first password: from now on the city's system has a password of its own. False unless it waited for it.

    The hash is overwritten, so the first password opens nothing any more.
    """
    waits = (account.c.id == account_id) & (account.c.state == AccountState.FIRST_PASSWORD)
    statement = (
        update(account)
        .where(waits)
        .values(state=AccountState.ACTIVE, password_hash=NO_PASSWORD, password_expires_at=None, activated_at=now)
    )
    return connection.execute(statement).rowcount == 1


def release_unused(connection: Connection, *, ended_before: datetime, released_id: int, limit: int) -> list[int]:
    """End accounts that were never in use and whose last password ended before then; return their ids.

    The next TK with their identity number opens another account. `released_id` says from which texts on, as in
    `account_administration.release`. Safe to repeat.
    """
    unused = (
        select(account.c.id)
        .where(
            account.c.state == AccountState.FIRST_PASSWORD,
            account.c.activated_at.is_(None),
            account.c.password_expires_at < ended_before,
        )
        .order_by(account.c.id)
        .limit(limit)
    )
    statement = (
        update(account)
        .where(account.c.id.in_(unused), account.c.state == AccountState.FIRST_PASSWORD)
        .values(
            state=AccountState.RELEASED, password_hash=NO_PASSWORD, password_expires_at=None, released_id=released_id
        )
        .returning(account.c.id)
    )
    return sorted(connection.scalars(statement))
