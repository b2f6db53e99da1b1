"""Answers in as few segments as their content allows (GSM 03.38 §6.1: 160 septets, or 153 a part of several).

A wording may have accents. Its form is chosen by the text without accents, which is as long and has one septet a
letter. At the end the text is sent with accents when they take no more segments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from handlers.wording.plain import is_plain, unaccented

SEGMENT = 160
"""Septets of an answer in one segment."""
PART = 153
"""Septets of each segment of several: seven are the header that joins them (3GPP 23.040 §9.2.3.24.1)."""

MOST_SEGMENTS = 3
"""Segments of the longest answer: one for each of three dossiers."""

UCS2_SEGMENT = 70
"""16-bit units of an answer in one segment, where a letter is not in GSM 03.38 (SMPP 3.4 §5.2.19)."""
UCS2_PART = 67


def room(segments: int) -> int:
    """Return the septets that this many segments hold."""
    return SEGMENT if segments == 1 else segments * PART


def first_fit(candidates: Iterable[str], *, segments: int = 1) -> str | None:
    """Return the first candidate that these segments hold without its accents, None when none does."""
    limit = room(segments)
    return next((text for text in candidates if len(text) <= limit), None)


def cheaper(text: str, segments_of: Callable[[str], int]) -> str:
    """Return a text itself when it takes no more segments than without accents, else the text without accents."""
    if text.isascii():
        return text
    twin = unaccented(text)
    return text if segments_of(text) <= segments_of(twin) else twin


def counted_by_length(text: str) -> int:
    """Count segments as if every letter that is not plain needed UCS-2: for callers that know no carrier's alphabet."""
    units, alone, several = len(text), SEGMENT, PART
    if not is_plain(text):
        units, alone, several = len(text.encode("utf-16-le", "surrogatepass")) // 2, UCS2_SEGMENT, UCS2_PART
    return 1 if units <= alone else -(-units // several)


def clip(text: str, letters: int, mark: str) -> str:
    """Cut a text between words to at most `letters` and put the mark after it; a text that fits is not changed.

    The mark shows that there is more, so nobody takes the part for the whole; it is not counted.
    """
    if len(text) <= letters:
        return text
    head = text[: letters + 1]
    cut = head.rfind(" ")
    kept = head[:cut] if cut > letters // 2 else text[:letters]
    return f"{kept.rstrip(' ,;.:-(')}{mark}"
