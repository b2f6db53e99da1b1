"""What subscribers of the simulated carrier see: a conversation of bubbles each, readable from any thread."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from db.schema import ReceiptState
from sms_gateway.channels.smpp.coding.text import Encoding

MAX_BUBBLES = 200
"""Kept of each conversation; older ones are forgotten."""


class Direction(StrEnum):
    """Which way a text went."""

    MO = "mo"  # from the subscriber's handset to the gateway
    MT = "mt"  # an answer of the gateway to the handset


@dataclass(frozen=True, kw_only=True, slots=True)
class Bubble:
    """One text on a handset."""

    id: int
    direction: Direction
    subscriber: str  # MSISDN
    short_code: str
    text: str
    encoding: Encoding
    segments: int
    message_ids: tuple[str, ...]  # of an answer: what the carrier called its segments
    receipt: ReceiptState | None  # of an answer: set once the gateway has taken the receipts of all segments
    at: datetime
    settled_at: datetime | None  # MO: the gateway acknowledged all of it; MT: it acknowledged all receipts


Conversation = tuple[Bubble, ...]


class CitizenNetwork(Protocol):
    """A network of which citizens text: the simulated carrier, or a simulated provider."""

    def send_text(self, sender: str, recipient: str, text: str) -> int:
        """Send a text as a citizen; return its bubble's id."""

    def conversation(self, subscriber: str) -> Conversation:
        """Return what a citizen sees, oldest first."""

    def wait_for(self, subscriber: str, holds: Callable[[Conversation], bool], timeout: float = 10.0) -> Conversation:
        """Wait until something holds of a conversation and return it; raises TimeoutError."""


class Conversations:
    """All conversations. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._by_subscriber: dict[str, list[Bubble]] = defaultdict(list)

    def get(self, subscriber: str) -> Conversation:
        """Return a conversation, oldest first."""
        with self._changed:
            return tuple(self._by_subscriber.get(subscriber, ()))

    def add(self, bubble: Bubble) -> None:
        """Append a bubble."""
        with self._changed:
            bubbles = self._by_subscriber[bubble.subscriber]
            bubbles.append(bubble)
            del bubbles[:-MAX_BUBBLES]
            self._changed.notify_all()

    def settle(self, subscriber: str, bubble_id: int, at: datetime, receipt: ReceiptState | None) -> None:
        """Mark a bubble as settled; one that is forgotten is passed over."""
        with self._changed:
            bubbles = self._by_subscriber.get(subscriber, [])
            for place, bubble in enumerate(bubbles):
                if bubble.id == bubble_id:
                    bubbles[place] = replace(bubble, settled_at=at, receipt=receipt)
            self._changed.notify_all()

    def wait_for(self, subscriber: str, holds: Callable[[Conversation], bool], timeout: float) -> Conversation:
        """Wait until something holds of a conversation and return it; raises TimeoutError after so many seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: holds(tuple(self._by_subscriber.get(subscriber, ()))), timeout):
                raise TimeoutError(f"not so within {timeout} s")
            return tuple(self._by_subscriber.get(subscriber, ()))
