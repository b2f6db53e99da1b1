"""How the simulated provider behaves, and misbehaves."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

from db.schema import ReceiptState

SLOW_SECONDS = 15.0
"""Longer than people like, shorter than `answer_seconds` of a channel has by default."""


class Fault(StrEnum):
    """What goes wrong with one request of the gateway."""

    CUT = "cut"  # the answer is taken and sent, but the connection is closed in place of a response
    ERROR = "error"  # HTTP 500, the answer is not taken
    PORTAL = "portal"  # HTTP 200 with a page of HTML, as the log-in page of a network says it; not taken


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderFaults:
    """What goes wrong; times in seconds, shares from 0 to 1. The default is a provider without fault."""

    response_delay: float = 0.0  # before each response to the gateway
    cut_share: float = 0.0
    error_share: float = 0.0
    portal_share: float = 0.0
    double_share: float = 0.0  # of texts and reports that are sent once more although they were acknowledged
    receipts: bool = True  # whether delivery reports are sent at all
    receipt_delay: float = 0.0  # between the response and the report
    receipt_state: ReceiptState = ReceiptState.DELIVERED
    retry_delay: float = 1.0  # before a text or report is sent again that the gateway did not take


class Play(StrEnum):
    """One way to behave, as `sms-gateway simulate --play` names it."""

    NORMAL = "normal"
    SLOW = "slow"
    CUT = "cut"
    ERROR = "500"
    PORTAL = "portal"
    DUPLICATE = "duplicate"


def faults_of(play: Play, share: float = 1.0) -> ProviderFaults:
    """Return the faults of one way to behave; each happens to this share of the requests."""
    match play:
        case Play.NORMAL:
            return ProviderFaults()
        case Play.SLOW:
            return ProviderFaults(response_delay=SLOW_SECONDS)
        case Play.CUT:
            return ProviderFaults(cut_share=share)
        case Play.ERROR:
            return ProviderFaults(error_share=share)
        case Play.PORTAL:
            return ProviderFaults(portal_share=share)
        case Play.DUPLICATE:
            return ProviderFaults(double_share=share)


class Chance:
    """Draws faults; the same seed draws the same. May be asked from any thread."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - faults must be the same at each run
        self._lock = Lock()

    def fault(self, faults: ProviderFaults) -> Fault | None:
        """Draw what goes wrong with a request."""
        draw = self._draw()
        for share, fault in (
            (faults.cut_share, Fault.CUT),
            (faults.error_share, Fault.ERROR),
            (faults.portal_share, Fault.PORTAL),
        ):
            if draw < share:
                return fault
            draw -= share
        return None

    def doubles(self, faults: ProviderFaults) -> bool:
        """Draw whether a text or report is sent once more."""
        return self._draw() < faults.double_share

    def _draw(self) -> float:
        with self._lock:
            return self._random.random()
