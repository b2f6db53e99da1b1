"""A situation, with what the filing rules ask of it."""

from __future__ import annotations

from tests.generators.conversation.situations import DAY, Ask, Situation, Ticket

Expected = dict[str, object]
"""What must happen; a key that the design leaves open is not in it."""
WEEK = 7 * DAY
LIVE_FROM = 3
"""Seconds after an ask was sent, from which it is live."""
LASTS = {"details": WEEK, "rate": WEEK, "why_low": WEEK, "which": DAY, "send_kept": DAY}
OPEN = ("new", "open", "pending_third")
QUIET = ("thanks", "ok", "polite")
A_SCORE = ("digit", "score")


class Known:
    """A situation, with what the rules ask of it."""

    def __init__(self, given: Situation) -> None:
        self.given = given
        self.tickets = given["tickets"]
        self.waiting = [one for one in self.tickets if one["state"] == "pending_citizen"]
        self.open = [one for one in self.tickets if one["state"] in OPEN]
        self.resolved = [one for one in self.tickets if one["state"] == "resolved" and one["hours"] <= 7 * 24]
        self.active = [*self.waiting, *self.open, *self.resolved]
        self.ask = self._live()

    def _live(self) -> Ask | None:
        ask = self.given["ask"]
        return ask if ask is not None and LIVE_FROM <= ask["seconds"] <= LASTS[ask["kind"]] else None

    def asks(self, kind: str) -> bool:
        return self.ask is not None and self.ask["kind"] == kind

    def asked_ticket(self) -> Ticket | None:
        return self.find(self.ask.get("ticket")) if self.ask is not None else None

    def find(self, number: str | None) -> Ticket | None:
        return next((one for one in self.tickets if one["number"] == number), None)

    @property
    def f4(self) -> Ticket | None:
        """The ticket that a remark answers: the one asked about, or the only one that waits."""
        asked = self.asked_ticket() if self.asks("details") else None
        if asked is not None and self.waiting == [asked]:
            return asked
        return self.waiting[0] if len(self.waiting) == 1 and len(self.active) == 1 else None

    @property
    def wants_details(self) -> bool:
        """Whether a *details* ask is live; one ticket that waits, with no ask given, counts as live."""
        return self.asks("details") or (self.given["ask"] is None and len(self.waiting) == 1)
