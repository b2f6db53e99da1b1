"""The question before a dossier is changed: the change, and the answer that citizens would get."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from flask import abort, request, url_for
from werkzeug.wrappers import Response

from db.citizens.dossiers import Dossier, DossierFacts
from db.notices.changes import KINDS, Changed, is_told
from db.notices.listing import count_followers
from db.schema import DossierStatus
from handlers.commands.status_lookup import tell_status
from handlers.conversation.answers.dossier_notices import notice
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.confirmation import Question, Sms, ask, sms_of
from sms_gateway.settings.switches import NOTICES
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.forms import open_value, seal_value
from sms_gateway.web.language import local_day, say

_SEALED = "web.dossier_change"
_NONE = "\N{EN DASH}"


def lead_to_question(before: Dossier, facts: DossierFacts, *, contacts: bool) -> Response:
    """Redirect to the question; the values are valid, and the address holds them encrypted."""
    form = {
        "status": facts.status.value,
        "due_on": facts.due_on.isoformat() if facts.due_on else "",
        "wanted": facts.wanted or "",
        "fix": facts.fix or "",
        "pick_up": facts.pick_up or "",
        "contacts": "send" if contacts else "",
        "seen": before.updated_at.isoformat(),
    }
    carried = json.dumps(form)
    address = url_for("admin.change_dossier", dossier_id=before.id, form=seal_value(carried, _SEALED))
    return done(address, "done.dossier_asked")


def ask_change(before: Dossier) -> str:
    """Show the question of the address."""
    carried = open_value(request.args.get("form", ""), _SEALED) or abort(404)
    typed: dict[str, str] = json.loads(carried)
    after = replace(
        before,
        status=DossierStatus(typed["status"]),
        due_on=date.fromisoformat(typed["due_on"]) if typed["due_on"] else None,
        wanted=typed["wanted"] or None,
        fix=typed["fix"] or None,
        pick_up=typed["pick_up"] or None,
    )
    return ask(
        Question(
            title=say("dossiers.ask_title", code=before.code),
            leads=list(_differences(before, after)) or [say("dossiers.ask_same")],
            button=say("dossiers.save"),
            back=url_for("admin.dossier", dossier_id=before.id),
            sms=sms_of(tell_status(after, dependencies().service), say("dossiers.ask_to"), by=None),
            others=list(_notices(before, after)),
            fields={**typed, "confirmed": "yes"},
        )
    )


def _notices(before: Dossier, after: Dossier) -> Iterator[Sms]:
    """Return the notice that those who follow the dossier get; none while nobody does, or notices are off."""
    parts = dependencies()
    kind = KINDS.get(after.status)
    if not parts.is_on(NOTICES) or kind is None or not is_told(Changed(before.code, before, after)):
        return
    with parts.database.read() as connection:
        followers = count_followers(connection, before.id)
    if followers:
        told = notice(kind, after.code, after, parts.service)
        yield sms_of(told, say("dossiers.notice_to", count=followers), by=None)


def _differences(before: Dossier, after: Dossier) -> Iterator[str]:
    for name, old, new in (
        ("status", say(f"dossier.{before.status}"), say(f"dossier.{after.status}")),
        ("due_on", local_day(before.due_on), local_day(after.due_on)),
        ("wanted", before.wanted or "", after.wanted or ""),
        ("fix", before.fix or "", after.fix or ""),
        ("pick_up", before.pick_up or "", after.pick_up or ""),
    ):
        if old != new:
            yield f"{say(f'dossiers.{name}')}: {old or _NONE} → {new or _NONE}"
