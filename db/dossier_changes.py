"""The history of dossiers' states, and files between their preview and the word to import them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from db.schema import DossierStatus, dossier_change, dossier_upload

UPLOAD_KEPT = timedelta(hours=1)
"""After so long a file that nobody confirmed is deleted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One change of a state."""

    id: int
    dossier_id: int
    at: datetime
    operator: str
    before: DossierStatus
    after: DossierStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file that waits for its preview to be confirmed; `columns` maps column numbers to fields, None: by names."""

    id: int
    name: str = field(repr=False)
    octets: bytes = field(repr=False)
    columns: Mapping[int, str] | None


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


def keep_upload(connection: Connection, upload: Upload, *, operator_id: int, now: datetime) -> None:
    """Keep a file, sealed; what the same operator left behind, and what is too old, goes."""
    connection.execute(
        delete(dossier_upload).where(
            (dossier_upload.c.operator_id == operator_id) | (dossier_upload.c.created_at <= now - UPLOAD_KEPT)
        )
    )
    connection.execute(
        insert(dossier_upload).values(
            id=upload.id, operator_id=operator_id, name=upload.name, octets=upload.octets, created_at=now
        )
    )


def find_upload(connection: Connection, upload_id: int, *, operator_id: int, now: datetime) -> Upload | None:
    """Return a file that this operator gave within the last hour."""
    row = connection.execute(
        select(dossier_upload).where(
            dossier_upload.c.id == upload_id,
            dossier_upload.c.operator_id == operator_id,
            dossier_upload.c.created_at > now - UPLOAD_KEPT,
        )
    ).one_or_none()
    if row is None:
        return None
    columns = None if row.columns is None else {int(place): str(name) for place, name in json.loads(row.columns)}
    return Upload(id=row.id, name=row.name, octets=row.octets, columns=columns)


def map_columns(connection: Connection, upload_id: int, columns: Mapping[int, str]) -> None:
    """Say which column of a file holds which field."""
    written = json.dumps(sorted(columns.items()))
    connection.execute(update(dossier_upload).where(dossier_upload.c.id == upload_id).values(columns=written))


def drop_upload(connection: Connection, upload_id: int) -> None:
    """Delete a file."""
    connection.execute(delete(dossier_upload).where(dossier_upload.c.id == upload_id))


def forget_uploads(connection: Connection, now: datetime) -> int:
    """Delete files that nobody confirmed, for the schedule; returns how many."""
    return connection.execute(delete(dossier_upload).where(dossier_upload.c.created_at <= now - UPLOAD_KEPT)).rowcount
