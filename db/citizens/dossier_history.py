"""The history of dossiers' states, and files between their preview and the word to import them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from db.schema import DossierStatus, dossier_change


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One change of a state."""

    id: int
    dossier_id: int
    at: datetime
    operator: str
    before: DossierStatus
    after: DossierStatus


def add_changes(connection: Connection, changes: Iterable[Change]) -> None:
    """Write changes down."""
    rows = [
        {
            "id": one.id,
            "dossier_id": one.dossier_id,
            "at": one.at,
            "operator": one.operator,
            "before": one.before,
            "after": one.after,
        }
        for one in changes
    ]
    if rows:
        connection.execute(insert(dossier_change), rows)


def changes_of(connection: Connection, dossier_id: int) -> Sequence[Change]:
    """Return the history of a dossier, newest first."""
    question = select(dossier_change).where(dossier_change.c.dossier_id == dossier_id)
    return [
        Change(
            id=row.id,
            dossier_id=row.dossier_id,
            at=row.at,
            operator=row.operator,
            before=row.before,
            after=row.after,
        )
        for row in connection.execute(question.order_by(dossier_change.c.id.desc()).limit(100))
    ]
