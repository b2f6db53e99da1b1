"""Uploaded files, of dossiers or of units, that wait for their import to be confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from db.schema import UploadKind, dossier_upload

UPLOAD_KEPT = timedelta(hours=1)
"""After so long a file that nobody confirmed is deleted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UploadPreview:
    """What the page shows of a file that waits to be imported."""

    id: int
    name: str = field(repr=False)
    preview: str = field(repr=False)
    """JSON, as the page wrote it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A file that waits for its preview to be confirmed, and what was read of it."""

    id: int
    name: str = field(repr=False)
    octets: bytes = field(repr=False)
    preview: str = field(repr=False)
    facts: bytes = field(repr=False)
    kind: UploadKind = UploadKind.DOSSIERS


def keep_upload(connection: Connection, upload: Upload, *, operator_id: int, now: datetime) -> None:
    """Keep a file, sealed; one of the kind that the same operator left behind, and what is too old, goes."""
    left_behind = (dossier_upload.c.operator_id == operator_id) & (dossier_upload.c.kind == upload.kind)
    connection.execute(delete(dossier_upload).where(left_behind | (dossier_upload.c.created_at <= now - UPLOAD_KEPT)))
    values = {"operator_id": operator_id, "name": upload.name, "octets": upload.octets, "created_at": now}
    values |= {"id": upload.id, "kind": upload.kind, "preview": upload.preview, "facts": upload.facts}
    connection.execute(insert(dossier_upload).values(values))


def find_preview(connection: Connection, upload_id: int, *, operator_id: int, now: datetime) -> UploadPreview | None:
    """Return what is shown of a file that this operator gave within the last hour."""
    columns = (dossier_upload.c.id, dossier_upload.c.name, dossier_upload.c.preview)
    row = connection.execute(select(*columns).where(*_own(upload_id, operator_id, now))).one_or_none()
    return None if row is None else UploadPreview(id=row.id, name=row.name, preview=row.preview)


def find_upload(connection: Connection, upload_id: int, *, operator_id: int, now: datetime) -> Upload | None:
    """Return a file that this operator gave within the last hour and that was not imported yet."""
    whose = _own(upload_id, operator_id, now)
    row = connection.execute(select(dossier_upload).where(*whose, dossier_upload.c.facts.is_not(None))).one_or_none()
    if row is None:
        return None
    return Upload(
        id=row.id, name=row.name, octets=row.octets, preview=row.preview, facts=row.facts, kind=UploadKind(row.kind)
    )


def _own(upload_id: int, operator_id: int, now: datetime) -> Sequence[ColumnElement[bool]]:
    return (
        dossier_upload.c.id == upload_id,
        dossier_upload.c.operator_id == operator_id,
        dossier_upload.c.created_at > now - UPLOAD_KEPT,
    )


def keep_reading(connection: Connection, upload_id: int, *, preview: str, facts: bytes) -> None:
    """Keep another reading of a file, with its columns chosen by hand."""
    where = dossier_upload.c.id == upload_id
    connection.execute(update(dossier_upload).where(where).values(preview=preview, facts=facts))


def finish_upload(connection: Connection, upload_id: int, *, preview: str) -> bool:
    """Delete a file that was imported; only what the page shows of it stays for the rest of the hour.

    False when another request imported it meanwhile.
    """
    waiting = update(dossier_upload).where(dossier_upload.c.id == upload_id, dossier_upload.c.facts.is_not(None))
    return connection.execute(waiting.values(octets=b"", facts=None, preview=preview)).rowcount == 1


def drop_upload(connection: Connection, upload_id: int) -> None:
    """Delete a file."""
    connection.execute(delete(dossier_upload).where(dossier_upload.c.id == upload_id))


def forget_uploads(connection: Connection, now: datetime) -> int:
    """Delete files that nobody confirmed, for the schedule; returns how many."""
    return connection.execute(delete(dossier_upload).where(dossier_upload.c.created_at <= now - UPLOAD_KEPT)).rowcount
