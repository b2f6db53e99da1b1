"""Ids, senders, waiting times and judgements: values in, values out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.schema import OutboundState
from db.store.ids import IdSource
from sms_gateway.country import read_sender
from sms_gateway.pipeline.delivery.sending import MAX_UNANSWERED, InFlight, judge
from sms_gateway.pipeline.ports import Refusal, SegmentRefused, SegmentTaken, SendReport
from sms_gateway.pipeline.retry import before_handling_again, before_sending_again
from tests.sms_gateway.pipeline.edges import START, Clock


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


@pytest.mark.parametrize("refusal", [Refusal.THROTTLED, Refusal.TEMPORARY, Refusal.UNANSWERED])
def test_waits_longer_after_each_try_and_never_for_ever(refusal: Refusal) -> None:
    waits = [before_sending_again(refusal, attempts) for attempts in range(1, 40)]
    assert waits == sorted(waits)
    assert waits[0] < waits[1]
    assert waits[-1] == timedelta(minutes=2)
    assert before_handling_again(1) < before_handling_again(2)


def test_what_was_never_sent_goes_at_once() -> None:
    assert before_sending_again(Refusal.NOT_SENT, 5) == timedelta(0)


@given(st.lists(st.integers(-2000, 2000), min_size=1, max_size=50))
def test_ids_grow_whatever_the_clock_does(steps: list[int]) -> None:
    clock = Clock()
    ids = IdSource(node=5, now=clock)
    made = []
    for step in steps:
        clock.pass_(milliseconds=step)
        made.append(ids.new())
    assert made == sorted(set(made))
    assert all(0 < one < 2**63 for one in made)


def test_two_nodes_never_make_the_same_id() -> None:
    clock = Clock()
    first, second = IdSource(node=0, now=clock), IdSource(node=1023, now=clock)
    assert not {first.new() for _ in range(10_000)} & {second.new() for _ in range(10_000)}


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("84905123456", "84905123456"),
        ("+84905123456", "84905123456"),
        ("0905123456", "84905123456"),
        ("905123456", "84905123456"),
        ("0084905123456", "84905123456"),
        ("84 0905123456", "84905123456"),
        ("+84 (0) 905 123 456", "84905123456"),
        ("905.123.456", "84905123456"),
        ("841234567", "84841234567"),
        ("0841234567", "84841234567"),
        ("01626123456", "84326123456"),
        ("841281234567", "84781234567"),
        ("+841991234567", "84591234567"),
        ("02363881888", "842363881888"),
        ("+85620551234", "85620551234"),
        ("8188", None),
        ("+8188", None),
        ("1022", None),
        ("19001234", None),
        ("18001091", None),
        ("1900545415", None),
        ("+8419001234", None),
        ("0841900545415", None),
        ("84190012345678", None),
        ("00841900123456", None),
        ("84019001234", None),
        ("+84018001091", None),
        ("0084019001234", None),
        ("00841401234567", None),
        ("840905123456", "84905123456"),
        ("+84912190012", "84912190012"),
        ("VNeID", None),
        ("BO TTTT", None),
        ("DANANG1", None),
        ("", None),
        ("  ", None),
        ("٠٩٠٥١٢٣٤٥٦", None),
        ("999999999999999999999", None),
        ("0", None),
    ],
)
def test_reads_a_sender_however_it_is_written(raw: str, number: str | None) -> None:
    assert read_sender(raw) == number


@given(st.text(st.characters()))
def test_never_raises_on_any_sender(raw: str) -> None:
    number = read_sender(raw)
    assert number is None or (number.isdecimal() and 8 <= len(number) <= 15)


@given(st.from_regex(r"84[35789][0-9]{8}", fullmatch=True))
def test_a_number_read_once_reads_the_same_again(raw: str) -> None:
    number = read_sender(raw)
    assert number is not None
    assert read_sender(number) == number


@pytest.mark.parametrize("node", [0, 3, 511])
def test_ids_go_on_after_those_of_a_clock_that_was_set_back(node: int) -> None:
    before = IdSource(node=300, now=lambda: datetime(2027, 1, 1, tzinfo=UTC))
    highest = [before.new() for _ in range(3)][-1]
    later = IdSource(node=node, now=lambda: datetime(2026, 1, 1, tzinfo=UTC), after=highest)
    assert highest < later.new() < later.new()
