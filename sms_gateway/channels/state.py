"""How a link and its binds are, as pages and metrics show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class BindState:
    """A bind as pages and metrics show it."""

    kind: str  # transceiver, receiver, transmitter
    bound: bool
    since: datetime  # of `bound`
    last_error: str | None  # why it fell or could not bind; free of personal data
    in_flight: int  # submit_sm without a response
    round_trip: float | None  # seconds of the last enquire_link
    binds: int  # how often it was bound
    unreadable: int  # PDUs of this session that could not be read


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkState:
    """A link as pages and metrics show it."""

    name: str
    bound: bool  # all its binds are
    carries: bool  # texts and answers can go: one bind of each way stands
    binds: tuple[BindState, ...]
    window: int
    in_flight: int  # submit_sm without a response
    waiting: int  # segments handed over and without an outcome, those in flight included
    unsettled: int  # arrivals that the pipeline has not stored yet
    useless_receipts: int  # receipts that named no message
    draining: bool = False  # it takes no new texts
