"""The button that switches the conversation off at once, and on again; citizens get a sentence meanwhile."""

from __future__ import annotations

from flask import request, url_for
from werkzeug.wrappers import Response

from db.staff.audit import Action
from db.staff.service_switches import find_switched_off, switch_off, switch_on
from handlers.conversation.answers.about_service import conversation_off
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.actions.confirmation import Question, ask, sms_of
from sms_gateway.pages.session import current_session
from sms_gateway.settings.switches import CONVERSATION
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import say

Page = Response | str


def switch_conversation() -> Page:
    """Ask, with the sentence that citizens get; then switch the conversation off, or on again. Safe to repeat."""
    parts = dependencies()
    back = url_for("admin.today")
    with parts.database.read() as connection:
        is_off = find_switched_off(connection, CONVERSATION) is not None
    if request.method == "GET":
        return _ask_on(back) if is_off else _ask_off(back)
    with parts.database.write() as connection:
        if is_off:
            changed = switch_on(connection, CONVERSATION)
        else:
            name = current_session().operator.name
            changed = switch_off(connection, CONVERSATION, operator=name, now=parts.now())
        if changed:
            note(connection, Action.CONVERSATION_SWITCHED, detail="on" if is_off else "off")
    return done(back, "done.conversation_on" if is_off else "done.conversation_off")


def _ask_off(back: str) -> str:
    parts = dependencies()
    sentence = conversation_off(parts.service)
    return ask(
        Question(
            title=say("switch.off_title"),
            leads=[say("switch.off_lead"), say("switch.off_agents")],
            button=say("switch.off"),
            back=back,
            sms=sms_of(sentence, say("switch.everybody"), by=None),
        )
    )


def _ask_on(back: str) -> str:
    return ask(
        Question(title=say("switch.on_title"), leads=[say("switch.on_lead")], button=say("switch.on"), back=back)
    )
