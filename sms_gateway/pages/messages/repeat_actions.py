"""What an operator can repeat: run a text again, send an answer again; asked first, and only where it makes sense.

| text | its answers | run again |
|---|---|---|
| waits, is a repetition, or gets no answer | | no: it or its first copy is handled |
| its words were deleted, or say thanks | | no: there is nothing to answer |
| parked | | yes |
| handled | one waits or is being sent | no: it is on its way |
| handled | one was sent or delivered | only a misread text, which may be understood now |
| handled | it said that the conversation is off | yes, while it is on: the text was not filed |
| handled | it said that another service is off | yes, while none is off: the text was not carried out |
| silenced | it came within the hour after such an answer | the same |
| handled | none arrived | yes |

An answer can be sent again when it failed, expired, or has no receipt. It must hold no secret, and its words must be
stored. No later answer to the same text may wait, or be sent or delivered.
"""

from __future__ import annotations

from flask import abort, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.messages import events
from db.messages.resend import find_to_send_again
from db.messages.resend import run_again as run_text_again
from db.reports.message_log import AnswerRow, TextRow, WholeMessage, read_message
from db.schema import InboundState, OutboundState
from db.staff.audit import Action
from handlers.answer import Outcome
from handlers.conversation.effects.outcomes import FilingOutcome
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.actions.confirmation import Question, ask, sms_of
from sms_gateway.pages.display.paging import bounded
from sms_gateway.pages.display.reading_names import shown_reading
from sms_gateway.pages.messages.message_log_filter import MISREAD
from sms_gateway.pages.messages.row_display import in_short, shown_answer, shown_text
from sms_gateway.pages.site.withheld import opened
from sms_gateway.pipeline.dispatch.rulings import Silence
from sms_gateway.pipeline.dispatch.switched_off import OFF_OUTCOMES
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.language import local_time, say

_UNDER_WAY = frozenset({OutboundState.QUEUED, OutboundState.CLAIMED})
_GONE_OUT = frozenset({OutboundState.SENT, OutboundState.DELIVERED})
_NOT_ARRIVED = frozenset({OutboundState.SENT, OutboundState.FAILED, OutboundState.EXPIRED})

Page = Response | str


def may_run_again(text: TextRow, answers: tuple[AnswerRow, ...], *, is_open: bool = False) -> bool:
    """Return whether running a text again makes sense, by the table above; `is_open`: its service is on now."""
    states = {answer.state for answer in answers}
    if text.state is InboundState.PARKED:
        return bool(text.body)  # whatever became of the apology
    if not text.body or states & _UNDER_WAY or text.outcome == Outcome.THANKED:
        return False
    is_misread = (text.reading or "").startswith(MISREAD)
    was_shut = text.outcome in {FilingOutcome.SHUT, *OFF_OUTCOMES} and is_open
    if text.outcome == Silence.SWITCHED_OFF:
        return is_open
    return text.state is InboundState.HANDLED and (is_misread or was_shut or not states & _GONE_OUT)


def may_send_again(answer: AnswerRow, answers: tuple[AnswerRow, ...]) -> bool:
    """Return whether sending an answer again makes sense; `answers` are all of its text."""
    later = {other.state for other in answers if other.id > answer.id}
    is_kept = answer.shown is not None and not answer.is_secret
    return is_kept and answer.state in _NOT_ARRIVED and not later & (_UNDER_WAY | _GONE_OUT)


def run_again(inbound_id: int) -> Page:
    """Ask; then have a text read and carried out once more."""
    parts = dependencies()
    if request.method == "GET":
        with parts.database.read() as connection:
            return _ask_run(opened(connection, _to_run(connection, inbound_id)))
    with parts.database.write() as connection:
        _to_run(connection, inbound_id)
        if not run_text_again(connection, inbound_id):
            abort(409)
        _happened(connection, events.EventKind.RUN_AGAIN, inbound_id)
        note(connection, Action.RUN_AGAIN, f"inbound:{inbound_id}")
    parts.nudge()
    return done(_message(inbound_id), "done.run_again")


def send_again(inbound_id: int, outbound_id: int) -> Page:
    """Ask, with the SMS; then queue an answer once more."""
    parts = dependencies()
    if request.method == "GET":
        with parts.database.read() as connection:
            found, answer = _to_send(connection, inbound_id, outbound_id)
            shown = opened(connection, found)
            return _ask_send(shown, next(one for one in shown.answers if one.id == answer.id))
    now, writer = parts.now(), parts.replies
    with parts.database.write() as connection:
        _to_send(connection, inbound_id, outbound_id)
        before = find_to_send_again(connection, outbound_id)
        if before is None or before.inbound_id != inbound_id:
            abort(409)
        copy = writer.compose(
            link=before.link,
            sender=before.sender,
            recipient=before.recipient,
            body=before.body,
            now=now,
            inbound_id=inbound_id,
        )
        writer.queue(connection, [copy], now=now)
        _happened(connection, events.EventKind.SENT_AGAIN, inbound_id, copy.id)
        note(connection, Action.SENT_AGAIN, f"inbound:{inbound_id}", f"outbound:{outbound_id}")
    return done(_message(inbound_id), "done.sent_again")


def _to_run(connection: Connection, inbound_id: int) -> WholeMessage:
    found = read_message(connection, bounded(inbound_id)) or abort(404)
    return found if may_run_again(found.text, found.answers, is_open=is_on_again(found.text)) else abort(409)


def is_on_again(text: TextRow) -> bool:
    """Return whether the service of a text is on that was refused because it was off."""
    parts = dependencies()
    if text.outcome in {Silence.SWITCHED_OFF, *OFF_OUTCOMES}:
        return not parts.switched_off()
    return parts.conversation is not None and parts.conversation.is_open


def _to_send(connection: Connection, inbound_id: int, outbound_id: int) -> tuple[WholeMessage, AnswerRow]:
    found = read_message(connection, bounded(inbound_id)) or abort(404)
    answer = next((one for one in found.answers if one.id == bounded(outbound_id)), None)
    return (found, answer) if answer is not None and may_send_again(answer, found.answers) else abort(409)


def _ask_run(found: WholeMessage) -> str:
    text = found.text
    leads = [
        say("run_again.text", text=in_short(shown_text(text).body), reading=shown_reading(text.reading)),
        say("run_again.lead", number=dependencies().addresses.mask(text.sender)),
    ]
    if any(answer.state in _GONE_OUT for answer in found.answers):
        leads.append(say("run_again.twice"))
    return ask(
        Question(title=say("run_again.title"), leads=leads, button=say("message.run_again"), back=_message(text.id))
    )


def _ask_send(found: WholeMessage, answer: AnswerRow) -> str:
    text = found.text
    leads = [say(f"send_again.{answer.state}")]
    if answer.sent_at is not None:
        leads.append(say("send_again.was_sent", time=local_time(answer.sent_at)))
    return ask(
        Question(
            title=say("send_again.title"),
            leads=leads,
            button=say("message.send_again"),
            back=_message(text.id),
            sms=sms_of(shown_answer(text, answer), dependencies().addresses.mask(text.sender), by=answer.link),
        )
    )


def _happened(connection: Connection, kind: events.EventKind, inbound_id: int, outbound_id: int | None = None) -> None:
    parts = dependencies()
    happened = events.NewEvent(
        id=parts.new_id(), at=parts.now(), kind=kind, inbound_id=inbound_id, outbound_id=outbound_id
    )
    events.add(connection, [happened])


def _message(inbound_id: int) -> str:
    return url_for("admin.message", inbound_id=inbound_id)
