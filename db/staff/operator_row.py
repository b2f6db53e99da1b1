"""One operator, as read from its row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Row

from db.schema import OperatorRole


@dataclass(frozen=True, kw_only=True, slots=True)
class Operator:
    """Somebody who may log in to the pages. Times are aware UTC; the hash is argon2id in PHC string format."""

    id: int
    name: str
    password_hash: str = field(repr=False)
    role: OperatorRole
    must_change: bool
    password_until: datetime | None
    """When a one-time password ends; None for one's own."""
    disabled: bool
    failures: int
    locked_until: datetime | None
    totp_secret: str | None = field(repr=False)
    """Of the second factor (RFC 6238), base32; None without one."""
    created_at: datetime


def read_operator(row: Row[*tuple[object, ...]]) -> Operator:
    """Read the columns of `operator` from a row that may have others."""
    return Operator(
        id=row.id,
        name=row.name,
        password_hash=row.password_hash,
        role=row.role,
        must_change=row.must_change,
        password_until=row.password_until,
        disabled=row.disabled,
        failures=row.failures,
        locked_until=row.locked_until,
        totp_secret=row.totp_secret,
        created_at=row.created_at,
    )
