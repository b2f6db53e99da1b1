"""Dossiers: search, detail with history, and a change of the state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from db.citizens import dossier_search
from db.citizens import dossiers as rows
from db.citizens.dossier_history import Change, add_changes, changes_of
from db.citizens.dossiers import Dossier, DossierFacts
from db.schema import DossierStatus
from db.staff.audit import Action
from sms_gateway.back_office.dossier_file import contacts_in
from sms_gateway.back_office.table_file.cell_texts import clean
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.citizens.dossier_change import ask_change, lead_to_question
from sms_gateway.pages.citizens.dossier_import import own_numbers
from sms_gateway.pages.citizens.notices import notices_of
from sms_gateway.pages.display.paging import bounded, read_before
from sms_gateway.pages.session import current_session
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled, holding
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import local_day, say

PAGE_SIZE = 50
_LONGEST = {"wanted": 200, "fix": 200, "pick_up": 100}

Page = Response | str | tuple[str, int]


def dossiers() -> str:
    """Search by a part of a code and by state. A code is no personal data, so an address may hold it."""
    part, wanted = request.args.get("code", "").strip()[:64], request.args.get("status", "")
    if wanted and wanted not in set(DossierStatus):
        abort(404)
    status = DossierStatus(wanted) if wanted else None
    before = read_before()
    with dependencies().database.read() as connection:
        found = dossier_search.search(connection, part=part, status=status, before=before, limit=PAGE_SIZE)
        count = rows.count(connection)
    form = holding({"code": part})
    if part and not rows.canonical(part):
        form.refuse("code", say("dossiers.no_letters"))
    return render_template(
        "citizens/dossiers.html",
        found=found,
        count=count,
        form=form,
        part=part,
        least=dossier_search.LEAST_PART,
        wanted=wanted,
        statuses=list(DossierStatus),
    )


def dossier(dossier_id: int) -> str:
    """Show one dossier."""
    return _page(_find(dossier_id))


def change_dossier(dossier_id: int) -> Page:
    """Store another state and its facts; the next page first shows what citizens would get.

    Refused when the dossier was changed after its form was shown, so that a newer import is not undone. A text with a
    link or a telephone number needs one more confirmation.
    """
    before = _find(dossier_id)
    if request.method == "GET":
        return ask_change(before)
    if "seen" in request.form and short_field("seen") != before.updated_at.isoformat():
        return _page(before, fault=say("dossiers.meanwhile")), 409
    form = Filled()
    facts = _read_form(before, form)
    if not form.is_sound:
        return _page(before, form=form), 400
    contacts = _new_contacts(before, facts)
    if contacts and short_field("contacts") != "send":
        return _page(before, fault=say("dossiers.contacts"), contacts=contacts, form=form), 400
    if short_field("confirmed") != "yes":
        return lead_to_question(before, facts, contacts=bool(contacts))
    _store(before, facts, confirmed=bool(contacts))
    return done(url_for("admin.dossier", dossier_id=dossier_id), "done.dossier_changed")


def _store(before: Dossier, facts: DossierFacts, *, confirmed: bool) -> None:
    parts = dependencies()
    with parts.database.write() as connection:
        if not rows.change_dossier(connection, before, facts, now=parts.now()):
            abort(409)
        if before.status is not facts.status:
            change = Change(
                id=parts.new_id(),
                dossier_id=before.id,
                at=parts.now(),
                operator=current_session().operator.name,
                before=before.status,
                after=facts.status,
            )
            add_changes(connection, [change])
        detail = f"{before.status} -> {facts.status}" + " links_confirmed=1" * confirmed
        note(connection, Action.DOSSIER_CHANGED, f"dossier:{before.id}", detail)


def _read_form(before: Dossier, form: Filled) -> DossierFacts:
    """Read the form. It shows what is on file, so the operator has emptied a field that comes back empty."""
    held = _held(before)
    status = form.choice("status", set(DossierStatus), held["status"])
    texts = {name: clean(form.text(name, most=most, otherwise=held[name])) or None for name, most in _LONGEST.items()}
    due_on = form.day("due_on", held["due_on"])
    if (
        due_on is not None
        and due_on != before.due_on
        and before.received_on is not None
        and due_on < before.received_on
    ):
        form.refuse("due_on", say("dossiers.due_before"))
    return replace(
        rows.facts_of(before),
        status=DossierStatus(status),
        due_on=due_on,
        wanted=texts["wanted"],
        fix=texts["fix"],
        pick_up=texts["pick_up"],
    )


def _held(one: Dossier) -> Mapping[str, str]:
    return {
        "status": one.status.value,
        "due_on": local_day(one.due_on) if one.due_on else "",
        "wanted": one.wanted or "",
        "fix": one.fix or "",
        "pick_up": one.pick_up or "",
    }


def _new_contacts(before: Dossier, facts: DossierFacts) -> Sequence[str]:
    """Return links and telephone numbers in the changed texts."""
    known = {str(told) for told in contacts_in(rows.facts_of(before), own_numbers())}
    found = contacts_in(facts, own_numbers())
    return [say(contact) for contact in found if str(contact) not in known]


def _find(dossier_id: int) -> Dossier:
    with dependencies().database.read() as connection:
        found = rows.find_by_id(connection, bounded(dossier_id))
    return found if found is not None else abort(404)


def _page(found: Dossier, *, fault: str | None = None, contacts: Sequence[str] = (), form: Filled | None = None) -> str:
    with dependencies().database.read() as connection:
        changes = changes_of(connection, found.id)
        notices = notices_of(connection, found.id)
    return render_template(
        "citizens/dossier.html",
        dossier=found,
        secrets=[say(f"dossiers.{name}") for name in _secrets_on_file(found)],
        changes=changes,
        told=notices,
        statuses=list(DossierStatus),
        longest=_LONGEST,
        fault=fault,
        contacts=contacts,
        form=form or holding(_held(found)),
    )


def _secrets_on_file(found: Dossier) -> Iterator[str]:
    """Name the secrets that open a dossier; nobody here knows their values."""
    if found.identity_mark is not None:
        yield "identity"
    if found.password_mark is not None:
        yield "password"
