"""What is known of the sender when a text is filed: own tickets, what we asked last, the text before. Values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from db.schema.ticket_states import AskKind, TicketKind, TicketState
from db.store.record import record

HOURS_OF_A_WEEK = 7 * 24.0
"""How long an answered ticket may be rated or objected to."""

SECONDS_UNTIL_LIVE = 3.0
"""What is written sooner after our question was sent cannot answer it."""

_DAY, _WEEK = 24 * 3600.0, 7 * 24 * 3600.0
_LIVES = {
    AskKind.DETAILS: _WEEK,
    AskKind.RATE: _WEEK,
    AskKind.WHY_LOW: _WEEK,
    AskKind.WHICH: _DAY,
    AskKind.SEND_KEPT: _DAY,
}
"""Seconds after which a question of ours is out of date."""

NEW = "new"
"""The choice of *which* that opens a ticket."""

_ONGOING = (TicketState.NEW, TicketState.OPEN, TicketState.PENDING_THIRD)


class Guard(StrEnum):
    """Why nothing of a number is filed."""

    BLOCKED = "blocked"
    OWN = "own"
    LOOP = "loop"


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnTicket:
    """A ticket of the sender."""

    number: str
    kind: TicketKind
    state: TicketState
    subject: str = ""
    hours: float = 0.0
    """Since anything was last said on it."""
    opened_hours: float | None = None
    """Since it was opened."""
    words: str = ""
    """What it was opened with; empty where that is not known."""
    merged_into: str | None = None

    @property
    def is_over(self) -> bool:
        """Return whether it is closed, or was answered too long ago to be objected to without its number."""
        is_old = self.state is TicketState.RESOLVED and self.hours > HOURS_OF_A_WEEK
        return self.state is TicketState.CLOSED or is_old

    @property
    def can_be_rated(self) -> bool:
        """Return whether it was answered or closed within seven days."""
        is_answered = self.state in (TicketState.RESOLVED, TicketState.CLOSED)
        return is_answered and self.hours <= HOURS_OF_A_WEEK and self.merged_into is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ask:
    """The newest thing that we asked this number."""

    kind: AskKind
    seconds: float
    """Since its message was sent."""
    ticket: str | None = None
    choices: tuple[str, ...] = ()
    """Of *which*: ticket numbers, and `new`."""
    kept_text: str = ""
    """Of *which* and *send_kept*: the text that waits for the choice."""
    kept_command: str | None = None
    """The command that the kept text was nearly one of."""

    @property
    def is_out_of_date(self) -> bool:
        """Return whether it can no longer be answered."""
        return self.seconds > _LIVES[self.kind]

    @property
    def is_live(self) -> bool:
        """Return whether a text may be its answer."""
        return self.seconds >= SECONDS_UNTIL_LIVE and not self.is_out_of_date


@dataclass(frozen=True, kw_only=True, slots=True)
class Previous:
    """The text before this one: the ticket that it opened or extended."""

    seconds: float
    ticket: str


@record
class Situation:
    """All that filing knows of a sender."""

    tickets: tuple[OwnTicket, ...] = ()
    ask: Ask | None = None
    previous: Previous | None = None
    new_today: int = 0
    """Tickets that this number opened today."""
    is_subscribed: bool = False
    """Whether notices go to this number."""
    is_duty: bool = False
    """Whether it is the number of a duty contact."""
    guard: Guard | None = None

    @property
    def waiting(self) -> Sequence[OwnTicket]:
        """Return the tickets that wait for the citizen (P)."""
        return [one for one in self.tickets if one.state is TicketState.PENDING_CITIZEN]

    @property
    def answered(self) -> Sequence[OwnTicket]:
        """Return those that were resolved at most seven days ago (R)."""
        return [one for one in self.tickets if one.state is TicketState.RESOLVED and not one.is_over]

    @property
    def at_hand(self) -> Sequence[OwnTicket]:
        """Return the tickets of which a text without number may speak (P, O and R)."""
        return [one for one in self.tickets if not one.is_over]

    @property
    def live(self) -> Ask | None:
        """Return what we asked, while a text may answer it."""
        return self.ask if self.ask is not None and self.ask.is_live else None

    def live_of(self, *kinds: AskKind) -> Ask | None:
        """Return the live ask when it is one of these."""
        return self.live if self.live is not None and self.live.kind in kinds else None

    def find(self, number: str | None) -> OwnTicket | None:
        """Return the ticket of this number, or the one that it was merged into."""
        for _ in range(len(self.tickets)):
            ticket = next((one for one in self.tickets if one.number == number), None)
            if ticket is None or ticket.merged_into is None:
                return ticket
            if all(one.number != ticket.merged_into for one in self.tickets):
                return OwnTicket(number=ticket.merged_into, kind=ticket.kind, state=TicketState.OPEN)
            number = ticket.merged_into
        return None
