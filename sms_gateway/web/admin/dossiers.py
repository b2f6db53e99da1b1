"""Dossiers: search, detail with history, and a change of the state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from db import dossiers as rows
from db.audit import Action
from db.dossier_changes import Change, add_changes, changes_of
from db.dossiers import Dossier, DossierFacts
from db.schema import DossierStatus
from sms_gateway.web.admin.log import read_before
from sms_gateway.web.admin.message import bounded
from sms_gateway.web.admin.noted import note
from sms_gateway.web.admin.session import current_session
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import say
from sms_gateway.web.parts import current_parts

PAGE_SIZE = 50
_LONGEST = {"wanted": 200, "pick_up": 100}

Page = Response | str | tuple[str, int]


def dossiers() -> str:
    """Search by the beginning of a code and by state. A code is no person's: it may stand in an address."""
    begins, wanted = request.args.get("code", "").strip()[:64], request.args.get("status", "")
    if wanted and wanted not in set(DossierStatus):
        abort(404)
    status = DossierStatus(wanted) if wanted else None
    before = read_before()
    with current_parts().database.read() as connection:
        found = rows.search(connection, begins=begins, status=status, before=before, limit=PAGE_SIZE + 1)
        count = rows.count(connection)
    return render_template(
        "dossiers.html",
        dossiers=found[:PAGE_SIZE],
        older=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None,
        count=count,
        begins=begins,
        wanted=wanted,
        statuses=list(DossierStatus),
    )


def dossier(dossier_id: int) -> str:
    """Show one dossier."""
    return _page(dossier_id, fault=None)


def change_dossier(dossier_id: int) -> Page:
    """Take another state and what belongs to it."""
    parts = current_parts()
    facts_or_fault = _read_form(dossier_id)
    if isinstance(facts_or_fault, str):
        return _page(dossier_id, fault=facts_or_fault), 400
    before, facts = facts_or_fault
    name = current_session().operator.name
    with parts.database.write() as connection:
        if not rows.change_dossier(connection, before, facts, now=parts.now()):
            abort(409)
        if before.status is not facts.status:
            change = Change(
                id=parts.new_id(),
                dossier_id=dossier_id,
                at=parts.now(),
                operator=name,
                before=before.status,
                after=facts.status,
            )
            add_changes(connection, [change])
        note(connection, Action.DOSSIER_CHANGED, f"dossier:{dossier_id}", f"{before.status} -> {facts.status}")
    return redirect(url_for("admin.dossier", dossier_id=dossier_id), code=303)


def _read_form(dossier_id: int) -> tuple[Dossier, DossierFacts] | str:
    before = _find(dossier_id)
    status, due = short_field("status"), short_field("due_on")
    if status not in set(DossierStatus):
        abort(400)
    texts = {name: short_field(name) or None for name in _LONGEST}
    if any(len(text or "") > _LONGEST[name] for name, text in texts.items()):
        return say("dossiers.too_long")
    try:
        due_on = date.fromisoformat(due) if due else None
    except ValueError:
        return say("dossiers.no_date")
    facts = replace(
        rows.facts_of(before),
        status=DossierStatus(status),
        due_on=due_on,
        wanted=texts["wanted"],
        pick_up=texts["pick_up"],
    )
    return before, facts


def _find(dossier_id: int) -> Dossier:
    with current_parts().database.read() as connection:
        found = rows.find_by_id(connection, bounded(dossier_id))
    return found if found is not None else abort(404)


def _page(dossier_id: int, *, fault: str | None) -> str:
    found = _find(dossier_id)
    with current_parts().database.read() as connection:
        changes = changes_of(connection, dossier_id)
    return render_template(
        "dossier.html",
        dossier=found,
        secrets=[say(f"dossiers.{name}") for name in _secrets_on_file(found)],
        changes=changes,
        statuses=list(DossierStatus),
        longest=_LONGEST,
        fault=fault,
    )


def _secrets_on_file(found: Dossier) -> Iterator[str]:
    """Name the secrets that open a dossier; what they are is known to nobody here."""
    if found.identity_mark is not None:
        yield "identity"
    if found.password_mark is not None:
        yield "password"
