"""The tokens that open a provider's API: stored before they are used, and renewed by one process at a time.

A refresh token opens one renewal; the response holds the next. Who loses that response has no token any more. So a
renewal is claimed by a compare-and-set, and the new pair is committed before anybody uses it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Row, Update, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from db.schema import access_token

_T = access_token.c


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenPair:
    """Tokens as a provider gave them. Its repr holds neither."""

    access: str | None = field(repr=False)  # None: a renewal has to give one first
    refresh: str = field(repr=False)
    access_until: datetime | None
    refresh_until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenState:
    """How the tokens of a channel are, without the tokens."""

    link: str
    access_until: datetime | None
    refresh_until: datetime
    renewing_until: datetime | None
    refused_at: datetime | None  # the provider refused the refresh token: an operator must authorise anew
    changed_at: datetime

    def seconds_left(self, now: datetime) -> tuple[float, float]:
        """Return for how long the access token and the refresh token are valid; 0 for one that is not."""
        access = 0.0 if self.access_until is None else (self.access_until - now).total_seconds()
        refresh = 0.0 if self.refused_at is not None else (self.refresh_until - now).total_seconds()
        return max(0.0, access), max(0.0, refresh)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredTokens:
    """The tokens of a channel, and how they are."""

    pair: TokenPair
    state: TokenState


def read_tokens(connection: Connection, link: str) -> StoredTokens | None:
    """Return the tokens of a channel; None when it was never authorised."""
    row = connection.execute(select(access_token).where(_T.link == link)).first()
    if row is None:
        return None
    pair = TokenPair(
        access=row.access, refresh=row.refresh, access_until=row.access_until, refresh_until=row.refresh_until
    )
    return StoredTokens(pair=pair, state=_state(row))


def read_token_states(connection: Connection) -> Sequence[TokenState]:
    """Return how the tokens of every channel are, by name. Opens no token."""
    columns = (_T.link, _T.access_until, _T.refresh_until, _T.renewing_until, _T.refused_at, _T.changed_at)
    return [_state(row) for row in connection.execute(select(*columns).order_by(_T.link))]


def put_tokens(connection: Connection, link: str, pair: TokenPair, *, now: datetime) -> None:
    """Store the tokens with which an operator authorised a channel; they take the place of any others."""
    dialect_insert = insert_on_postgresql if connection.dialect.name == "postgresql" else insert_on_sqlite
    values = _values(pair, now)
    wanted = dialect_insert(access_token).values(link=link, **values)
    connection.execute(wanted.on_conflict_do_update(index_elements=[_T.link], set_=values))


def remove_tokens(connection: Connection, link: str) -> bool:
    """Delete the tokens of a channel; return whether there were any."""
    return connection.execute(delete(access_token).where(_T.link == link)).rowcount == 1


def claim_renewal(connection: Connection, state: TokenState, *, until: datetime, now: datetime) -> bool:
    """Begin to renew the tokens that have this state; False when another process does, or they changed meanwhile.

    After `until` another process may: the first one did not come back. A claim that ends implausibly late was made by a
    clock that was ahead.
    """
    implausible = now + 2 * (until - now)
    is_free = or_(_T.renewing_until.is_(None), _T.renewing_until <= now, _T.renewing_until > implausible)
    claimed = connection.execute(_this(state).where(is_free).values(renewing_until=until))
    return claimed.rowcount == 1


def store_renewed(connection: Connection, state: TokenState, pair: TokenPair, *, now: datetime) -> bool:
    """Store what a renewal gave; False when an operator has authorised the channel anew meanwhile."""
    return connection.execute(_this(state).values(**_values(pair, now))).rowcount == 1


def end_renewal(connection: Connection, state: TokenState, *, until: datetime, refused_at: datetime | None) -> None:
    """Note that the renewal claimed until then gave no tokens: nothing came back, or the provider refused it."""
    own = _this(state).where(_T.renewing_until == until)
    connection.execute(own.values(renewing_until=None, refused_at=refused_at))


def _this(state: TokenState) -> Update:
    return update(access_token).where(_T.link == state.link, _T.changed_at == state.changed_at)


def _values(pair: TokenPair, now: datetime) -> dict[str, object]:
    return {
        "access": pair.access,
        "refresh": pair.refresh,
        "access_until": pair.access_until,
        "refresh_until": pair.refresh_until,
        "renewing_until": None,
        "refused_at": None,
        "changed_at": now,
    }


def _state(row: Row[*tuple[object, ...]]) -> TokenState:
    return TokenState(
        link=row.link,
        access_until=row.access_until,
        refresh_until=row.refresh_until,
        renewing_until=row.renewing_until,
        refused_at=row.refused_at,
        changed_at=row.changed_at,
    )
