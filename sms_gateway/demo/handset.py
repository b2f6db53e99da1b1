"""A citizen's telephone in the simulated network, as the page `/phone` shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from db.store.address import Msisdn


class Direction(StrEnum):
    """Which way a bubble went."""

    FROM_CITIZEN = "out"  # typed on the handset
    TO_CITIZEN = "in"  # received by the handset


class Tick(StrEnum):
    """What the marks under a bubble say."""

    SENT = "sent"  # one tick: the carrier has it
    DELIVERED = "delivered"  # two ticks: it arrived, and the receipt went back
    FAILED = "failed"  # it will not arrive


@dataclass(frozen=True, kw_only=True, slots=True)
class Bubble:
    """One message on the handset of the demo. A conversation only grows at its end; ticks change in place."""

    direction: Direction
    text: str = field(repr=False)
    by: str  # the network that carried it, such as `SMPP`
    encoding: str | None  # `GSM 03.38`, `UCS-2`, as it went over the wire; None: it was no SMS
    segments: int
    tick: Tick | None
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """A network by which the handset can send."""

    name: str
    title: str  # as the page shows it, in every language


class Handset(Protocol):
    """A citizen's telephone in the simulated network; only the demo has one."""

    @property
    def samples(self) -> Sequence[str]:
        """Texts to tap; the people in them are made up."""

    def ways(self, number: Msisdn) -> Sequence[Way]:
        """Return by what this citizen can send; the first is the usual one."""

    def send(self, number: Msisdn, text: str, way: str) -> None:
        """Send a text to our short code as this citizen; must not wait for the answer."""

    def conversation(self, number: Msisdn) -> Sequence[Bubble]:
        """Return everything this citizen sent and received, oldest first."""
