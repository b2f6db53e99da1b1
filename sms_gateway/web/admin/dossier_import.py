"""Import of a file of dossiers: upload, preview with column mapping and faults by line, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db import dossier_changes as uploads
from db.audit import Action
from db.dossier_changes import Change, Upload, add_changes
from db.dossiers import Comparison, DossierFacts, compare, import_dossiers
from sms_gateway.dossier_file import Fault, Field, guess_columns, read_dossier_file, read_headings
from sms_gateway.web.admin.message import bounded
from sms_gateway.web.admin.noted import note
from sms_gateway.web.admin.session import current_session
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import say, say_told
from sms_gateway.web.parts import current_parts

MOST_OCTETS = 8 * 1024 * 1024
"""Of one file; longer ones are brought in by `sms-gateway dossiers import`."""

SHOWN_FAULTS = 100
SHOWN_ROWS = 20
MOST_COLUMNS = 60
_ENDINGS = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".json"})

Page = Response | str | tuple[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A file as it was read."""

    headings: Sequence[str] | None
    columns: Mapping[int, Field]
    facts: Sequence[DossierFacts]
    faults: Sequence[Fault]


def import_dossiers_page() -> Page:
    """Show the form for a file, or take the file and lead to its preview."""
    if request.method == "GET":
        return render_template("import.html", fault=None)
    given = request.files.get("file")
    name = PurePath(given.filename or "").name if given is not None else ""
    if given is None or PurePath(name).suffix.lower() not in _ENDINGS:
        return render_template("import.html", fault=say("import.no_file")), 400
    parts = current_parts()
    upload = Upload(id=parts.new_id(), name=name[-120:], octets=given.read(), columns=None)
    with parts.database.write() as connection:
        uploads.keep_upload(connection, upload, operator_id=current_session().operator.id, now=parts.now())
    return redirect(url_for("admin.preview_import", upload_id=upload.id), code=303)


def preview_import(upload_id: int) -> str:
    """Show what an import would do; nothing is written."""
    upload = _find(upload_id)
    reading = _read(upload)
    with current_parts().database.read() as connection:
        comparison = compare(connection, reading.facts)
    return render_template(
        "import_preview.html",
        upload=upload,
        reading=reading,
        comparison=comparison,
        fields=list(Field),
        faults=[say_told("import_fault", fault.whole) for fault in reading.faults[:SHOWN_FAULTS]],
        rows=reading.facts[:SHOWN_ROWS],
        may_finish=not reading.faults and bool(reading.facts),
    )


def map_import(upload_id: int) -> Response:
    """Take which column holds which field."""
    upload = _find(upload_id)
    chosen = {place: name for place in range(MOST_COLUMNS) if (name := short_field(f"column-{place}")) in set(Field)}
    with current_parts().database.write() as connection:
        uploads.map_columns(connection, upload.id, chosen)
    return redirect(url_for("admin.preview_import", upload_id=upload_id), code=303)


def finish_import(upload_id: int) -> Page:
    """Import the whole file, or drop it; a file with a single fault is not imported at all."""
    upload = _find(upload_id)
    parts = current_parts()
    if "drop" in request.form:
        with parts.database.write() as connection:
            uploads.drop_upload(connection, upload.id)
        return redirect(url_for("admin.import_dossiers"), code=303)
    reading = _read(upload)
    if reading.faults or not reading.facts:
        abort(409)
    with parts.database.write() as connection:
        comparison = compare(connection, reading.facts)
        counts = import_dossiers(connection, reading.facts, new_id=parts.new_id, now=parts.now())
        _note_changes(connection, comparison)
        uploads.drop_upload(connection, upload.id)
        detail = f"new={counts.new} changed={counts.changed} same={counts.same}"
        note(connection, Action.DOSSIERS_IMPORTED, "dossier", detail)
    return render_template("import_done.html", counts=counts)


def _note_changes(connection: Connection, comparison: Comparison) -> None:
    parts, name = current_parts(), current_session().operator.name
    add_changes(
        connection,
        (
            Change(
                id=parts.new_id(),
                dossier_id=before.id,
                at=parts.now(),
                operator=name,
                before=before.status,
                after=after.status,
            )
            for before, after in comparison.changed
            if before.status is not after.status
        ),
    )


def _find(upload_id: int) -> Upload:
    parts = current_parts()
    with parts.database.read() as connection:
        found = uploads.find_upload(
            connection, bounded(upload_id), operator_id=current_session().operator.id, now=parts.now()
        )
    return found if found is not None else abort(404)


def _read(upload: Upload) -> Reading:
    """Read the file from a directory of its own that is gone afterwards."""
    with TemporaryDirectory(prefix="dossiers-") as directory:
        path = Path(directory) / f"upload{PurePath(upload.name).suffix.lower()}"
        path.write_bytes(upload.octets)
        return _read_file(upload, path)


def _read_file(upload: Upload, path: Path) -> Reading:
    chosen = None if upload.columns is None else {place: Field(name) for place, name in upload.columns.items()}
    headings = read_headings(path)
    facts, faults = read_dossier_file(path, chosen)
    columns = chosen if chosen is not None else guess_columns(headings or ())
    return Reading(headings=headings, columns=columns, facts=facts, faults=faults)
