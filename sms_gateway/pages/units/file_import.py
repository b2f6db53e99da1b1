"""Import of a file of units, contacts, wards or rules: upload, a preview with faults by line, then its good lines."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import PurePath

from flask import Response as FlaskResponse
from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from db.citizens import dossier_uploads
from db.citizens.dossier_uploads import Upload, UploadPreview
from db.schema import UploadKind
from db.staff.audit import Action
from sms_gateway.back_office.unit_file.columns import NEEDED, Kind
from sms_gateway.back_office.unit_file.fault_messages import named
from sms_gateway.back_office.unit_file.reading import Fault
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.display.paging import bounded
from sms_gateway.pages.display.spreadsheet_cells import harmless
from sms_gateway.pages.session import current_session
from sms_gateway.pages.units.import_preview import Preview, carry_out, load, preview_of, write
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.language import say

SHOWN_FAULTS = 100
_ENDINGS = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".json"})

Page = Response | str | tuple[str, int]


def import_units_page() -> Page:
    """Show the form for a file, or read the file and redirect to its preview."""
    form = Filled(values={"kind": request.args.get("kind", Kind.UNITS)})
    if request.method == "GET":
        return _form(form)
    kind = Kind(form.choice("kind", set(Kind)))
    given = request.files.get("file")
    name = PurePath(given.filename or "").name if given is not None else ""
    if given is None or PurePath(name).suffix.lower() not in _ENDINGS:
        form.refuse("file", say("import.no_file"))
        return _form(form), 400
    parts = dependencies()
    octets = given.read()
    with parts.database.write() as connection:
        preview = preview_of(connection, kind, name, octets)
        upload = Upload(
            id=parts.new_id(),
            name=name[-120:],
            octets=octets,
            preview=write(preview),
            facts=b"",
            kind=UploadKind.UNITS,
        )
        dossier_uploads.keep_upload(connection, upload, operator_id=current_session().operator.id, now=parts.now())
    return done(url_for("admin.preview_units", upload_id=upload.id), "done.file_read")


def preview_units(upload_id: int) -> str:
    """Show what an import would do, or did; nothing is written."""
    upload, preview = _find_preview(upload_id)
    return render_template(
        "units/import_preview.html",
        upload=upload,
        preview=preview,
        faults=_say_faults(preview.faults[:SHOWN_FAULTS]),
    )


def unit_import_faults(upload_id: int) -> FlaskResponse:
    """Return every fault of a file, line by line, for the office that made it."""
    _, preview = _find_preview(upload_id)
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow([say("import.line"), say("import.fault")])
    for fault in preview.faults:
        writer.writerow([fault.line or "", harmless(say(fault.message))])  # it quotes the file
    body = written.getvalue().encode("utf-8-sig")
    headers = {"Content-Disposition": 'attachment; filename="faults.csv"'}
    return FlaskResponse(body, content_type="text/csv; charset=utf-8", headers=headers)


def finish_units(upload_id: int) -> Page:
    """Import the good lines of a file, or drop it. Safe to repeat: the second time there is nothing left to import.

    The file is read again, because the rows may have changed since the preview. Lines with faults are left out only
    when the operator says so.
    """
    upload, preview = _find_preview(upload_id)
    here = url_for("admin.preview_units", upload_id=upload_id)
    if "drop" in request.form:
        with dependencies().database.write() as connection:
            dossier_uploads.drop_upload(connection, upload_id)
        return done(url_for("admin.import_units", kind=preview.kind), "done.file_dropped")
    if preview.is_done:
        return done(here, "done.imported_before")
    parts, operator = dependencies(), current_session().operator
    with parts.database.write() as connection:
        kept = dossier_uploads.find_upload(connection, upload_id, operator_id=operator.id, now=parts.now())
        finished = carry_out(connection, preview.kind, upload.name, (kept or abort(409)).octets)
        if not finished.good or (finished.faults and "leave_out" not in request.form):
            abort(409)  # and nothing of this is written
        if not dossier_uploads.finish_upload(connection, upload_id, preview=write(finished)):
            abort(409)
        counts = finished.counts
        detail = f"{preview.kind.value} new={counts.new} changed={counts.changed} same={counts.same}"
        note(connection, Action.UNITS_IMPORTED, "unit", detail)
    return done(here, "done.units_imported", count=finished.good)


def _form(form: Filled) -> str:
    needed = {kind: ", ".join(say(named(one)) for one in columns) for kind, columns in NEEDED.items()}
    return render_template("units/import.html", form=form, kinds=list(Kind), needed=needed)


def _find_preview(upload_id: int) -> tuple[UploadPreview, Preview]:
    parts, operator = dependencies(), current_session().operator
    with parts.database.read() as connection:
        found = dossier_uploads.find_preview(connection, bounded(upload_id), operator_id=operator.id, now=parts.now())
    preview = load(found.preview) if found is not None else None
    return (found, preview) if found is not None and preview is not None else abort(404)


def _say_faults(faults: Sequence[Fault]) -> Sequence[str]:
    return [say(fault.whole) for fault in faults]
