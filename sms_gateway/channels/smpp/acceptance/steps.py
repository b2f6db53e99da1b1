"""A carrier's acceptance test: the steps of a new link against a real SMSC, one after another, with the PDUs of each.

It uses the session and the writers of the link itself, so what passes here is what the service will do. Texts of
citizens and receipts of other texts that come in meanwhile are refused (ESME_RX_T_APPN): the carrier keeps them for the
service.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import partial

from db.store.address import Address
from sms_gateway.channels.smpp.acceptance.receipts import KEPT_SECONDS, Receipts, Told
from sms_gateway.channels.smpp.acceptance.recorded_connection import RecordedConnection
from sms_gateway.channels.smpp.outgoing import Outgoing
from sms_gateway.channels.smpp.pdu import codes
from sms_gateway.channels.smpp.receipt import read_receipt
from sms_gateway.channels.smpp.send_rate import SendRate
from sms_gateway.channels.smpp.session.events import Answered, Bound, Event, Fell, Received, Unanswered
from sms_gateway.channels.smpp.session.terms import SessionState
from sms_gateway.channels.smpp.session.tls import tls_terms
from sms_gateway.channels.smpp.session.wire import WireError
from sms_gateway.clock import Now, monotonic
from sms_gateway.pipeline.ports import Refusal, Submission
from sms_gateway.settings.link_model import BindMode, LinkSettings

CONNECT_SECONDS = 10.0
LAST_RECEIPT_SECONDS = 5.0
"""Wait for the receipts of a burst before the link is closed: a carrier would send them again."""

MOST_PDUS = 40
"""PDUs shown of one step; a burst has more, and they are all alike."""

GSM_TEXT = "Thu GSM: @ $ _ { } [ ] ~ ^ | \\"
UCS2_TEXT = "Thử tiếng Việt: Đường Ỡ"
LONG_GSM_TEXT = "Tin dai, phan mot va phan hai phai den thanh mot tin. " * 4
LONG_UCS2_TEXT = "Tin dài có dấu, phải đến thành một tin. " * 3


class Mark(Enum):
    """The result of a step."""

    PASS = "PASS"  # noqa: S105 - a verdict, no secret
    FAIL = "FAIL"
    NOTE = "NOTE"  # neither: information, or something that could not be checked


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One line of the report, and the PDUs it is based on: `>` ours, `<` theirs (recorded_connection)."""

    mark: Mark
    name: str
    text: str
    pdus: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """What is tested."""

    settings: LinkSettings
    recipient: str  # the recipient of the texts
    sender: str  # our short code
    receipt_seconds: float  # wait for receipts
    burst: int  # segments sent at once, to see how the carrier throttles; 0: no burst


class Acceptance:
    """Runs the steps; one object, one run."""

    def __init__(self, trial: Trial, *, now: Now) -> None:
        self._trial = trial
        self._now = now
        self._lines = [RecordedConnection(trial.settings, command) for command in _commands(trial.settings.mode)]
        self._outgoing = Outgoing(trial.settings, SendRate(0))
        self._number = 0
        self._receipts = Receipts()
        self._texts = 0

    def steps(self) -> Iterator[Step]:
        """Test everything in the order in which it must work; each step is returned as soon as it is known."""
        try:
            for line in self._lines:
                bound = self._bind(line)
                yield bound
                if bound.mark is Mark.FAIL:
                    return
            yield from self._bound_steps()
        finally:
            for line in self._lines:
                line.wire.close()

    def _bound_steps(self) -> Iterator[Step]:
        tries = (
            ("enquire_link", self._enquire),
            ("GSM 03.38", lambda: self._submit(GSM_TEXT)),
            ("UCS-2", lambda: self._submit(UCS2_TEXT)),
            ("long text, GSM 03.38", lambda: self._submit(LONG_GSM_TEXT)),
            ("long text, UCS-2", lambda: self._submit(LONG_UCS2_TEXT)),
            ("receipts", self._await_receipts),
            ("throttling", self._throttle),
            ("texts of citizens", self._tell_texts),
            ("unbind", self._unbind),
        )
        for name, attempt in tries:
            if any(line.session.state is SessionState.CLOSED for line in self._lines):
                reason = next((line.fell for line in self._lines if line.fell), "?")
                yield Step(mark=Mark.FAIL, name=name, text=f"not tried: the link fell ({reason})")
                continue
            mark, text = attempt()
            yield Step(mark=mark, name=name, text=text, pdus=self._take_pdus())

    def _bind(self, line: RecordedConnection) -> Step:
        settings, started = self._trial.settings, monotonic()
        name = f"bind_{line.kind}"
        try:
            line.wire.connect(settings.host, settings.port, CONNECT_SECONDS, tls_terms(settings))
        except WireError as error:
            return Step(mark=Mark.FAIL, name=name, text=f"no connection: {error}")
        line.session.start(monotonic())
        self._talk(lambda: line.bound or line.fell is not None, settings.response_seconds + 1)
        took = f"in {(monotonic() - started) * 1000:.0f} ms" + (" by TLS" if settings.tls else "")
        if line.fell is not None:
            return Step(mark=Mark.FAIL, name=name, text=line.fell, pdus=self._take_pdus())
        return Step(mark=Mark.PASS, name=name, text=f"bound {took}, to {line.system_id!r}", pdus=self._take_pdus())

    def _enquire(self) -> tuple[Mark, str]:
        for line in self._lines:
            line.session.enquire(monotonic())
        answered = self._talk(lambda: all(line.session.round_trip is not None for line in self._lines))
        if not answered:
            return Mark.FAIL, "no answer"
        slowest = max(line.session.round_trip or 0.0 for line in self._lines)
        return Mark.PASS, f"answered in {slowest * 1000:.1f} ms"

    def _submit(self, body: str) -> tuple[Mark, str]:
        """Send a text and await its responses."""
        segments = self._segments(body)
        answers = self._send(segments)
        taken = _taken(answers)
        self._receipts.sent(taken)
        size = f"{len(segments)} segment{'s' if len(segments) > 1 else ''}"
        if len(taken) == len(segments):
            return Mark.PASS, f"{size} taken as {', '.join(taken)}"
        return Mark.FAIL, f"{size}: {_statuses(answers)}"

    def _send(self, segments: Sequence[bytes]) -> list[Answered | Unanswered]:
        """Send segments, a window after the other, and return what came back."""
        line, window = self._lines[-1], self._trial.settings.window
        answers: list[Answered | Unanswered] = []
        for start in range(0, len(segments), window):
            chunk = segments[start : start + window]
            for token, segment in enumerate(chunk):
                line.session.submit(segment, token, monotonic())
            self._talk(partial(line.has_answers, len(chunk)))
            answers += line.answers
            line.answers = []
        return answers

    def _segments(self, body: str) -> Sequence[bytes]:
        self._number += 1
        submission = Submission(
            outbound_id=self._number,
            sender=self._trial.sender,
            recipient=Address(self._trial.recipient),
            body=body,
            reference=self._number,
            expires_at=self._now() + timedelta(minutes=15),
        )
        return [octets for _, octets in reversed(self._outgoing.prepare(submission, self._now()).to_write)]

    def _await_receipts(self) -> tuple[Mark, str]:
        """Wait for the receipts of all that was taken, and show how the carrier writes them."""
        if not self._receipts.awaited:
            return Mark.NOTE, "nothing was taken, so none can come"
        complete = self._talk(self._receipts.complete, self._trial.receipt_seconds)
        text = self._receipts.summary() or f"none of {self._receipts.awaited} within {self._trial.receipt_seconds:g} s"
        return (Mark.PASS if complete else Mark.FAIL), text

    def _throttle(self) -> tuple[Mark, str]:
        """Send many at once, a window after the other, and show what came back."""
        if not self._trial.burst:
            return Mark.NOTE, "not tried; name --burst to send so many segments at once"
        started = monotonic()
        answers = self._send([self._segments("Thu tai")[0] for _ in range(self._trial.burst)])
        rate = len(answers) / max(0.001, monotonic() - started)
        self._receipts.sent_more(_taken(answers))
        self._talk(
            self._receipts.all_in, min(LAST_RECEIPT_SECONDS, self._trial.receipt_seconds)
        )  # else they come again
        text = f"{_statuses(answers)}; {rate:.0f} a second"
        refusals = {codes.refusal_of(each.status) for each in answers if isinstance(each, Answered) and each.status}
        if not refusals and all(isinstance(each, Answered) for each in answers):
            return Mark.PASS, f"never throttled: {text}"
        slowed = refusals == {Refusal.THROTTLED} and all(isinstance(each, Answered) for each in answers)
        return (Mark.PASS if slowed else Mark.FAIL), f"{text}; set rate below what it takes"

    def _tell_texts(self) -> tuple[Mark, str]:
        if not self._texts:
            return Mark.NOTE, "none came; text the short code to see one"
        return Mark.NOTE, f"{self._texts} came and were sent back for the service"

    def _answer_receipts(self, now: float) -> None:
        for told, status in self._receipts.settle(now):
            self._lines[told.line].session.answer(told.command, told.sequence, status)

    def _unbind(self) -> tuple[Mark, str]:
        self._answer_receipts(monotonic() + KEPT_SECONDS)
        for line in self._lines:
            line.session.unbind(monotonic())
        self._talk(lambda: all(line.fell is not None for line in self._lines))
        reasons = {line.fell for line in self._lines}
        return (Mark.PASS, "answered") if reasons <= {"unbound", "unbound by the SMSC"} else (Mark.FAIL, "no answer")

    def _talk(self, is_done: Callable[[], bool], seconds: float | None = None) -> bool:
        """Run the sessions until a condition is met, time is over, or one ends; return whether it is met."""
        deadline = monotonic() + (self._trial.settings.response_seconds + 1 if seconds is None else seconds)
        while True:
            for line in self._lines:
                for event in line.carry():
                    self._take(line, event)
            self._answer_receipts(monotonic())
            if is_done():
                return True
            if monotonic() > deadline or all(line.fell is not None for line in self._lines):
                return False

    def _take(self, line: RecordedConnection, event: Event) -> None:
        match event:
            case Bound():
                line.bound, line.system_id = True, event.system_id
            case Fell():
                line.fell = event.reason
            case Answered() | Unanswered():
                line.answers.append(event)
            case Received():
                receipt = read_receipt(event.message, self._trial.settings.alphabet)
                if receipt is None:
                    self._texts += 1
                    line.session.answer(event.command, event.sequence, codes.ESME_RX_T_APPN)
                    return
                self._receipts.take(
                    Told(
                        receipt=receipt,
                        message=event.message,
                        command=event.command,
                        sequence=event.sequence,
                        line=self._lines.index(line),
                        at=monotonic(),
                    )
                )

    def _take_pdus(self) -> tuple[str, ...]:
        pdus = [pdu for line in self._lines for pdu in line.take_pdus()]
        left = len(pdus) - MOST_PDUS
        return (*pdus[:MOST_PDUS], f"… and {left} more") if left > 0 else tuple(pdus)


def _taken(answers: Sequence[Answered | Unanswered]) -> list[str]:
    """Return the message ids of what the carrier took."""
    return [each.message_id for each in answers if isinstance(each, Answered) and each.status == codes.ESME_ROK]


def _statuses(answers: Sequence[Answered | Unanswered]) -> str:
    """Return how often each status came."""
    counts = Counter(
        codes.status_name(each.status) if isinstance(each, Answered) else "no response" for each in answers
    )
    return ", ".join(f"{status} {number}" for status, number in counts.most_common()) or "no response"


def _commands(mode: BindMode) -> Sequence[int]:
    """Return the binds to make; the last one sends answers."""
    if mode is BindMode.PAIR:
        return codes.BIND_RECEIVER, codes.BIND_TRANSMITTER
    return (codes.BIND_TRANSCEIVER,)
