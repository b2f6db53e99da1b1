"""The crowd: citizens who text at a steady rate, each once, so that all can be counted."""

from __future__ import annotations

import time
from threading import Thread

from sms_gateway.demo.simulator import CitizenNetwork, Conversation, Direction

SHORT_CODE = "8188"
TK_EVERY = 50
_TICK_SECONDS = 0.01


def number_of(citizen: int) -> str:
    """Return the MSISDN of the n-th citizen."""
    return f"849{citizen:08d}"


def text_of(citizen: int) -> str:
    """Return what the n-th citizen texts: one in fifty opens an account, the others ask."""
    if citizen % TK_EVERY == 0:
        return f"TK, Nguyen Van A, 2{citizen:08d}, 20/12/1990"
    return "HD" if citizen % 2 else f"DVC 000.00.12.H17-230815-{citizen % 10000:04d}"


class Crowd:
    """A thread that sends texts."""

    def __init__(self, carrier: CitizenNetwork, *, rate: float) -> None:
        self._carrier = carrier
        self._last: int | None = None
        self._rate = rate
        self._thread = Thread(target=self._run, name="crowd", daemon=True)
        self.sent = 0

    def start(self) -> None:
        """Begin to text."""
        self._thread.start()

    def end_after(self, texts: int) -> None:
        """Text until there are so many, or no more when there are."""
        self._last = texts

    @property
    def done(self) -> bool:
        """Tell whether everybody has texted."""
        return not self._thread.is_alive()

    def conversations(self) -> list[Conversation]:
        """Return what each citizen who texted sees."""
        return [self._carrier.conversation(number_of(citizen)) for citizen in range(self.sent)]

    def waiting(self) -> int:
        """Count the citizens whose text is not acknowledged or not answered."""
        return sum(not is_served(conversation) for conversation in self.conversations())

    def _run(self) -> None:
        started = time.monotonic()
        while self._last is None or self.sent < self._last:
            time.sleep(_TICK_SECONDS)
            due = int((time.monotonic() - started) * self._rate)
            while self.sent < due:
                self._carrier.send_text(number_of(self.sent), SHORT_CODE, text_of(self.sent))
                self.sent += 1


def is_served(conversation: Conversation) -> bool:
    """Tell whether the text is acknowledged and the answer there."""
    texts = [bubble for bubble in conversation if bubble.direction is Direction.MO]
    return all(bubble.settled_at for bubble in texts) and len(texts) < len(conversation)
