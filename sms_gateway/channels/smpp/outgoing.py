"""What a link sends: submissions to submit_sm, responses to one report each. No I/O.

`prepare` runs in the pipeline's thread and touches nothing shared; `put` may be called from any thread; everything else
runs in the I/O thread of the bind.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from db.store.address import TEL, kind_of
from sms_gateway.channels.smpp.coding.text import Encoding, split_text
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.pdu.short_message import ShortMessage, SubmitWriter
from sms_gateway.channels.smpp.send_rate import SendRate
from sms_gateway.channels.smpp.send_window import Window
from sms_gateway.channels.smpp.session.events import Answered, AnsweredLate, Unanswered, Unwritten
from sms_gateway.channels.smpp.session.session import Session
from sms_gateway.pipeline.ports import NO_RESPONSE, Refusal, SegmentRefused, SegmentTaken, SendReport, Submission
from sms_gateway.settings.link_model import LinkSettings

MAX_WRITERS = 64
"""Short codes whose writers are kept."""

MOST_LATE = 10_000
"""Answers whose late responses are remembered; the oldest are forgotten first."""

_SECOND = timedelta(seconds=1)

_Token = tuple["Sending", int, datetime]
"""A segment in flight: of which submission, its number, and when it was written."""


class Sending:
    """One submission in progress: segments to write, segments without a response, and results of the others."""

    __slots__ = ("encoding", "expires_at", "in_flight", "outbound_id", "outcomes", "size", "to_write", "total")

    def __init__(
        self, submission: Submission, encoding: Encoding, total: int, to_write: list[tuple[int, bytes]]
    ) -> None:
        self.outbound_id = submission.outbound_id
        self.expires_at = submission.expires_at
        self.encoding = encoding
        self.total = total
        self.to_write = to_write  # last first
        self.size = len(to_write)
        self.in_flight = 0
        self.outcomes: list[SegmentTaken | SegmentRefused] = []

    def give_up(self, refusal: Refusal, error: str) -> None:
        """Refuse what is not written yet."""
        self.outcomes += [SegmentRefused(number=number, refusal=refusal, error=error) for number, _ in self.to_write]
        self.to_write.clear()

    def skip(self, taken: Sequence[SegmentTaken]) -> None:
        """Leave out what a late response to an earlier try reports as taken."""
        numbers = {each.number: each for each in taken}
        self.outcomes += [numbers[number] for number, _ in self.to_write if number in numbers]
        self.to_write = [each for each in self.to_write if each[0] not in numbers]

    def report_late(self, outcome: SegmentTaken | SegmentRefused, link: str, at: datetime) -> SendReport:
        """Report on one segment whose try was reported before."""
        return SendReport(
            outbound_id=self.outbound_id,
            data_coding=self.encoding.value,
            total=self.total,
            segments=(outcome,),
            at=at,
            late_on=link,
        )

    def report(self, at: datetime) -> SendReport:
        """Report the result."""
        outcomes = self.outcomes if len(self.outcomes) == 1 else sorted(self.outcomes, key=lambda each: each.number)
        return SendReport(
            outbound_id=self.outbound_id,
            data_coding=self.encoding.value,
            total=self.total,
            segments=tuple(outcomes),
            at=at,
        )


class LateResponses:
    """What the carrier took and reported late, by answer: no bind of the link sends it again.

    Every method may be called from any thread.
    """

    def __init__(self) -> None:
        self._taken: dict[int, list[SegmentTaken]] = {}
        self._lock = threading.Lock()

    def add(self, outbound_id: int, segment: SegmentTaken) -> None:
        """Remember a segment that was taken."""
        with self._lock:
            self._taken.setdefault(outbound_id, []).append(segment)
            if len(self._taken) > MOST_LATE:
                del self._taken[next(iter(self._taken))]

    def of(self, outbound_id: int) -> Sequence[SegmentTaken]:
        """Return the segments of an answer that were taken."""
        return self._taken.get(outbound_id, ())


class Outgoing:
    """The queue before the window, and the reports after it. `late` is shared by the binds of a link."""

    def __init__(
        self, settings: LinkSettings, pace: SendRate, *, link: str = "", late: LateResponses | None = None
    ) -> None:
        self._settings = settings
        self._pace = pace
        self._link = link
        self._late = late or LateResponses()
        self.window = Window(settings.window)
        self._overrides = codes.overrides(settings.temporary, settings.permanent, settings.throttling)
        self._longest = timedelta(minutes=settings.validity_minutes)
        self._writers: dict[str, SubmitWriter] = {}
        self._queue: deque[Sending] = deque()
        self._lock = threading.Lock()
        self._segments = 0  # handed over and without an outcome

    def prepare(self, submission: Submission, at: datetime) -> Sending:
        """Cut and encode a submission. What cannot be sent at all is returned finished, refused for good.

        That is also what goes to an address of another kind: a carrier could only send it to somebody else.
        """
        if kind_of(submission.recipient) != TEL:
            return _refused(submission, "no telephone number")
        try:
            cut = split_text(submission.body, submission.reference, self._settings.alphabet)
        except ValueError:
            return _refused(submission, "more than 255 segments")
        total = len(cut.user_data)
        coding, esm_class = cut.encoding.value, codes.ESM_UDHI if total > 1 else 0
        write = self._writer(submission.sender).write
        validity = _relative_time(min(submission.expires_at - at, self._longest) // _SECOND) if self._longest else b""
        return Sending(
            submission,
            cut.encoding,
            total,
            [
                (
                    number,
                    write(submission.recipient, validity, esm_class, coding, cut.user_data[number - 1]),
                )
                for number in range(total, 0, -1)
                if number not in submission.already_taken
            ],
        )

    def put(self, sendings: Sequence[Sending]) -> None:
        """Queue them; from any thread."""
        with self._lock:
            self._segments += sum(each.size for each in sendings)
        self._queue.extend(sendings)

    @property
    def queued(self) -> int:
        """How many submissions wait before the window."""
        return len(self._queue)

    @property
    def outstanding(self) -> int:
        """How many segments were handed over and have no outcome."""
        return self._segments

    def room(self) -> int:
        """How many more segments it would take: two windows, so that it never waits for the pipeline."""
        return max(0, 2 * self.window.size - self._segments)

    def fill(self, session: Session, at: datetime, now: float) -> list[SendReport]:
        """Write as many segments as window and rate allow; return the reports of those that expired."""
        reports: list[SendReport] = []
        self.window.grow(now)
        room = min(session.room, max(0, self.window.size - session.in_flight))
        room = self._pace.take(room, now) if self._queue else 0
        while room and self._queue:
            sending = self._queue[0]
            late = self._late.of(sending.outbound_id)
            if late:
                sending.skip(late)
            if sending.to_write and sending.expires_at <= at:
                sending.give_up(Refusal.NOT_SENT, "expired")
            while room and sending.to_write:
                number, body = sending.to_write.pop()
                session.submit(body, (sending, number, at), now)
                sending.in_flight += 1
                room -= 1
            if sending.to_write:
                break
            self._queue.popleft()
            if not sending.in_flight:
                reports.append(self._finish(sending, at))
        self._pace.give_back(room)
        return reports

    def close(self, event: Answered | Unanswered | Unwritten, at: datetime, now: float) -> SendReport | None:
        """Take the result of one segment; return the report when it was the last."""
        sending, number, submitted_at = _own(event.token)
        sending.in_flight -= 1
        if isinstance(event, Unanswered):
            sending.outcomes.append(
                SegmentRefused(number=number, refusal=Refusal.UNANSWERED, error=NO_RESPONSE, submitted_at=submitted_at)
            )
        elif isinstance(event, Unwritten):
            sending.outcomes.append(SegmentRefused(number=number, refusal=Refusal.NOT_SENT, error="not written"))
        else:
            outcome = self._outcome(event, number, submitted_at, now)
            sending.outcomes.append(outcome)
            if sending.to_write and isinstance(outcome, SegmentRefused):
                sending.give_up(Refusal.NOT_SENT, outcome.error)
                self._queue.popleft()  # only the first of the queue can be half written
        if sending.in_flight or sending.to_write:
            return None
        return self._finish(sending, at)

    def close_late(self, event: AnsweredLate, at: datetime, now: float) -> SendReport:
        """Take a response that came after its try was reported; what waits for another try is then not sent."""
        sending, number, submitted_at = _own(event.token)
        outcome = self._outcome(event, number, submitted_at, now)
        if isinstance(outcome, SegmentTaken):
            self._late.add(sending.outbound_id, outcome)
        return sending.report_late(outcome, self._link, at)

    def _outcome(
        self, event: Answered | AnsweredLate, number: int, submitted_at: datetime, now: float
    ) -> SegmentTaken | SegmentRefused:
        if event.status == codes.ESME_ROK:
            self._pace.recover()
            return SegmentTaken(number=number, message_id=event.message_id, submitted_at=submitted_at)
        refusal = codes.refusal_of(event.status, self._overrides)
        if refusal is Refusal.THROTTLED:
            self._pace.slow_down(now)
        error = codes.status_name(event.status)
        return SegmentRefused(number=number, refusal=refusal, error=error, submitted_at=submitted_at)

    def flush(self, error: str, at: datetime) -> list[SendReport]:
        """Give up what is not written, since there is no bind; what is in flight is reported by its own event."""
        reports: list[SendReport] = []
        while self._queue:
            sending = self._queue.popleft()
            sending.give_up(Refusal.NOT_SENT, error)
            if not sending.in_flight:
                reports.append(self._finish(sending, at))
        return reports

    def next_due(self, now: float) -> float | None:
        """Return when `fill` can go on after a pause or for the rate; None when it waits for neither."""
        return self._pace.next_due(now, waiting=bool(self._queue))

    def paused(self, now: float) -> bool:
        """Return whether the link pauses because it was throttled."""
        return self._pace.paused(now)

    def _finish(self, sending: Sending, at: datetime) -> SendReport:
        with self._lock:
            self._segments -= sending.size
        return sending.report(at)

    def _writer(self, sender: str) -> SubmitWriter:
        """Return what writes for one of our short codes; there are few, but nothing here bounds them."""
        writer = self._writers.get(sender)
        if writer is None:
            settings = self._settings
            shared = ShortMessage(
                service_type=settings.service_type,
                source_ton=settings.source_ton,
                source_npi=settings.source_npi,
                source=sender,
                dest_ton=settings.dest_ton,
                dest_npi=settings.dest_npi,
                priority=settings.priority,
                registered_delivery=1,
            )
            writer = SubmitWriter(shared)
            if len(self._writers) < MAX_WRITERS:
                self._writers[sender] = writer
        return writer


def _refused(submission: Submission, error: str) -> Sending:
    sending = Sending(submission, Encoding.UCS2, 1, [(1, b"")])
    sending.give_up(Refusal.PERMANENT, error)
    return sending


def _own(token: Hashable) -> _Token:
    if not isinstance(token, tuple) or not isinstance(token[0], Sending):
        raise TypeError("a token that this link did not give")
    return token


@lru_cache(maxsize=4096)
def _relative_time(seconds: int) -> bytes:
    """Write a validity as time from now, since the carrier's clock may differ (§7.1.1.2); at least a second."""
    minutes, second = divmod(max(1, seconds), 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    return b"0000%02d%02d%02d%02d000R" % (min(days, 30), hour, minute, second)
