"""What operators do with accounts: find, disable, give a new password, correct, confirm a phone, release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, select, update

from db.citizens.accounts import NO_PASSWORD, Account, find_by_phone, find_every
from db.schema import AccountState, account, inbound
from db.schema.time_buckets import every_bucket, in_buckets
from db.store.address import Msisdn

PAGE_SIZE = 50

PHONE_WAITS = timedelta(hours=24)
"""After a change of its phone an account gets no new password for so long, unless a second person confirms it."""

_HAS_NOT_ENDED = account.c.state != AccountState.RELEASED
_IS_OPEN = account.c.state.not_in((AccountState.DISABLED, AccountState.RELEASED))
_SHOWN = [column for column in account.c if column.name not in {"password_hash", "id_number_mark", "phone_mark"}]


@dataclass(frozen=True, kw_only=True, slots=True)
class Corrected:
    """What an operator may correct, against the citizen's papers."""

    full_name: str = field(repr=False)
    birth_date: str = field(repr=False)  # ISO 8601, as far as it is known
    phone: Msisdn = field(repr=False)


CORRECTABLE = ("full_name", "birth_date", "phone")
"""The names of what `Corrected` holds."""


def find_account(connection: Connection, account_id: int) -> Account | None:
    """Return the account in this row."""
    row = connection.execute(select(*_SHOWN).where(account.c.id == account_id)).one_or_none()
    return None if row is None else _read(row)


def search_accounts(
    connection: Connection, *, user_name: str = "", id_number: str = "", phone: Msisdn | None = None
) -> Sequence[Account]:
    """Return the accounts that have this user name, identity number or phone, each once."""
    found: list[Account] = []
    if user_name:
        row = connection.execute(select(*_SHOWN).where(account.c.user_name == user_name)).one_or_none()
        found += [] if row is None else [_read(row)]
    if id_number:
        found += find_every(connection, id_number)
    if phone is not None:
        found += find_by_phone(connection, phone)
    return list({one.id: one for one in found}.values())


def newest_accounts(connection: Connection, *, before: int | None = None, limit: int = PAGE_SIZE) -> Sequence[Account]:
    """Return accounts, the newest first; pages turn by giving the last id as `before`."""
    question = select(*_SHOWN).order_by(account.c.id.desc()).limit(limit)
    if before is not None:
        question = question.where(account.c.id < before)
    return [_read(row) for row in connection.execute(question)]


def disable(connection: Connection, account_id: int) -> bool:
    """Close an account: no password opens it any more. False when it is closed already."""
    return _change(
        connection,
        account_id,
        _IS_OPEN,
        state=AccountState.DISABLED,
        password_hash=NO_PASSWORD,
        password_expires_at=None,
    )


def enable(connection: Connection, account_id: int, now: datetime) -> bool:
    """Open a closed account again; it has no password until a new one is sent. False when it is not closed."""
    return _change(
        connection,
        account_id,
        account.c.state == AccountState.DISABLED,
        state=AccountState.FIRST_PASSWORD,
        password_hash=NO_PASSWORD,
        password_expires_at=now,
    )


def give_password(connection: Connection, account_id: int, *, hashed: str, expires_at: datetime) -> bool:
    """Store a new first password; False for a closed account."""
    return _change(
        connection,
        account_id,
        _IS_OPEN,
        state=AccountState.FIRST_PASSWORD,
        password_hash=hashed,
        password_expires_at=expires_at,
    )


def differences(before: Account, corrected: Corrected) -> Sequence[str]:
    """Return the names of the columns that would change. Pure."""
    return [name for name in CORRECTABLE if getattr(before, name) != getattr(corrected, name)]


def correct(connection: Connection, before: Account, corrected: Corrected, *, operator: str, now: datetime) -> bool:
    """Write what was corrected; False when the account has ended, or has another phone by now.

    The identity number is what the account is and cannot be changed. Another phone waits for a second person, or for
    PHONE_WAITS, before it gets a password.
    """
    values: dict[str, object] = {"full_name": corrected.full_name, "birth_date": corrected.birth_date}
    if "phone" in differences(before, corrected):
        values |= {"phone": corrected.phone, "phone_mark": corrected.phone}
        values |= {"phone_changed_at": now, "phone_changed_by": operator, "phone_approved_by": None}
    as_before = _HAS_NOT_ENDED & (account.c.phone_mark == before.phone)
    return _change(connection, before.id, as_before, **values)


def confirm_phone(connection: Connection, account_id: int, *, changed_at: datetime, operator: str) -> bool:
    """Confirm the change of phone made at that time; False when there is none, or the same operator made it."""
    waits = (account.c.phone_changed_at == changed_at) & account.c.phone_approved_by.is_(None)
    others = account.c.phone_changed_by != operator
    return _change(connection, account_id, waits & others & _HAS_NOT_ENDED, phone_approved_by=operator)


def password_waits_until(found: Account, now: datetime) -> datetime | None:
    """Return from when on an account may get a new password; None: now. Pure."""
    if found.phone_changed_at is None or found.phone_approved_by is not None:
        return None
    until = found.phone_changed_at + PHONE_WAITS
    return until if now < until else None


def release(connection: Connection, account_id: int, *, phone: Msisdn, released_id: int) -> bool:
    """End an account for good, so that the next TK with its identity number opens another one.

    `released_id` is an id made now: texts with a lower one open nothing. The user name stays taken, for the row stays.
    False when it has ended already, or has another phone than the one that is told of it.
    """
    return _change(
        connection,
        account_id,
        _HAS_NOT_ENDED & (account.c.phone_mark == phone),
        state=AccountState.RELEASED,
        password_hash=NO_PASSWORD,
        password_expires_at=None,
        released_id=released_id,
    )


def last_reply_link(connection: Connection, phone: Msisdn) -> str | None:
    """Return the link by which this phone was last answered."""
    spans = every_bucket(connection, inbound)
    question = select(inbound.c.reply_link).where(in_buckets(inbound.c.id, spans), inbound.c.sender_mark == phone)
    return connection.execute(question.order_by(inbound.c.id.desc()).limit(1)).scalar_one_or_none()


def _change(connection: Connection, account_id: int, guard: ColumnElement[bool], **values: object) -> bool:
    statement = update(account).where(account.c.id == account_id, guard).values(**values)
    return connection.execute(statement).rowcount == 1


def _read(row: Row[tuple[object, ...]]) -> Account:
    return Account(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row by column
