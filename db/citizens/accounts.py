"""Accounts: one at a time for each identity number, found by it or by phone; first passwords that expire."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from db.processes.webhook_events import note_event, row_id
from db.schema import AccountState, WebhookType, account
from db.store.address import Msisdn

NO_PASSWORD = "!"  # noqa: S105 - no secret: no hash looks like this, so no password opens the account
"""What stands for the hash once a first password has expired."""

_SHOWN = [column for column in account.c if column.name not in {"password_hash", "id_number_mark", "phone_mark"}]


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """An account as others may know it: without its password hash; personal data stay out of the repr."""

    id: int
    user_name: str
    id_number: str = field(repr=False)
    full_name: str = field(repr=False)
    birth_date: str = field(repr=False)
    """ISO 8601, as far as it is known."""
    phone: Msisdn = field(repr=False)
    password_expires_at: datetime | None
    state: AccountState
    created_at: datetime
    inbound_id: int | None
    released_id: int | None = None  # texts with a lower id came before its identity number was released
    activated_at: datetime | None = None  # when a system of the city reported that it is in use
    phone_changed_at: datetime | None = None
    phone_changed_by: str | None = None  # the operator who changed it
    phone_approved_by: str | None = None  # another one, who confirmed the change

    @property
    def is_over(self) -> bool:
        """Return whether it has ended, so that its identity number may open another one."""
        return self.state is AccountState.RELEASED


def open_account(connection: Connection, new: Account, *, password_hash: str) -> bool:
    """Write a new account; return False when its user name is taken, or its identity number has an account.

    One statement decides, so two texts at once cannot open two accounts: on PostgreSQL the second waits for the
    first to commit and then writes nothing. After False ask `find_by_id_number`: anyone who is not found there had
    only the user name taken. The transaction stays usable.
    """
    make = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    statement = make(account).values(
        id=new.id,
        user_name=new.user_name,
        id_number_mark=new.id_number,
        id_number=new.id_number,
        full_name=new.full_name,
        birth_date=new.birth_date,
        phone=new.phone,
        phone_mark=new.phone,
        password_hash=password_hash,
        password_expires_at=new.password_expires_at,
        state=new.state,
        created_at=new.created_at,
        inbound_id=new.inbound_id,
    )
    written = connection.execute(statement.on_conflict_do_nothing().returning(account.c.id))
    if written.scalar_one_or_none() is None:
        return False
    note_event(connection, WebhookType.ACCOUNT_OPENED, {"account": row_id(new.id)}, at=new.created_at)
    return True


def find_by_id_number(connection: Connection, id_number: str) -> Account | None:
    """Return the account of this identity number that has not ended."""
    return next((one for one in find_every(connection, id_number) if not one.is_over), None)


def find_every(connection: Connection, id_number: str) -> Sequence[Account]:
    """Return every account that this identity number ever had, oldest first; all but one have ended."""
    query = select(*_SHOWN).where(account.c.id_number_mark == id_number).order_by(account.c.id)
    return [_read(row) for row in connection.execute(query)]


def find_by_phone(connection: Connection, phone: Msisdn) -> Sequence[Account]:
    """Return the accounts opened from this phone, oldest first: a phone is often a family's."""
    query = select(*_SHOWN).where(account.c.phone_mark == phone).order_by(account.c.id)
    return [_read(row) for row in connection.execute(query)]


def find_taken(connection: Connection, user_names: Collection[str]) -> frozenset[str]:
    """Return which of these user names are taken."""
    query = select(account.c.user_name).where(account.c.user_name.in_(user_names))
    return frozenset(connection.execute(query).scalars())


def expire_first_passwords(connection: Connection, now: datetime, *, limit: int = 1000) -> int:
    """Make first passwords useless whose time is over and that were not changed; return how many.

    The hash is overwritten, so neither the password nor a guess at it opens the account any more. At most `limit`
    at a time keeps the writer free for the pipeline: call again while `limit` come back. Safe to repeat.
    """
    due = (
        select(account.c.id)
        .where(
            account.c.state == AccountState.FIRST_PASSWORD,
            account.c.password_expires_at <= now,
            account.c.password_hash != NO_PASSWORD,
        )
        .limit(limit)
    )
    statement = update(account).where(account.c.id.in_(due)).values(password_hash=NO_PASSWORD)
    return connection.execute(statement).rowcount


def _read(row: Row[tuple[object, ...]]) -> Account:
    return Account(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row by column
