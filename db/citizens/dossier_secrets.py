"""What opens a dossier where a look-up needs a secret: an identity number's last four digits, or a printed password."""

from __future__ import annotations

from collections.abc import Sequence
from hmac import compare_digest

from sqlalchemy import Connection, func, select

from db.citizens.dossiers import Dossier, secret_mark
from db.schema import dossier

_NO_MARK = b""


def opened_by(connection: Connection, alike: Sequence[Dossier], canonical_code: str, secret: str) -> Sequence[Dossier]:
    """Return those of the dossiers that look like a code which the secret opens; one without secrets opens to none.

    Where no dossier is there, as much is reckoned as where one is, so the time tells nothing.
    """
    if not alike:
        secret_mark(connection, canonical_code, secret)
    return [one for one in alike if _is_opened(one, secret_mark(connection, one.canonical, secret))]


def _is_opened(one: Dossier, mark: bytes) -> bool:
    by_identity = compare_digest(one.identity_mark or _NO_MARK, mark)
    by_password = compare_digest(one.password_mark or _NO_MARK, mark)
    return by_identity or by_password


def count_closed(connection: Connection) -> int:
    """Return how many dossiers have no secret on file: where one is needed, they are told to nobody."""
    closed = dossier.c.identity_mark.is_(None) & dossier.c.password_mark.is_(None)
    return connection.execute(select(func.count()).select_from(dossier).where(closed)).scalar_one()
