"""The edges of the pipeline in memory: a carrier that takes answers, a source that keeps verdicts, a clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Condition

from db.schema import ReceiptState
from sms_gateway.pipeline.ports import (
    Arrival,
    DeliveryReceipt,
    InboundPart,
    InboundText,
    Intake,
    Refusal,
    SegmentRefused,
    SegmentTaken,
    SendReport,
    Submission,
    Verdict,
)

START = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
DEADLINE = 10.0


class Clock:
    """A time of day that moves when told."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time

    def pass_(self, **span: float) -> None:
        self.time += timedelta(**span)


class PaperCarrier:
    """Takes answers; `respond` decides the fate of each try, by default the carrier takes everything."""

    def __init__(self, intake: Intake, clock: Clock, name: str = "main", room: int = 100) -> None:
        self.name = name
        self.sent: list[Submission] = []
        self.respond: Callable[[Submission], SendReport | None] = self.take
        self._intake = intake
        self._clock = clock
        self._room = room
        self._changed = Condition()
        self._numbers = count(1)

    def room(self) -> int:
        return self._room

    def submit(self, submissions: Sequence[Submission]) -> None:
        reports = [report for one in submissions if (report := self.respond(one)) is not None]
        with self._changed:
            self.sent.extend(submissions)
            self._changed.notify_all()
        if reports:
            self._intake.report(reports)

    def take(self, submission: Submission) -> SendReport:
        return self._report(
            submission, SegmentTaken(number=1, message_id=f"{next(self._numbers):08X}", submitted_at=self._clock())
        )

    def refuse(self, submission: Submission, refusal: Refusal, error: str = "ESME_RSYSERR") -> SendReport:
        return self._report(
            submission, SegmentRefused(number=1, refusal=refusal, error=error, submitted_at=self._clock())
        )

    def wait_for(self, answers: int) -> list[Submission]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.sent) >= answers, DEADLINE), f"only {len(self.sent)} answers"
            return list(self.sent)

    def _report(self, submission: Submission, segment: SegmentTaken | SegmentRefused) -> SendReport:
        return SendReport(
            outbound_id=submission.outbound_id, data_coding=0, total=1, segments=(segment,), at=self._clock()
        )


class PaperSource:
    """Remembers what the pipeline said of each ticket."""

    def __init__(self) -> None:
        self.verdicts: dict[int, list[Verdict]] = {}
        self._changed = Condition()

    def acknowledge(self, verdicts: Sequence[tuple[int, Verdict]]) -> None:
        with self._changed:
            for ticket, verdict in verdicts:
                self.verdicts.setdefault(ticket, []).append(verdict)
            self._changed.notify_all()

    def wait_for(self, ticket: int) -> Verdict:
        with self._changed:
            assert self._changed.wait_for(lambda: ticket in self.verdicts, DEADLINE), "no verdict"
            assert len(self.verdicts[ticket]) == 1, "acknowledged more than once"
            return self.verdicts[ticket][0]


def text(
    body: str = "HD",
    *,
    sender: str = "84905123456",
    link: str = "main",
    session: int | None = 1,
    provider_id: str | None = None,
    at: datetime = START,
    reply_link: str | None = None,
) -> InboundText:
    return InboundText(
        link=link,
        session=session,
        provider_id=provider_id,
        sender=sender,
        recipient="8188",
        body=body,
        octets=body.encode("utf-8", "surrogatepass"),
        data_coding=0,
        received_at=at,
        reply_link=reply_link,
    )


def receipt(message_id: str, state: ReceiptState = ReceiptState.DELIVERED, *, link: str = "main") -> DeliveryReceipt:
    return DeliveryReceipt(link=link, message_id=message_id, state=state, error="000", received_at=START)


def arrive(intake: Intake, *contents: InboundText | InboundPart | DeliveryReceipt) -> list[Verdict]:
    """Bring contents to the pipeline as one batch and return its verdicts."""
    source = PaperSource()
    intake.offer([Arrival(source=source, ticket=number, content=content) for number, content in enumerate(contents)])
    return [source.wait_for(number) for number in range(len(contents))]
