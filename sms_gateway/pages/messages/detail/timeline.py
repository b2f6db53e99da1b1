"""The timeline of one message: everything that has a time, from the octets to the receipts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from db.reports.message_log import AnswerRow, EventRow, WholeMessage
from sms_gateway.pages.display.reading_names import shown_outcome, shown_reading
from sms_gateway.pages.display.refusal_names import shown_refusal
from sms_gateway.pages.display.ways_out import WayOf, WayOut
from sms_gateway.web.language import say, say_or


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """One point of the timeline, in words."""

    at: datetime
    title: str
    detail: str


def timeline(whole: WholeMessage, way_of: WayOf) -> Sequence[Moment]:
    """Sort everything that has a time; events of the same moment stay in the order of the pipeline."""
    return sorted(_moments(whole, way_of), key=lambda moment: moment.at)


def _moments(whole: WholeMessage, way_of: WayOf) -> Iterator[Moment]:
    text = whole.text
    ways = {answer.id: way_of(answer.link) for answer in whole.answers}
    yield Moment(at=text.received_at, title=say("moment.received"), detail=text.link)
    for happened in whole.events:
        yield from _event_moments(happened, ways.get(happened.outbound_id or 0, WayOut.SMPP))
    if whole.handled_at is not None:
        detail = _joined(shown_reading(text.reading), shown_outcome(text.outcome), by=" → ")
        yield Moment(at=whole.handled_at, title=say("moment.handled"), detail=detail)
    for answer in whole.answers:
        yield from _answer_moments(answer, ways[answer.id])


def _event_moments(happened: EventRow, way: WayOut) -> Iterator[Moment]:
    if happened.submitted_at is not None:
        yield Moment(at=happened.submitted_at, title=_title("submitted", way), detail=_try(way))
    title = say_or(f"event.{happened.kind}", happened.kind)
    yield Moment(at=happened.at, title=title, detail=shown_refusal(happened.detail or ""))


def _answer_moments(answer: AnswerRow, way: WayOut) -> Iterator[Moment]:
    yield Moment(at=answer.created_at, title=say("moment.answered"), detail=answer.link)
    for part in answer.taken:
        total = answer.segments or part.number
        # One id is the provider's id of the whole answer; how many segments its carrier made of it is not known here.
        number = "" if way.is_http and total == 1 else say("moment.segment", number=part.number, total=total)
        if part.submitted_at is not None:
            detail = _joined(number, _try(way))
            yield Moment(at=part.submitted_at, title=_title("submitted", way), detail=detail)
        yield Moment(at=part.sent_at, title=_title("sent", way), detail=_joined(number, part.message_id))
        if part.receipt is not None and part.receipt_at is not None:
            words = _joined(number, say(f"receipt.{part.receipt}"), part.receipt_error)
            yield Moment(at=part.receipt_at, title=_title("receipt", way), detail=words)
    if answer.sent_at is not None and not answer.taken:
        yield Moment(at=answer.sent_at, title=_title("sent", way), detail=answer.link)
    if answer.settled_at is not None:
        detail = shown_refusal(answer.error or "")
        yield Moment(at=answer.settled_at, title=say(f"state.{answer.state}"), detail=detail)


def _title(moment: str, way: WayOut) -> str:
    return say(f"moment.{moment}_http" if way.is_http else f"moment.{moment}")


def _try(way: WayOut) -> str:
    return say("moment.request") if way.is_http else way.value


def _joined(*words: str | None, by: str = " · ") -> str:
    return by.join(one for one in words if one)
