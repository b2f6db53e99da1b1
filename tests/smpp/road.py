"""The road as the link's tests need it: keeps what comes in lists, and answers each text when told to."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sms_gateway.clock import utc_now
from sms_gateway.road.ports import (
    Arrival,
    DeliveryReceipt,
    InboundPart,
    InboundText,
    Piece,
    SendReport,
    SessionsEnded,
    Submission,
    Verdict,
)
from sms_gateway.settings.link_model import Alphabet, LinkSettings
from sms_gateway.smpp.link import Link
from sms_gateway.smpp.parts import read_parts


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """How the road behaves."""

    verdicts: tuple[Verdict, ...] = ()  # of the first arrivals; STORED after these
    answer: Callable[[InboundText], str] | None = None  # the answer's body; None: no answer


class Road:
    """Takes arrivals and reports; `texts`, `receipts`, `reports` may be waited for."""

    def __init__(self, script: Script | None = None) -> None:
        self.script = script or Script()
        self.texts: list[InboundText] = []
        self.receipts: list[DeliveryReceipt] = []
        self.reports: list[SendReport] = []
        self.ended: list[SessionsEnded] = []
        self.nudges = 0
        self.link: Link | None = None
        self._parts: dict[tuple[str, int, int], dict[int, Piece]] = {}
        self._verdicts = iter(self.script.verdicts)
        self._ids = itertools.count(1)
        self._changed = threading.Condition()

    def offer(self, arrivals: Sequence[Arrival]) -> None:
        answers: list[Submission] = []
        with self._changed:
            verdicts = [(each.ticket, next(self._verdicts, Verdict.STORED)) for each in arrivals]
            for arrival in arrivals:
                content = arrival.content
                text = self._join(content) if isinstance(content, InboundPart) else content
                if isinstance(text, DeliveryReceipt):
                    self.receipts.append(text)
                elif text is not None:
                    self.texts.append(text)
                    if self.script.answer is not None:
                        answers.append(self.submission(self.script.answer(text), recipient=text.sender))
            self._changed.notify_all()
        arrivals[0].door.acknowledge(verdicts)
        if answers and self.link is not None:
            self.link.submit(answers)

    def _join(self, part: InboundPart) -> InboundText | None:
        """Join parts in memory, as the real road does in rows."""
        gathered = self._parts.setdefault((part.sender, part.reference, part.total), {})
        gathered[part.number] = Piece(octets=part.octets, data_coding=part.data_coding)
        if len(gathered) < part.total:
            return None
        pieces = self._parts.pop((part.sender, part.reference, part.total))
        return InboundText(
            link=part.link,
            session=part.session,
            provider_id=None,
            sender=part.sender,
            recipient=part.recipient,
            body=read_parts(part.total, pieces, Alphabet.GSM),
            octets=b"".join(pieces[number].octets for number in sorted(pieces)),
            data_coding=part.data_coding,
            received_at=part.received_at,
        )

    def report(self, reports: Sequence[SendReport]) -> None:
        with self._changed:
            self.reports += reports
            self._changed.notify_all()

    def fell(self, ended: SessionsEnded) -> None:
        self.ended.append(ended)

    def nudge(self) -> None:
        self.nudges += 1

    def submission(self, body: str, recipient: str = "84905000001", minutes: float = 15) -> Submission:
        number = next(self._ids)
        return Submission(
            outbound_id=number,
            sender="8188",
            recipient=recipient,
            body=body,
            reference=number % 256,
            expires_at=utc_now() + timedelta(minutes=minutes),
        )

    def wait(self, holds: Callable[[Road], bool], timeout: float = 10) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: holds(self), timeout), (
                f"{len(self.texts)} texts, {len(self.receipts)} receipts, {len(self.reports)} reports after {timeout} s"
            )


def make_link(port: int, road: Road, **settings: object) -> Link:
    """Make a link with short waits, not started."""
    chosen = {
        "host": "127.0.0.1",
        "port": port,
        "system_id": "gateway",
        "password": "secret",
        "response_seconds": 2,
        "enquire_seconds": 30,
        "reconnect_seconds": 0.05,
    } | settings
    numbers = itertools.count(1)
    link = Link("carrier", LinkSettings.model_validate(chosen), road, now=utc_now, session_number=lambda: next(numbers))
    road.link = link
    return link
