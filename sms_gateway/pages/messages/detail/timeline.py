"""The timeline of one message: everything that has a time, from the octets to the receipts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from db.reports.message_log import AnswerRow, WholeMessage
from sms_gateway.pages.display.reading_names import shown_outcome, shown_reading
from sms_gateway.web.language import say, say_or


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """One point of the timeline, in words."""

    at: datetime
    title: str
    detail: str


def timeline(whole: WholeMessage) -> Sequence[Moment]:
    """Sort everything that has a time; events of the same moment stay in the order of the pipeline."""
    return sorted(_moments(whole), key=lambda moment: moment.at)


def _moments(whole: WholeMessage) -> Iterator[Moment]:
    text = whole.text
    yield Moment(at=text.received_at, title=say("moment.received"), detail=text.link)
    for happened in whole.events:
        if happened.submitted_at is not None:
            yield Moment(at=happened.submitted_at, title=say("moment.submitted"), detail="submit_sm")
        yield Moment(
            at=happened.at, title=say_or(f"event.{happened.kind}", happened.kind), detail=happened.detail or ""
        )
    if whole.handled_at is not None:
        detail = " → ".join(part for part in (shown_reading(text.reading), shown_outcome(text.outcome)) if part)
        yield Moment(at=whole.handled_at, title=say("moment.handled"), detail=detail)
    for answer in whole.answers:
        yield from _answer_moments(answer)


def _answer_moments(answer: AnswerRow) -> Iterator[Moment]:
    yield Moment(at=answer.created_at, title=say("moment.answered"), detail=answer.link)
    for part in answer.taken:
        number = say("moment.segment", number=part.number, total=answer.segments or part.number)
        if part.submitted_at is not None:
            yield Moment(at=part.submitted_at, title=say("moment.submitted"), detail=f"{number} · submit_sm")
        yield Moment(at=part.sent_at, title=say("moment.sent"), detail=f"{number} · {part.message_id}")
        if part.receipt is not None and part.receipt_at is not None:
            words = " · ".join(one for one in (number, say(f"receipt.{part.receipt}"), part.receipt_error) if one)
            yield Moment(at=part.receipt_at, title=say("moment.receipt"), detail=words)
    if answer.sent_at is not None and not answer.taken:
        yield Moment(at=answer.sent_at, title=say("moment.sent"), detail=answer.link)
    if answer.settled_at is not None:
        yield Moment(at=answer.settled_at, title=say(f"state.{answer.state}"), detail=answer.error or "")
