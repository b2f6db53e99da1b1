"""Answers that no text asked for, sent by an operator: a new password, for one. They stand in the log by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.reports.message_log import ANSWER_COLUMNS, AnswerRow, read_answer
from db.reports.message_log_filter import LogFilter
from db.schema import InboundState, OutboundState, outbound
from db.store.address import Address

MOST = 200
"""Of one page; operators send a few a day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnsolicitedMessage:
    """An answer without a text, and whom it went to."""

    answer: AnswerRow
    recipient: Address


def read_lone_answers(
    connection: Connection, wanted: LogFilter, *, since: int | None = None, before: int | None = None
) -> Sequence[UnsolicitedMessage]:
    """Return those of a page of the log, newest first: with ids from `since` on and below `before`, at most `MOST`.

    A filter that asks for something of a text (what it was read as, what came of it, how it came in, a code) fits
    none of them.
    """
    of_a_text = (wanted.outcome, wanted.code, wanted.link)
    if wanted.readings or any(one is not None for one in of_a_text) or isinstance(wanted.state, InboundState):
        return ()
    question = select(*ANSWER_COLUMNS, outbound.c.recipient).where(outbound.c.inbound_id.is_(None))
    if wanted.sender is not None:
        question = question.where(outbound.c.recipient_mark == wanted.sender)
    if isinstance(wanted.state, OutboundState):
        question = question.where(outbound.c.state == wanted.state)
    if wanted.unsure:
        question = question.where(outbound.c.unsure)
    for least in (since, wanted.since):
        question = question if least is None else question.where(outbound.c.id >= least)
    for end in (before, wanted.until):
        question = question if end is None else question.where(outbound.c.id < end)
    rows = connection.execute(question.order_by(outbound.c.id.desc()).limit(MOST))
    return [UnsolicitedMessage(answer=read_answer(row), recipient=Address(row.recipient)) for row in rows]
