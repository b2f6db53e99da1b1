"""A text whose handling failed: it is tried again later, and at last parked for an operator and answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from db.messages import answers_of_text, events, inbox
from db.messages.inbox import Handled, WaitingText
from db.schema import InboundState
from handlers import apologise
from sms_gateway.pipeline.dispatch.handling import DispatchContext, compose
from sms_gateway.pipeline.retry import before_handling_again


def fail(
    connection: Connection, text: WaitingText, desk: DispatchContext, *, error: str, now: datetime
) -> InboundState:
    """Count a failed handling: try again later, or after the last try park the text and answer with an apology.

    `error` names the exception's type and place, never its message, which may hold personal data.
    """
    if not inbox.still_held(connection, [text]):
        return InboundState.RECEIVED
    attempts = max(1, text.attempts)
    if attempts >= desk.max_attempts:
        park(connection, text, desk, error=error, now=now)
        return InboundState.PARKED
    inbox.put_back(connection, [text.id], retry_at=now + before_handling_again(attempts))
    _note(connection, text, events.EventKind.HANDLING_FAILED, desk, error=error, now=now)
    return InboundState.RECEIVED


def park(connection: Connection, text: WaitingText, desk: DispatchContext, *, error: str, now: datetime) -> None:
    """Park a text of ours for an operator and answer it with an apology; `error` as in `fail`."""
    if not answers_of_text.has_answer(connection, text.id):  # run again and failed again: one apology is enough
        answer = compose(text, apologise(desk.facts_for(text)), desk.replies, now)
        desk.replies.queue(connection, [answer], now=now)
    state = Handled(id=text.id, state=InboundState.PARKED, reading=None, outcome=None)
    inbox.finish(connection, [state], at=now)
    _note(connection, text, events.EventKind.PARKED, desk, error=error, now=now)


def _note(
    connection: Connection,
    text: WaitingText,
    kind: events.EventKind,
    desk: DispatchContext,
    *,
    error: str,
    now: datetime,
) -> None:
    happened = events.NewEvent(id=desk.new_id(), at=now, kind=kind, inbound_id=text.id, detail=error[:200])
    events.add(connection, [happened])
