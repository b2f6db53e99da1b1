"""Why a text has no answer, in words."""

from __future__ import annotations

from db.reports.message_log import TextRow
from db.schema import InboundState
from handlers.answer import Outcome
from sms_gateway.pages.display.reading_names import shown_outcome
from sms_gateway.web.language import say


def why_no_answer(text: TextRow) -> str:
    """Return why there is no answer: it is still to come, or there will be none."""
    match text.state:
        case InboundState.RECEIVED:
            return say("message.no_answer")
        case InboundState.PARKED | InboundState.REDELIVERY | InboundState.DOUBLE_TAP | InboundState.UNANSWERABLE:
            return say(f"no_answer.{text.state}")
        case InboundState.HANDLED if text.outcome == Outcome.THANKED:
            return say("log.no_answer_needed")
        case InboundState.SILENCED | InboundState.HANDLED:
            reason = shown_outcome(text.outcome)
            return say("no_answer.because", reason=reason) if reason else say("no_answer.none")
