"""The services of citizens: which are on, and the switch of each with the sentence that citizens get meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from db.staff.audit import Action
from db.staff.service_switches import SwitchedOff, list_switched_off, switch_off, switch_on
from handlers.conversation.answers.about_service import conversation_off
from handlers.notices import off_sentence
from handlers.wording.fit import SEGMENT
from handlers.wording.plain import plain
from parsers.commands.tables import PREFIX
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.actions.confirmation import Question, ask
from sms_gateway.pages.display.reading_names import shown_service
from sms_gateway.pages.session import current_session
from sms_gateway.pipeline.dispatch.switched_off import switches_of, wrong_with
from sms_gateway.settings.switches import CONVERSATION
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled, holding
from sms_gateway.web.language import say

LONGEST_TYPED = 2 * SEGMENT
"""Of the sentence's field: a sentence that is too long is shown with its fault."""

Page = Response | str | tuple[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """A service as the page lists it."""

    name: str
    title: str
    keyword: str
    sentence: str
    """What citizens get while it is off."""
    off: SwitchedOff | None


def services() -> str:
    """List the services that are on by the settings, and what is switched off although it is in use no more."""
    with dependencies().database.read() as connection:
        off = list_switched_off(connection)
    return render_template(
        "service/services.html", services=[_service(name, off.get(name)) for name in [*_switches(), *_unused(off)]]
    )


def switch_service(name: str) -> Page:
    """Ask, with the sentence that citizens get; then switch a service off, or on again. Safe to repeat."""
    with dependencies().database.read() as connection:
        off = list_switched_off(connection).get(name)
    if name not in _switches() and (off is None or _is_switching_off()):
        abort(404)
    if request.method == "GET":
        return _ask_on(_service(name, off)) if off is not None else _ask_off(name, holding({"sentence": _usual(name)}))
    return _switch_off(name) if _is_switching_off() else _switch_on(name)


def _is_switching_off() -> bool:
    return request.method == "POST" and request.form.get("to") != "on"


def _switch_on(name: str) -> Response:
    with dependencies().database.write() as connection:
        if switch_on(connection, name):
            note(connection, Action.SERVICE_SWITCHED, f"service:{name}", "on")
    dependencies().renew_switches()
    return done(url_for("admin.services"), "done.service_on", service=shown_service(name))


def _switch_off(name: str) -> Page:
    parts, form = dependencies(), Filled()
    words = form.text("sentence", most=LONGEST_TYPED)
    wrong, sentence = wrong_with(words), plain(words)
    if wrong is not None:
        form.refuse("sentence", say(wrong))
    if not form.is_sound:
        return _ask_off(name, form), 400
    stored = "" if sentence == _usual(name) else sentence  # that of the wording goes out in each language
    operator = current_session().operator.name
    with parts.database.write() as connection:
        if switch_off(connection, name, operator=operator, now=parts.now(), sentence=stored):
            note(connection, Action.SERVICE_SWITCHED, f"service:{name}", f"off: {sentence}")
    parts.renew_switches()
    return done(url_for("admin.services"), "done.service_off", service=shown_service(name))


def _ask_off(name: str, form: Filled) -> str:
    leads = [say("switch.off_lead"), say(f"switch.lead_{'table' if name.startswith(PREFIX) else name}")]
    return render_template(
        "service/switch_off.html", title=say("switch.off_title", service=shown_service(name)), leads=leads, form=form
    )


def _ask_on(service: Service) -> str:
    return ask(
        Question(
            title=say("switch.on_title", service=service.title),
            leads=[say("switch.on_lead")],
            button=say("switch.on"),
            back=url_for("admin.services"),
            fields={"to": "on"},
        )
    )


def _service(name: str, off: SwitchedOff | None) -> Service:
    return Service(
        name=name,
        title=shown_service(name),
        keyword=_switches().get(name, ""),
        sentence=(off.sentence if off is not None else "") or (_usual(name) if name in _switches() else ""),
        off=off,
    )


def _usual(name: str) -> str:
    """Return the sentence of the wording for a service."""
    service = dependencies().service
    return conversation_off(service) if name == CONVERSATION else off_sentence(_switches()[name], service)


def _unused(off: Mapping[str, SwitchedOff]) -> list[str]:
    """Return what is off and has no service now: a table that was taken out of use, which may come back."""
    return [name for name in off if name not in _switches()]


def _switches() -> Mapping[str, str]:
    parts = dependencies()
    return switches_of(parts.handlers, parts.service.keywords, converses=parts.is_on(CONVERSATION))
