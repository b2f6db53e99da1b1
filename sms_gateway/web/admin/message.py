"""One message, whole: the text with its octets, how it was read, each answer with its segments, and all in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import abort, render_template

from db.message_log import AnswerRow, WholeMessage, read_message
from sms_gateway.web.admin.log import MAX_KEY
from sms_gateway.web.admin.shown import keeps_codes, shown_answer, shown_outcome, shown_state, shown_text
from sms_gateway.web.language import say, say_or
from sms_gateway.web.masking import mask_octets
from sms_gateway.web.parts import current_parts

OCTETS_A_LINE = 16

ENCODINGS = {0: "GSM 03.38", 1: "ASCII", 3: "Latin-1", 4: "binary", 8: "UCS-2"}
"""Data codings by name (SMPP 3.4 §5.2.19); 0 is the carrier's default, here GSM 03.38."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """One point of the timeline, in words."""

    at: datetime
    title: str
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownAnswer:
    """An answer and its text as operators see it."""

    row: AnswerRow
    text: str
    encoding: str


def message(inbound_id: int) -> str:
    """Show everything that happened to one text."""
    parts = current_parts()
    if inbound_id > MAX_KEY:
        abort(404)
    with parts.database.read() as connection:
        whole = read_message(connection, inbound_id)
    if whole is None:
        abort(404)
    hidden = mask_octets(whole.octets, data_coding=whole.data_coding, keeps_codes=keeps_codes(whole.text))
    return render_template(
        "message.html",
        whole=whole,
        text=shown_text(whole.text),
        state=shown_state(whole.text, whole.answers),
        outcome=shown_outcome(whole.text.outcome),
        by_http=whole.text.link in parts.settings.channels,
        encoding=encoding_name(whole.data_coding),
        octets=[hidden[start : start + OCTETS_A_LINE] for start in range(0, len(hidden), OCTETS_A_LINE)],
        answers=[_shown(whole, answer) for answer in whole.answers],
        moments=timeline(whole),
    )


def encoding_name(data_coding: int | None) -> str:
    """Name a data coding."""
    if data_coding is None:
        return ""
    return ENCODINGS.get(data_coding, f"0x{data_coding:02x}")


def timeline(whole: WholeMessage) -> Sequence[Moment]:
    """Put everything that has a time into its order; what happened at one moment stays in the order of the road."""
    return sorted(_moments(whole), key=lambda moment: moment.at)


def _shown(whole: WholeMessage, answer: AnswerRow) -> ShownAnswer:
    return ShownAnswer(row=answer, text=shown_answer(whole.text, answer), encoding=encoding_name(answer.data_coding))


def _moments(whole: WholeMessage) -> Iterator[Moment]:
    text = whole.text
    yield Moment(at=text.received_at, title=say("moment.received"), detail=text.link)
    for happened in whole.events:
        yield Moment(
            at=happened.at, title=say_or(f"event.{happened.kind}", happened.kind), detail=happened.detail or ""
        )
    if whole.handled_at is not None:
        detail = " → ".join(part for part in (shown_text(text).reading, shown_outcome(text.outcome)) if part)
        yield Moment(at=whole.handled_at, title=say("moment.handled"), detail=detail)
    for answer in whole.answers:
        yield from _answer_moments(answer)


def _answer_moments(answer: AnswerRow) -> Iterator[Moment]:
    yield Moment(at=answer.created_at, title=say("moment.answered"), detail=answer.link)
    for part in answer.taken:
        number = say("moment.segment", number=part.number, total=answer.segments or part.number)
        yield Moment(at=part.sent_at, title=say("moment.sent"), detail=f"{number} · {part.message_id}")
        if part.receipt is not None and part.receipt_at is not None:
            words = " · ".join(one for one in (number, say(f"receipt.{part.receipt}"), part.receipt_error) if one)
            yield Moment(at=part.receipt_at, title=say("moment.receipt"), detail=words)
    if answer.sent_at is not None and not answer.taken:
        yield Moment(at=answer.sent_at, title=say("moment.sent"), detail=answer.link)
    if answer.settled_at is not None:
        yield Moment(at=answer.settled_at, title=say(f"state.{answer.state}"), detail=answer.error or "")
