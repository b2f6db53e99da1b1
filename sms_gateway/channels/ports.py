"""What pages ask of the SMPP links: their state, and to start and stop them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class LinkState(Protocol):
    """How one SMPP link is."""

    @property
    def name(self) -> str:
        """The link's name in the settings."""

    @property
    def bound(self) -> bool:
        """Whether it can carry texts now; some of its binds may be down."""

    @property
    def draining(self) -> bool:
        """Whether an operator lets it take no new texts."""

    @property
    def since(self) -> datetime | None:
        """When it last came up or went down; None before the first try."""

    @property
    def last_error(self) -> str | None:
        """Why it last went down, without secrets."""

    @property
    def binds(self) -> int:
        """How many of its binds stand."""

    @property
    def wanted(self) -> int:
        """How many binds there should be."""

    @property
    def in_flight(self) -> int:
        """Segments sent and not yet responded to."""

    @property
    def window(self) -> int:
        """How many segments may be so, at most."""

    @property
    def round_trip_ms(self) -> float | None:
        """Time of the last enquire_link in milliseconds; None before the first."""


class LinkControl(Protocol):
    """Who starts and stops the SMPP links of this process; called from any thread."""

    def is_ours(self, name: str) -> bool:
        """Tell whether a link is this process's to start and stop."""

    def start_link(self, name: str) -> None:
        """Bind a stopped link again."""

    def stop_link(self, name: str) -> None:
        """Unbind a link until it is started again; its answers wait as rows."""

    def drain_link(self, name: str) -> None:
        """Take no new texts by a link, and go on sending answers."""
