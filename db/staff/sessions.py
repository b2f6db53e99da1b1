"""The sessions of operators, which they see and end. A session's token is stored as a mark only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from db.schema import operator, operator_session
from db.staff.operator_row import Operator, read_operator
from db.store.prepared_statements import Prepared

_PRESENT = Prepared(  # asked for each batch of texts
    select(operator_session.c.operator_id)
    .join(operator, operator.c.id == operator_session.c.operator_id)
    .where(
        operator.c.disabled.is_(False),
        operator_session.c.open_at > bindparam("since", type_=operator_session.c.open_at.type),
        operator_session.c.expires_at > bindparam("now", type_=operator_session.c.expires_at.type),
    )
)


@dataclass(frozen=True, kw_only=True, slots=True)
class OperatorSession:
    """One log-in of one operator; `csrf` stands in every form of its pages."""

    operator: Operator
    csrf: str = field(repr=False)
    mark: str = field(repr=False)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    open_at: datetime | None = None
    """When a page was open last, also one that only renews itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionRow:
    """A session as its owner sees it; `mark` names it and opens nothing."""

    mark: str  # hexadecimal
    address: str | None = field(repr=False)
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


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


def find_session(connection: Connection, token: str, now: datetime, *, used_since: datetime) -> OperatorSession | None:
    """Find the session of a token, unless it ended, was not used since then, or its operator was disabled."""
    row = connection.execute(
        select(
            operator,
            operator_session.c.csrf,
            operator_session.c.token_mark,
            operator_session.c.created_at.label("opened_at"),
            operator_session.c.seen_at,
            operator_session.c.expires_at,
            operator_session.c.open_at,
        )
        .join_from(operator_session, operator)
        .where(operator_session.c.token_mark == token, operator.c.disabled.is_(False))
        .where(operator_session.c.expires_at > now, operator_session.c.seen_at > used_since)
    ).one_or_none()
    if row is None:
        return None
    return OperatorSession(
        operator=read_operator(row),
        csrf=row.csrf,
        mark=row.token_mark.hex(),
        created_at=row.opened_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        open_at=row.open_at,
    )


def touch_session(
    connection: Connection, token: str, *, used_at: datetime | None = None, open_at: datetime | None = None
) -> None:
    """Note when the session was last used, or when a page of it was open, or both."""
    values = {name: at for name, at in (("seen_at", used_at), ("open_at", open_at)) if at is not None}
    connection.execute(update(operator_session).where(operator_session.c.token_mark == token).values(values))


def present_operators(connection: Connection, *, since: datetime, now: datetime) -> frozenset[int]:
    """Return the operators who had a page open since then, and whose session has not ended."""
    return frozenset(row[0] for row in _PRESENT.fetch(connection, {"since": since, "now": now}))


def close_session(connection: Connection, token: str) -> None:
    """End one session; one that is gone already is no fault."""
    connection.execute(delete(operator_session).where(operator_session.c.token_mark == token))


def close_sessions_of(connection: Connection, operator_id: int, *, besides: str | None = None) -> None:
    """End every session of one operator, or every one besides the one with this mark (SessionRow.mark)."""
    ended = delete(operator_session).where(operator_session.c.operator_id == operator_id)
    if besides is not None:
        ended = ended.where(operator_session.c.token_mark != bytes.fromhex(besides))
    connection.execute(ended)


def list_sessions(
    connection: Connection, operator_id: int, now: datetime, *, used_since: datetime
) -> Sequence[SessionRow]:
    """List the sessions of one operator that have not ended and were used since then, the last used first."""
    question = select(operator_session).where(
        operator_session.c.operator_id == operator_id,
        operator_session.c.expires_at > now,
        operator_session.c.seen_at > used_since,
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
    """End the session with this mark, if it is this operator's; return whether there was one."""
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


def forget_ended_sessions(connection: Connection, now: datetime) -> int:
    """Delete the sessions that are over, for the schedule; returns how many."""
    return connection.execute(delete(operator_session).where(operator_session.c.expires_at <= now)).rowcount
