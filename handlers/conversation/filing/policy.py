"""What a service decides about filing: what becomes of a text that is no command, and whether urgent reports are on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FreeText(StrEnum):
    """What becomes of a text without keyword and without ticket."""

    ASK = "ask"  # it is kept, and its sender is asked whether to send it
    OPEN = "open"  # it becomes a ticket
    OFF = "off"  # it is answered as without conversation


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """The settings that filing needs."""

    free_text: FreeText = FreeText.ASK
    has_urgent: bool = True
    """Whether urgent reports are taken; without, they are told whom to call."""
    most_new_a_day: int = 5
    """Tickets that one number opens in a day; a further text is kept as unfiled."""
