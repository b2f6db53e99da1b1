"""The audit log: who did what, newest first, and whether its chain is whole."""

from __future__ import annotations

from flask import abort, render_template, request

from db.staff import audit as rows
from db.staff.audit import PAGE_SIZE, Action
from sms_gateway.pages.display.paging import read_before
from sms_gateway.pages.staff.audit_display import in_words
from sms_gateway.web.dependencies import dependencies


def audit() -> str:
    """Show a page of the log; `?check=1` checks the whole chain."""
    wanted, name = request.args.get("action", ""), request.args.get("operator", "").strip().casefold()
    if wanted and wanted not in set(Action):
        abort(404)
    before = read_before()
    with dependencies().database.read() as connection:
        entries = rows.read_page(
            connection, before=before, action=Action(wanted) if wanted else None, operator=name, size=PAGE_SIZE
        )
        verdict = rows.verify(connection) if "check" in request.args else None
    return render_template(
        "staff/audit.html",
        lines=[in_words(entry) for entry in entries],
        older=entries[-1].number if len(entries) == PAGE_SIZE else None,
        actions=list(Action),
        wanted=wanted,
        name=name,
        verdict=verdict,
    )
