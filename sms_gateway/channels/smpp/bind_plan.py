"""Where and how a bind is made, its state, and how long the next attempt waits."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime

from sms_gateway.channels.smpp.session.terms import SessionTerms
from sms_gateway.channels.smpp.session.tls import TlsTerms
from sms_gateway.pipeline.intake.recipients import ShortCodes
from sms_gateway.settings.link_model import Alphabet

FAULT = "a fault of the gateway"
"""The reason of a session that ended because of a fault of ours."""

CONNECT_SECONDS = 10.0
IDLE_SECONDS = 1.0
STOPPING_SECONDS = 0.05
"""How often a quiet bind looks at its timers: seldom, or often while it stops."""

LONGEST_WAIT = 60.0
"""Seconds between two attempts to bind, at most."""

STEADY_SECONDS = 5.0
"""A bind that held so long, or carried anything, resets its waits; otherwise they go on doubling."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BindPlan:
    """Where and how to bind."""

    link: str
    host: str
    port: int
    terms: SessionTerms
    first_wait: float  # seconds before the second attempt
    alphabet: Alphabet  # of data_coding 0
    short_codes: ShortCodes = field(default_factory=ShortCodes)
    tls: TlsTerms | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BindState:
    """The state of one bind; the state of its link adds them up."""

    kind: str  # transceiver, receiver, transmitter
    bound: bool
    since: datetime  # of `bound`
    last_error: str | None  # why it fell or could not bind; free of personal data
    in_flight: int  # submit_sm without a response
    round_trip: float | None  # seconds of the last enquire_link
    binds: int  # how often it was bound
    unreadable: int  # PDUs of this session that could not be read


class Waits:
    """The waits between attempts to bind: each twice the one before, spread by a quarter."""

    def __init__(self, first: float) -> None:
        self._first = self._next = first

    def after(self, *, held: float, carried: bool) -> float:
        """Return the seconds until the next attempt, after a bind that `held` so many seconds."""
        wait = self._first if carried or held >= STEADY_SECONDS else self._next
        self._next = min(LONGEST_WAIT, wait * 2)
        return wait * random.uniform(0.75, 1.25)  # noqa: S311 - spreads many links, guards nothing
