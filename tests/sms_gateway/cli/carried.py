"""A pipeline that stores nothing: it acknowledges every arrival and keeps the texts for the test."""

from __future__ import annotations

from collections.abc import Sequence
from queue import Queue

from sms_gateway.pipeline.ports import Arrival, DeliveryReceipt, InboundText, SendReport, SessionsEnded, Verdict


class CountingRoad:
    """An Intake (sms_gateway.pipeline.ports) at the far edge of a test."""

    def __init__(self) -> None:
        self.texts: Queue[tuple[str, str, str]] = Queue()
        self.receipts: Queue[DeliveryReceipt] = Queue()

    def offer(self, arrivals: Sequence[Arrival]) -> None:
        for arrival in arrivals:
            arrival.source.acknowledge([(arrival.ticket, Verdict.STORED)])
            if isinstance(arrival.content, InboundText):
                self.texts.put((arrival.content.sender, arrival.content.recipient, arrival.content.body))
            elif isinstance(arrival.content, DeliveryReceipt):
                self.receipts.put(arrival.content)

    def report(self, reports: Sequence[SendReport]) -> None:
        pass

    def fell(self, ended: SessionsEnded) -> None:
        pass

    def nudge(self) -> None:
        pass
