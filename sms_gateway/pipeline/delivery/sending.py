"""T3, delivery: answers are claimed with a lease, sent with no transaction open, and settled by the responses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db.messages import events, late_outcomes, outbox, receipts
from db.messages.events import EventKind, NewEvent
from db.messages.message_ids import message_key
from db.messages.outbox import NewOutbound, SentSegment, Settlement
from db.schema import OutboundState
from db.store.record import record
from sms_gateway.pipeline import replies
from sms_gateway.pipeline.ports import NO_RESPONSE, TAKEN, Refusal, SegmentRefused, SegmentTaken, SendReport, Submission
from sms_gateway.pipeline.retry import before_sending_again

MAX_UNANSWERED = 3
"""Tries without any response after which an answer fails: each may have reached the citizen."""

MAX_TAKEN_OVER = 5
"""The same when processes died while sending: a few more, since most deaths come before the send."""

_GRAVITY = (Refusal.PERMANENT, Refusal.UNANSWERED, Refusal.THROTTLED, Refusal.TEMPORARY, Refusal.NOT_SENT)


@record
class InFlight:
    """What the pipeline remembers of an answer while a carrier has it."""

    link: str
    attempts: int
    unanswered: int  # of the earlier tries
    provider: str | None = None  # that sends an answer once, however often it comes with our id


@record
class Claimed:
    """An answer to hand to its carrier once the transaction is committed."""

    submission: Submission
    in_flight: InFlight


def claim(
    connection: Connection, *, link: str, room: int, lease: timedelta, now: datetime, provider: str | None = None
) -> list[Claimed]:
    """Claim at most `room` answers for this link; `provider` as in InFlight."""
    answers = outbox.claim(connection, link=link, now=now, lease_until=now + lease, limit=room, provider=provider)
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
            in_flight=InFlight(link=link, attempts=answer.attempts, unanswered=answer.unanswered, provider=provider),
        )
        for answer in answers
    ]


def store_and_claim(
    connection: Connection,
    answers: Sequence[NewOutbound],
    rooms: Mapping[str, int],
    *,
    lease: timedelta,
    now: datetime,
    providers: Mapping[str, str],
) -> list[Claimed]:
    """Store new answers; those that may be sent at once are stored as claimed, which saves a claim of their own.

    `rooms` has the number of answers that each link would take now. An answer waits while an earlier one to the same
    citizen is unsettled, and when its link has no room or belongs to another process. `providers` has those that know
    an answer by our id, by link.
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
    replies.store(connection, later, wakes=any(answer.link not in rooms for answer in later))
    replies.store(connection, at_once, claimed_until=now + lease)
    for link in providers.keys() & {answer.link for answer in at_once}:
        outbox.note_provider(connection, [one.id for one in at_once if one.link == link], providers[link])
    return [_claimed(answer, providers.get(answer.link)) for answer in at_once]


def _claimed(answer: NewOutbound, provider: str | None) -> Claimed:
    submission = Submission(
        outbound_id=answer.id,
        sender=answer.sender,
        recipient=answer.recipient,
        body=answer.body,
        reference=answer.reference,
        expires_at=answer.expires_at,
    )
    in_flight = InFlight(link=answer.link, attempts=1, unanswered=0, provider=provider)
    return Claimed(submission=submission, in_flight=in_flight)


def settle(
    connection: Connection,
    reports: Sequence[SendReport],
    in_flight: Mapping[int, InFlight],
    *,
    new_id: Callable[[], int],
    now: datetime,
) -> Sequence[SentSegment]:
    """Store the results of answers; return the segments that were taken. Safe to repeat.

    Receipts that came before their response are matched now.
    """
    known = [(report, in_flight[report.outbound_id]) for report in reports if report.outbound_id in in_flight]
    known = _with_earlier(connection, known)
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
    return segments


def settle_late(
    connection: Connection, reports: Sequence[SendReport], *, new_id: Callable[[], int], now: datetime
) -> Sequence[SentSegment]:
    """Store what a carrier reported on answers after their tries were given up; return the segments. Safe to repeat.

    An answer whose segments are all taken is sent, and is not tried again. One refused for good fails. An answer that
    is being sent again waits for the report of that try (`settle`).
    """
    if not reports:
        return []
    segments = [segment for report in reports for segment in _segments(report, report.late_on or "")]
    outbox.add_segments(connection, segments)
    taken = outbox.segments_taken(connection, {report.outbound_id for report in reports})
    whole = [one.outbound_id for one in reports if len(taken.get(one.outbound_id, ())) >= one.total]
    refused = {one.outbound_id: worst.error[:64] for one in reports if (worst := _refused_for_good(one))}
    settled = [
        *late_outcomes.settle(connection, whole, error=NO_RESPONSE, at=now),
        *(one for one, error in refused.items() if late_outcomes.refuse(connection, one, error=error, at=now)),
    ]
    kind = EventKind.ANSWERED_LATE
    events.add(
        connection,
        [NewEvent(id=new_id(), at=now, kind=kind, outbound_id=one, detail=refused.get(one)) for one in settled],
    )
    receipts.adopt(connection, segments, at=now)
    return segments


def _refused_for_good(report: SendReport) -> SegmentRefused | None:
    worst = _worst(report)
    return worst if worst is not None and worst.refusal is Refusal.PERMANENT else None


def _with_earlier(
    connection: Connection, known: Sequence[tuple[SendReport, InFlight]]
) -> list[tuple[SendReport, InFlight]]:
    """Leave out refusals of segments that an earlier try reports as taken meanwhile."""
    again = {report.outbound_id for report, flight in known if flight.attempts > 1 and _worst(report) is not None}
    if not again:
        return list(known)
    taken = outbox.segments_taken(connection, again)
    return [
        (_without(report, taken[report.outbound_id]) if report.outbound_id in taken else report, flight)
        for report, flight in known
    ]


def _without(report: SendReport, taken: frozenset[int]) -> SendReport:
    kept = (part for part in report.segments if isinstance(part, SegmentTaken) or part.number not in taken)
    return replace(report, segments=tuple(kept))


def judge(report: SendReport, flight: InFlight, *, now: datetime) -> Settlement:
    """Decide from the results of the segments what becomes of the answer after this try.

    A provider that sends an answer once gets one without a response again until it is too old, and nothing is unsure.
    """
    worst = _worst(report)
    state, not_before = OutboundState.SENT, now
    no_response = any(isinstance(p, SegmentRefused) and p.refusal is Refusal.UNANSWERED for p in report.segments)
    is_unsure = no_response and flight.provider is None
    if worst is not None:
        counts = is_unsure and worst.refusal is Refusal.UNANSWERED
        if worst.refusal is Refusal.PERMANENT or (counts and flight.unanswered + 1 >= MAX_UNANSWERED):
            state = OutboundState.FAILED
        else:
            tries = flight.unanswered + 1 if counts else flight.attempts
            state, not_before = OutboundState.QUEUED, now + before_sending_again(worst.refusal, tries)
    return Settlement(
        outbound_id=report.outbound_id,
        state=state,
        data_coding=report.data_coding,
        segments=report.total,
        error=worst.error[:64] if worst else None,
        unsure=is_unsure,
        not_before=not_before,
        perhaps_taken_by=flight.provider if no_response else None,
    )


def name_outcome(report: SendReport) -> str:
    """Name the result of a try, for metrics: `taken`, or the gravest refusal."""
    worst = _worst(report)
    return TAKEN if worst is None else worst.refusal.value


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
    """Describe a try that was not taken: when it was written, and the gravest error."""
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
