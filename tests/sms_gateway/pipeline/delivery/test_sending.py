"""What the carrier said of one try decides how its answer goes on."""

from __future__ import annotations

import pytest

from db.schema import OutboundState
from sms_gateway.pipeline.delivery.sending import MAX_UNANSWERED, InFlight, judge
from sms_gateway.pipeline.ports import Refusal, SegmentRefused, SegmentTaken, SendReport
from tests.sms_gateway.pipeline.edges import START


def report(*segments: SegmentTaken | SegmentRefused) -> SendReport:
    return SendReport(outbound_id=1, data_coding=0, total=len(segments), segments=segments, at=START)


def refused(refusal: Refusal, number: int = 1) -> SegmentRefused:
    return SegmentRefused(number=number, refusal=refusal, error="ESME_RSYSERR")


TAKEN = SegmentTaken(number=2, message_id="a")


Segments = tuple[SegmentTaken | SegmentRefused, ...]


@pytest.mark.parametrize(
    ("label", "segments", "unanswered", "state", "unsure"),
    [
        ("taken", (TAKEN,), 0, OutboundState.SENT, False),
        ("throttled", (refused(Refusal.THROTTLED),), 0, OutboundState.QUEUED, False),
        ("temporary", (refused(Refusal.TEMPORARY), TAKEN), 9, OutboundState.QUEUED, False),
        ("not sent", (refused(Refusal.NOT_SENT),), 9, OutboundState.QUEUED, False),
        ("no response", (refused(Refusal.UNANSWERED),), 0, OutboundState.QUEUED, True),
        ("no response, often", (refused(Refusal.UNANSWERED),), MAX_UNANSWERED - 1, OutboundState.FAILED, True),
        ("permanent", (refused(Refusal.PERMANENT),), 0, OutboundState.FAILED, False),
        (
            "permanent beside temporary",
            (refused(Refusal.TEMPORARY), refused(Refusal.PERMANENT, 2)),
            1,
            OutboundState.FAILED,
            False,
        ),
    ],
)
def test_judges_a_try(
    label: str,
    segments: tuple[SegmentTaken | SegmentRefused, ...],
    unanswered: int,
    state: OutboundState,
    *,
    unsure: bool,
) -> None:
    flight = InFlight(link="main", attempts=unanswered + 1, unanswered=unanswered)
    settlement = judge(report(*segments), flight, now=START)
    assert (settlement.state, settlement.unsure) == (state, unsure), label
    assert settlement.not_before >= START


def test_no_response_of_a_provider_that_sends_an_answer_once_is_not_unsure_and_goes_on() -> None:
    flight = InFlight(link="esms", attempts=9, unanswered=MAX_UNANSWERED, provider="eeee")
    settlement = judge(report(refused(Refusal.UNANSWERED)), flight, now=START)
    assert (settlement.state, settlement.unsure, settlement.perhaps_taken_by) == (OutboundState.QUEUED, False, "eeee")
    for refusal in (Refusal.THROTTLED, Refusal.TEMPORARY, Refusal.NOT_SENT):
        assert judge(report(refused(refusal)), flight, now=START).perhaps_taken_by is None, refusal
