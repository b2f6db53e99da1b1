"""API clients: the systems of the city that may call the back office's endpoints, their keys and their scopes.

A key is stored as a keyed hash and shown once. For some time after a rotation the previous key is taken too, so that
the system can change over without a pause.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from db.schema import api_client

MOST_CLIENTS = 100
"""Clients that are not disabled. A city has a handful; a signature is compared with those of all that sign."""

USED_EVERY = timedelta(minutes=1)
"""How exactly the last use is known: a write for each request would cost more than it is worth."""

_LONGEST_MAKER = 64

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}", re.ASCII)
_C = api_client.c


class Scope(StrEnum):
    """What a client may do."""

    DOSSIERS = "dossiers"  # push dossiers and their changes
    TABLES = "tables"  # make own look-up tables, and replace their rows
    ACCOUNTS = "accounts"  # read accounts, check first passwords, report that an account is in use


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiClient:
    """A system of the city, without its key."""

    id: int
    name: str
    scopes: frozenset[Scope]
    signs: bool
    previous_until: datetime | None
    made_at: datetime
    key_made_at: datetime
    used_at: datetime | None
    disabled_at: datetime | None
    key_makers: frozenset[str] = frozenset()
    """The operators who made its key and the one before: they have seen it, so what it asks for may be theirs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Signer:
    """A client that may sign its requests, and the secrets with which it may."""

    client: ApiClient
    secrets: Sequence[str] = field(repr=False)


class Added(StrEnum):
    """What became of a new client."""

    ADDED = "added"
    TAKEN = "taken"  # there is one of this name, perhaps a disabled one: the audit log names clients by it
    TOO_MANY = "too_many"


def is_name(name: str) -> bool:
    """Return whether a name is allowed: a small letter, then small letters, digits, `-` and `_`.

    >>> is_name("one-stop_2"), is_name("One stop"), is_name("")
    (True, False, False)
    """
    return _NAME.fullmatch(name) is not None


def maker_of(name: str) -> str:
    """Return how what a client makes names its maker.

    >>> maker_of("lgsp")
    'api:lgsp'
    """
    return f"api:{name}"[:_LONGEST_MAKER]


def add_client(
    connection: Connection,
    *,
    client_id: int,
    name: str,
    scopes: Collection[Scope],
    key: str,
    secret: str | None,
    now: datetime,
    made_by: str | None = None,
) -> Added:
    """Add a client with its key, and with the secret of its signatures if it signs."""
    if connection.execute(select(_C.id).where(_C.name == name)).first() is not None:
        return Added.TAKEN
    if len([one for one in list_clients(connection) if one.disabled_at is None]) >= MOST_CLIENTS:
        return Added.TOO_MANY
    written = {
        "id": client_id,
        "name": name,
        "scopes": " ".join(sorted(scopes)),
        "key_mark": key,
        "secret": secret,
        "made_at": now,
        "key_made_at": now,
        "key_made_by": made_by,
    }
    try:
        with connection.begin_nested():
            connection.execute(insert(api_client).values(written))
    except IntegrityError:  # somebody added the name meanwhile
        return Added.TAKEN
    return Added.ADDED


def rotate_key(
    connection: Connection,
    name: str,
    *,
    key: str,
    secret: str | None,
    previous_until: datetime,
    now: datetime,
    made_by: str | None = None,
) -> bool:
    """Give a client another key, and another secret if it signs; False when there is none, or it is disabled."""
    changed = update(api_client).where(_C.name == name, _C.disabled_at.is_(None))
    values = {
        "previous_mark": _C.key_mark,
        "previous_secret": None,
        "previous_until": previous_until,
        "previous_made_by": _C.key_made_by,
        "key_mark": key,
        "key_made_at": now,
        "key_made_by": made_by,
    }
    row = connection.execute(select(_C.secret).where(_C.name == name)).first()
    if row is not None and row.secret is not None:
        values |= {"previous_secret": row.secret, "secret": secret}
    return connection.execute(changed.values(values)).rowcount == 1


def disable_client(connection: Connection, name: str, now: datetime) -> bool:
    """Take every key of a client away, for good; False when there is none, or it is disabled already."""
    changed = update(api_client).where(_C.name == name, _C.disabled_at.is_(None))
    values = {"disabled_at": now, "previous_mark": None, "secret": None, "previous_secret": None}
    return connection.execute(changed.values(values)).rowcount == 1


def list_clients(connection: Connection) -> Sequence[ApiClient]:
    """Return every client by name, also those that are disabled."""
    return [_client(row) for row in connection.execute(select(api_client).order_by(_C.name))]


def find_by_key(connection: Connection, key: str, now: datetime) -> ApiClient | None:
    """Return the client that has this key, or had it until the last rotation and may still use it."""
    asked = select(api_client).where(_C.disabled_at.is_(None), or_(_C.key_mark == key, _previous(key, now)))
    row = connection.execute(asked).first()
    return None if row is None else _client(row)


def signers(connection: Connection, now: datetime) -> Sequence[Signer]:
    """Return the clients that may sign, with the secrets that hold now."""
    rows = connection.execute(select(api_client).where(_C.disabled_at.is_(None), _C.secret.is_not(None)))
    return [Signer(client=_client(row), secrets=_secrets(row, now)) for row in rows.fetchmany(MOST_CLIENTS)]


def note_use(connection: Connection, client: ApiClient, now: datetime) -> None:
    """Write down when a client was last here."""
    connection.execute(update(api_client).where(_C.id == client.id).values(used_at=now))


def is_use_due(client: ApiClient, now: datetime) -> bool:
    """Return whether `note_use` is due."""
    return client.used_at is None or now - client.used_at >= USED_EVERY


def _previous(key: str, now: datetime) -> ColumnElement[bool]:
    return and_(_C.previous_mark == key, _C.previous_until > now)


def _secrets(row: Row[*tuple[object, ...]], now: datetime) -> Sequence[str]:
    has_previous = row.previous_secret is not None and row.previous_until is not None and row.previous_until > now
    return (row.secret, row.previous_secret) if has_previous else (row.secret,)


def _client(row: Row[*tuple[object, ...]]) -> ApiClient:
    return ApiClient(
        id=row.id,
        name=row.name,
        scopes=frozenset(Scope(name) for name in row.scopes.split() if name in set(Scope)),
        signs=row.secret is not None,
        previous_until=row.previous_until,
        made_at=row.made_at,
        key_made_at=row.key_made_at,
        used_at=row.used_at,
        disabled_at=row.disabled_at,
        key_makers=frozenset(one for one in (row.key_made_by, row.previous_made_by) if one is not None),
    )
