"""Canned answers: texts that agents begin from; of everybody, of a unit, or one's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from flask import abort, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.staff.audit import Action
from db.tickets.whole_ticket import Ticket
from db.units.canned_answers import (
    CannedAnswer,
    add_canned_answer,
    canned_answers_for,
    change_canned_answer,
    remove_canned_answer,
)
from db.units.unit_rows import UnitRow
from handlers.wording.fit import cheaper
from handlers.wording.plain import plain
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.display.paging import bounded
from sms_gateway.pages.tickets.scope import Sight, sight
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled, holding
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import say

MOST_TITLE = 80
MOST_BODY = 600
"""More than three segments of GSM: what does not fit is refused when it is sent."""

EVERYBODY, OWN, OF_UNIT = "everybody", "own", "unit"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

SAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "number": "YC482173051",
        "unit": "UBND phuong Hai Chau",
        "unit_phone": "0236 3822222",
        "unit_address": "76 Quang Trung",
        "due": "30/11",
        "hotline": "1022",
        "short_code": "8188",
    }
)
"""The fields of a canned answer, with samples for its preview."""

Page = Response | str | tuple[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownAnswer:
    """A canned answer as the page shows it."""

    answer: CannedAnswer
    whose: str
    preview: str
    segments: int
    can_change: bool
    form: Filled


def canned_answers() -> str:
    """List the answers that the operator may use, with their previews."""
    return _page()


def add_canned() -> Page:
    """Add an answer, or show its preview."""
    form = Filled()
    with dependencies().database.read() as connection:
        new = _read(form, sight(connection))
    if "preview" in request.form:
        return _page(form)
    if new is None:
        return _page(form), 400
    with dependencies().database.write() as connection:
        add_canned_answer(connection, new)
        note(connection, Action.CANNED_ANSWER_CHANGED, f"canned:{new.id}", "ticket canned_added")
    return done(url_for("admin.canned_answers"), "done.canned_added")


def change_canned(answer_id: int) -> Page:
    """Change or delete an answer."""
    form = Filled()
    with dependencies().database.read() as connection:
        before = _find(connection, sight(connection), answer_id)
    if short_field("action") == "remove":
        return _remove(before)
    checked = _checked(form)
    if checked is None:
        return _page(refused=(before.id, form)), 400
    title, body = checked
    with dependencies().database.write() as connection:
        after = replace(before, title=title, body=body, changed_at=dependencies().now())
        if not change_canned_answer(connection, after):
            abort(409)
        note(connection, Action.CANNED_ANSWER_CHANGED, f"canned:{before.id}", "ticket canned_changed")
    return done(url_for("admin.canned_answers"), "done.canned_changed")


def _remove(answer: CannedAnswer) -> Response:
    with dependencies().database.write() as connection:
        if remove_canned_answer(connection, answer.id):
            note(connection, Action.CANNED_ANSWER_CHANGED, f"canned:{answer.id}", "ticket canned_removed")
    return done(url_for("admin.canned_answers"), "done.canned_removed")


def canned_for(connection: Connection, seen: Sight, language: str) -> Sequence[CannedAnswer]:
    """Return the answers that the operator of this request may use in a language."""
    units = (
        [one.id for one in seen.units] if seen.scope.units is not None else [one.unit_id for one in seen.memberships]
    )
    return canned_answers_for(connection, operator_id=seen.operator.id, unit_ids=units, language=language)


def filled_in(answer: CannedAnswer, found: Ticket, unit: UnitRow | None) -> str:
    """Return an answer for a ticket, with its fields filled in; a field without a value stays as it is."""
    service = dependencies().service
    values = {
        "number": found.number,
        "unit": "" if unit is None else unit.sms_name or plain(unit.name),
        "unit_phone": "" if unit is None else unit.phone or "",
        "unit_address": "" if unit is None else plain(unit.address or ""),
        "due": f"{found.promised_at.astimezone(LOCAL_ZONE):%d/%m}",
        "hotline": service.hotline,
        "short_code": found.short_code,
    }
    return _PLACEHOLDER.sub(lambda field: values.get(field[1]) or field[0], answer.body)


def _find(connection: Connection, seen: Sight, answer_id: int) -> CannedAnswer:
    """Return an answer that the operator may change; raise 404 for any other."""
    every = [one for language in _languages() for one in canned_for(connection, seen, language)]
    found = next((one for one in every if one.id == bounded(answer_id)), None)
    return found if found is not None and _may_change(found, seen) else abort(404)


def _may_change(answer: CannedAnswer, seen: Sight) -> bool:
    if answer.operator_id is not None:
        return answer.operator_id == seen.operator.id
    return seen.leads(answer.unit_id) if answer.unit_id is not None else seen.scope.units is None


def _languages() -> Sequence[str]:
    return list(dependencies().catalogues)


def _read(form: Filled, seen: Sight) -> CannedAnswer | None:
    parts = dependencies()
    language = form.choice("language", _languages(), parts.service.wording.language)
    whose = form.choice("whose", [value for value, _ in _owners(seen)], OWN)
    checked = _checked(form)
    if checked is None:
        return None
    kind, _, unit_id = whose.partition(":")
    title, body = checked
    return CannedAnswer(
        id=parts.new_id(),
        language=language,
        title=title,
        body=body,
        changed_at=parts.now(),
        unit_id=int(unit_id) if kind == OF_UNIT else None,
        operator_id=seen.operator.id if kind == OWN else None,
    )


def _checked(form: Filled) -> tuple[str, str] | None:
    title, body = form.text("title", most=MOST_TITLE), _body(form)
    if not title:
        form.refuse("title", say("canned.title_wanted"))
    if not body:
        form.refuse("body", say("canned.body_wanted"))
    unknown = sorted({name for name in _PLACEHOLDER.findall(body) if name not in SAMPLES})
    if unknown:
        form.refuse("body", say("canned.unknown_field", field=f"{{{unknown[0]}}}"))
    return (title, body) if form.is_sound else None


def _body(form: Filled) -> str:
    """Read the text: line ends become blanks, since an SMS of a canned answer is one paragraph."""
    body = " ".join(request.form.get("body", "")[: MOST_BODY * 2].split())
    form.values["body"] = body
    if len(body) > MOST_BODY:
        form.refuse("body", say("form.too_long", most=MOST_BODY, count=len(body)))
    return body


def _owners(seen: Sight) -> Sequence[tuple[str, str]]:
    """Return whose answers the operator may add: the values of the choice with their words."""
    led = [one for one in seen.units if one.id in seen.scope.led or seen.scope.units is None]
    return [
        (OWN, say("canned.own")),
        *((f"{OF_UNIT}:{one.id}", one.name) for one in led if not one.disabled),
        *([(EVERYBODY, say("canned.everybody"))] if seen.scope.units is None else []),
    ]


def preview_of(body: str) -> str:
    """Return a text with samples in its fields, as it would be sent."""
    shown = _PLACEHOLDER.sub(lambda field: SAMPLES.get(field[1], field[0]), body)
    return cheaper(shown, dependencies().traits.others.segments_of)


def _page(form: Filled | None = None, *, refused: tuple[int, Filled] | None = None) -> str:
    parts = dependencies()
    with parts.database.read() as connection:
        seen = sight(connection)
        found = [one for language in _languages() for one in canned_for(connection, seen, language)]
    names = seen.names()
    new = form or holding({"language": parts.service.wording.language, "whose": OWN})
    sample = preview_of(new.value("body")) if new.value("body") else ""
    return render_template(
        "tickets/canned.html",
        answers=[_shown(one, seen, names, refused) for one in found],
        form=new,
        sample=sample,
        sample_segments=parts.traits.others.segments_of(sample) if sample else 0,
        owners=_owners(seen),
        languages=[(code, catalogue.name) for code, catalogue in parts.catalogues.items()],
        fields=list(SAMPLES),
    )


def _shown(
    answer: CannedAnswer, seen: Sight, names: Mapping[int, str], refused: tuple[int, Filled] | None
) -> ShownAnswer:
    shown = preview_of(answer.body)
    whose = say("canned.own") if answer.operator_id is not None else say("canned.everybody")
    form = refused[1] if refused is not None and refused[0] == answer.id else None
    return ShownAnswer(
        answer=answer,
        whose=whose if answer.unit_id is None else names.get(answer.unit_id, ""),
        preview=shown,
        segments=dependencies().traits.others.segments_of(shown),
        can_change=_may_change(answer, seen),
        form=form or holding({"title": answer.title, "body": answer.body}),
    )
