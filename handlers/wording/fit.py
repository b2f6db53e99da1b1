"""Answers in as few segments as their content allows (GSM 03.38 §6.1: 160 septets, or 153 a part of several)."""

from __future__ import annotations

from collections.abc import Iterable

SEGMENT = 160
"""Septets of an answer in one segment."""
PART = 153
"""Septets of each segment of several: seven are the header that joins them (3GPP 23.040 §9.2.3.24.1)."""


def room(segments: int) -> int:
    """Return the septets that this many segments hold."""
    return SEGMENT if segments == 1 else segments * PART


def first_fit(candidates: Iterable[str], *, segments: int = 1) -> str | None:
    """Return the first candidate that these segments hold, None when none does; texts are plain."""
    limit = room(segments)
    return next((text for text in candidates if len(text) <= limit), None)


def clip(text: str, letters: int, mark: str) -> str:
    """Cut a text between words to at most `letters` and set the mark behind it; a text that fits is left alone.

    The mark says that there is more, so nobody takes the part for the whole; it is not counted.
    """
    if len(text) <= letters:
        return text
    head = text[: letters + 1]
    cut = head.rfind(" ")
    kept = head[:cut] if cut > letters // 2 else text[:letters]
    return f"{kept.rstrip(' ,;.:-(')}{mark}"
