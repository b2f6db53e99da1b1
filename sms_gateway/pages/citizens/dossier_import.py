"""Import of a file of dossiers: upload, a preview with column mapping and faults by line, then its good lines."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import PurePath

from flask import Response as FlaskResponse
from flask import abort, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.citizens import dossier_uploads
from db.citizens.dossier_history import Change, add_changes
from db.citizens.dossier_uploads import Upload, UploadPreview
from db.citizens.dossiers import Comparison, DossierFacts, ImportCounts, compare, import_dossiers
from db.processes.statistics import note_import
from db.staff.audit import Action
from sms_gateway.back_office.dossier_file import Fault, Field, Row
from sms_gateway.back_office.dossier_file.stored_faults import unpack_rows
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.citizens.import_preview import (
    Done,
    PhoneCounts,
    Preview,
    is_of_dossiers,
    load,
    read_upload,
    write_done,
)
from sms_gateway.pages.display.paging import bounded
from sms_gateway.pages.display.spreadsheet_cells import harmless
from sms_gateway.pages.session import current_session
from sms_gateway.process.cleanup import ONE_STEP, write_in_steps
from sms_gateway.settings.switches import NOTICES
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import say

MOST_OCTETS = 8 * 1024 * 1024
"""Of one file; import longer files with `sms-gateway dossiers import`."""

SHOWN_FAULTS = 100
_ENDINGS = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".json"})

Page = Response | str | tuple[str, int]


def own_numbers() -> Sequence[str]:
    """Return the telephone numbers that texts to citizens may hold."""
    settings = dependencies().settings
    return (*settings.short_codes, settings.service.hotline)


def import_dossiers_page() -> Page:
    """Show the form for a file, or read the file and redirect to its preview."""
    if request.method == "GET":
        return _form()
    given = request.files.get("file")
    name = PurePath(given.filename or "").name if given is not None else ""
    if given is None or PurePath(name).suffix.lower() not in _ENDINGS:
        return _form(Filled(faults={"file": say("import.no_file")})), 400
    parts = dependencies()
    octets = given.read()
    with parts.database.read() as connection:
        preview, facts = read_upload(connection, name, octets, None, own_numbers(), with_phones=_phones_are_stated())
    upload = Upload(id=parts.new_id(), name=name[-120:], octets=octets, preview=preview, facts=facts)
    with parts.database.write() as connection:
        dossier_uploads.keep_upload(connection, upload, operator_id=current_session().operator.id, now=parts.now())
    return done(url_for("admin.preview_import", upload_id=upload.id), "done.file_read")


def _form(form: Filled | None = None) -> str:
    asks_phones = dependencies().is_on(NOTICES)
    return render_template("citizens/import.html", form=form or Filled(), asks_phones=asks_phones)


def preview_import(upload_id: int) -> str:
    """Show what an import would do, or did; nothing is written, and the file is not read again."""
    upload, preview = _find_preview(upload_id)
    if preview.done is not None:
        return render_template("citizens/import_done.html", done=preview.done, upload=upload)
    return render_template(
        "citizens/import_preview.html",
        upload=upload,
        preview=preview,
        fields=_fields(preview),
        faults=_say_faults(preview.faults[:SHOWN_FAULTS]),
        contacts=_say_faults(preview.contacts[:SHOWN_FAULTS]),
        ignored=[(say(one.message), one.message.key == "import_fault.ignored.text") for one in preview.ignored],
        wrong_phones=_say_faults(preview.wrong_phones[:SHOWN_FAULTS]),
        warns_of_phones=preview.has_unread_phones and dependencies().is_on(NOTICES),
        missing=[one for one in (Field.CODE, Field.STATUS) if one not in preview.columns.values()],
    )


def map_import(upload_id: int) -> Response:
    """Take which column holds which field, and read the file again."""
    _, preview = _find_preview(upload_id)
    count = len(preview.headings or ())
    offered = set(_fields(preview))
    chosen = {place: Field(name) for place in range(count) if (name := short_field(f"column-{place}")) in offered}
    with dependencies().database.read() as connection:
        upload = _find(connection, upload_id)
        written, facts = read_upload(
            connection, upload.name, upload.octets, chosen, own_numbers(), with_phones=preview.phones
        )
    with dependencies().database.write() as connection:
        dossier_uploads.keep_reading(connection, upload.id, preview=written, facts=facts)
    return done(url_for("admin.preview_import", upload_id=upload_id), "done.columns_mapped")


def confirm_import(upload_id: int) -> str:
    """Ask whether citizens may get the links and telephone numbers in a file."""
    upload, preview = _find_preview(upload_id)
    if not preview.contacts:
        abort(404)
    return render_template(
        "citizens/import_contacts.html",
        upload=upload,
        preview=preview,
        contacts=_say_faults(preview.contacts[:SHOWN_FAULTS]),
    )


def import_faults(upload_id: int) -> FlaskResponse:
    """Return every fault of a file, line by line, for the office that made it."""
    _, preview = _find_preview(upload_id)
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow([say("import.line"), say("import.fault")])
    for fault in sorted((*preview.faults, *preview.contacts, *preview.wrong_phones), key=lambda fault: fault.line or 0):
        writer.writerow([fault.line or "", harmless(say(fault.message))])  # it quotes the file
    body = written.getvalue().encode("utf-8-sig")  # with a byte order mark, so that spreadsheets know the encoding
    headers = {"Content-Disposition": 'attachment; filename="faults.csv"'}
    return FlaskResponse(body, content_type="text/csv; charset=utf-8", headers=headers)


def finish_import(upload_id: int) -> Page:
    """Import the good lines of a file, or drop it.

    Lines with faults are left out only when the operator says so. Texts with links or telephone numbers are imported
    only when they are confirmed. Safe to repeat: the second time there is nothing left to import.
    """
    _, preview = _find_preview(upload_id)
    here = url_for("admin.preview_import", upload_id=upload_id)
    if "drop" in request.form:
        with dependencies().database.write() as connection:
            dossier_uploads.drop_upload(connection, upload_id)
        return done(url_for("admin.import_dossiers"), "done.file_dropped")
    if preview.done is not None:
        return done(here, "done.imported_before")
    if not preview.good or (preview.faults and "leave_out" not in request.form):
        abort(409)
    contacts = short_field("contacts")
    if preview.contacts and contacts not in {"send", "leave_out"}:
        return done(url_for("admin.confirm_import", upload_id=upload_id), "done.contacts_asked")
    with dependencies().database.read() as connection:
        packed = _find(connection, upload_id).facts
    rows = unpack_rows(packed)
    kept = [row for row in rows if contacts == "send" or not row.contacts]
    refused = [fault for row in rows if contacts != "send" for fault in row.contact_faults]
    _import(upload_id, kept, preview, left_out=[*preview.faults, *refused])
    return done(here, "done.dossiers_imported", count=len(kept))


def _import(upload_id: int, kept: Sequence[Row], preview: Preview, *, left_out: Sequence[Fault]) -> None:
    """Import in short steps: citizens' texts come in and are answered meanwhile."""
    parts, counts = dependencies(), ImportCounts()
    stated_by = current_session().operator.name if preview.phones else None

    def work(connection: Connection, some: Sequence[DossierFacts]) -> None:
        nonlocal counts
        comparison = compare(connection, some)
        counts += import_dossiers(connection, some, new_id=parts.new_id, now=parts.now(), consents_stated_by=stated_by)
        _note_changes(connection, comparison)

    def finish(connection: Connection) -> None:
        _finish(connection, upload_id, counts, kept=kept, preview=preview, left_out=left_out)

    if len(kept) > ONE_STEP:  # it may be interrupted after some steps
        with parts.database.write() as connection:
            note(connection, Action.DOSSIERS_IMPORTED, "dossier", f"begun: {len(kept)} lines")
    write_in_steps(parts.database, [row.facts for row in kept], work, finish)


def _finish(
    connection: Connection,
    upload_id: int,
    counts: ImportCounts,
    *,
    kept: Sequence[Row],
    preview: Preview,
    left_out: Sequence[Fault],
) -> None:
    note_import(connection, counts.new + counts.changed + counts.same, now=dependencies().now())
    lines, confirmed = len({fault.line for fault in left_out}), sum(bool(row.contacts) for row in kept)
    told, wrong = counts.phones, preview.wrong_phones
    phones = PhoneCounts(subscribed=told.subscribed, withdrew=told.withdrew, wrong=len(wrong))
    done = Done(
        new=counts.new,
        changed=counts.changed,
        same=counts.same,
        left_out=lines,
        phones=phones if preview.phones else None,
    )
    if not dossier_uploads.finish_upload(connection, upload_id, preview=write_done(done, left_out, wrong)):
        abort(409)  # another request imported the same
    detail = f"new={counts.new} changed={counts.changed} same={counts.same}"
    detail += f" consents_stated={told.subscribed}" * preview.phones
    detail += f" left_out={lines}" * bool(lines) + f" links_confirmed={confirmed}" * bool(confirmed)
    note(connection, Action.DOSSIERS_IMPORTED, "dossier", detail)


def _phones_are_stated() -> bool:
    """Return whether the operator stated that the owners of the telephones in a file agreed to notices."""
    return dependencies().is_on(NOTICES) and short_field("phones_agreed") == "yes"


def _fields(preview: Preview) -> Sequence[Field]:
    """Return the fields that a column may hold."""
    return [one for one in Field if preview.phones or one is not Field.PHONE]


def _note_changes(connection: Connection, comparison: Comparison) -> None:
    parts, name = dependencies(), current_session().operator.name
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


def _say_faults(faults: Sequence[Fault]) -> Sequence[str]:
    return [say(fault.whole) for fault in faults]


def _find_preview(upload_id: int) -> tuple[UploadPreview, Preview]:
    parts, operator = dependencies(), current_session().operator
    with parts.database.read() as connection:
        found = dossier_uploads.find_preview(connection, bounded(upload_id), operator_id=operator.id, now=parts.now())
    if found is None or not is_of_dossiers(found.preview):
        abort(404)
    return found, load(found.preview)


def _find(connection: Connection, upload_id: int) -> Upload:
    operator_id, now = current_session().operator.id, dependencies().now()
    found = dossier_uploads.find_upload(connection, bounded(upload_id), operator_id=operator_id, now=now)
    return found if found is not None else abort(409)
