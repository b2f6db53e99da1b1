"""T3, delivery: answers are claimed with a lease, sent with no transaction open, and settled by what came back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db import events, outbox, receipts
from db.events import EventKind, NewEvent
from db.message_ids import message_key
from db.outbox import NewOutbound, SentSegment, Settlement
from db.record import record
from db.schema import OutboundState
from sms_gateway.road.ports import Refusal, SegmentRefused, SegmentTaken, SendReport, Submission
from sms_gateway.road.retry import before_sending_again

MAX_UNANSWERED = 3
"""Tries without any response after which an answer is given up: each may have reached the citizen."""

MAX_TAKEN_OVER = 5
"""The same when processes died while sending: a few more, for most deaths come before the send."""

_GRAVITY = (Refusal.PERMANENT, Refusal.UNANSWERED, Refusal.THROTTLED, Refusal.TEMPORARY, Refusal.NOT_SENT)


@record
class InFlight:
    """What the road remembers of an answer while a carrier has it."""

    link: str
    attempts: int
    unanswered: int  # of the earlier tries


@record
class Claimed:
    """An answer to hand to its carrier once the transaction is committed."""

    submission: Submission
    in_flight: InFlight


def claim(connection: Connection, *, link: str, room: int, lease: timedelta, now: datetime) -> list[Claimed]:
    """Claim at most `room` answers for this link."""
    answers = outbox.claim(connection, link=link, now=now, lease_until=now + lease, limit=room)
    taken = outbox.segments_taken(connection, [answer.id for answer in answers if answer.attempts > 1])
    return [
        Claimed(
            submission=Submission(
                outbound_id=answer.id,
                sender=answer.sender,
                recipient=answer.recipient,
                body=answer.body,
                reference=answer.reference,
                expires_at=answer.expires_at,
                already_taken=taken.get(answer.id, frozenset()),
            ),
            in_flight=InFlight(link=link, attempts=answer.attempts, unanswered=answer.unanswered),
        )
        for answer in answers
    ]


def store_and_claim(
    connection: Connection, answers: Sequence[NewOutbound], rooms: Mapping[str, int], *, lease: timedelta, now: datetime
) -> list[Claimed]:
    """Store new answers; those that may go at once are stored as claimed, which spares them a claim of their own.

    `rooms` tells how many answers each link would take now. An answer waits while an earlier one to the same citizen
    is unsettled, and when its link has no room or is another process's.
    """
    ahead = outbox.unsettled_recipients(connection, {answer.recipient for answer in answers})
    left = dict(rooms)
    at_once: list[NewOutbound] = []
    later: list[NewOutbound] = []
    for answer in answers:
        goes = left.get(answer.link, 0) > 0 and answer.recipient not in ahead
        (at_once if goes else later).append(answer)
        ahead.add(answer.recipient)
        if goes:
            left[answer.link] -= 1
    outbox.add(connection, later)
    outbox.add(connection, at_once, claimed_until=now + lease)
    return [_claimed(answer) for answer in at_once]


def _claimed(answer: NewOutbound) -> Claimed:
    submission = Submission(
        outbound_id=answer.id,
        sender=answer.sender,
        recipient=answer.recipient,
        body=answer.body,
        reference=answer.reference,
        expires_at=answer.expires_at,
    )
    return Claimed(submission=submission, in_flight=InFlight(link=answer.link, attempts=1, unanswered=0))


def settle(
    connection: Connection,
    reports: Sequence[SendReport],
    in_flight: Mapping[int, InFlight],
    *,
    new_id: Callable[[], int],
    now: datetime,
) -> None:
    """Write what became of answers; receipts that came before their response are adopted. Safe to repeat."""
    known = [(report, in_flight[report.outbound_id]) for report in reports if report.outbound_id in in_flight]
    settlements = [judge(report, flight, now=now) for report, flight in known]
    segments = [segment for report, flight in known for segment in _segments(report, flight.link)]
    outbox.add_segments(connection, segments)
    outbox.settle(connection, settlements, at=now)
    events.add(
        connection,
        [
            _event(item, report, new_id, now)
            for item, (report, _) in zip(settlements, known, strict=True)
            if item.state is not OutboundState.SENT
        ],
    )
    receipts.adopt(connection, segments, at=now)


def judge(report: SendReport, flight: InFlight, *, now: datetime) -> Settlement:
    """Decide from the segments' fates what becomes of the answer after this try."""
    worst = _worst(report)
    state, not_before = OutboundState.SENT, now
    if worst is not None:
        unanswered_too_often = worst.refusal is Refusal.UNANSWERED and flight.unanswered + 1 >= MAX_UNANSWERED
        if worst.refusal is Refusal.PERMANENT or unanswered_too_often:
            state = OutboundState.FAILED
        else:
            state, not_before = OutboundState.QUEUED, now + before_sending_again(worst.refusal, flight.attempts)
    return Settlement(
        outbound_id=report.outbound_id,
        state=state,
        data_coding=report.data_coding,
        segments=report.total,
        error=worst.error[:64] if worst else None,
        unsure=any(isinstance(p, SegmentRefused) and p.refusal is Refusal.UNANSWERED for p in report.segments),
        not_before=not_before,
    )


def name_outcome(report: SendReport) -> str:
    """Name what came of a try, for metrics: `taken`, or the gravest refusal."""
    worst = _worst(report)
    return "taken" if worst is None else worst.refusal.value


def _worst(report: SendReport) -> SegmentRefused | None:
    refused = [part for part in report.segments if isinstance(part, SegmentRefused)]
    return min(refused, key=lambda part: _GRAVITY.index(part.refusal)) if refused else None


def _segments(report: SendReport, link: str) -> list[SentSegment]:
    return [
        SentSegment(
            outbound_id=report.outbound_id,
            number=part.number,
            link=link,
            message_id=part.message_id,
            message_key=message_key(part.message_id),
            sent_at=report.at,
            submitted_at=part.submitted_at,
        )
        for part in report.segments
        if isinstance(part, SegmentTaken)
    ]


def _event(item: Settlement, report: SendReport, new_id: Callable[[], int], now: datetime) -> NewEvent:
    """Tell of a try that was not taken: when it was written, and the gravest word on it."""
    kind = EventKind.FAILED if item.state is OutboundState.FAILED else EventKind.RETRIED
    if item.unsure and kind is EventKind.RETRIED:
        kind = EventKind.UNSURE
    worst = _worst(report)
    return NewEvent(
        id=new_id(),
        at=now,
        kind=kind,
        outbound_id=item.outbound_id,
        detail=item.error,
        submitted_at=worst.submitted_at if worst else None,
    )
