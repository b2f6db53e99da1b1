"""The places of secrets in the text of a look-up: everything with a digit that is no code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parsers.commands import NamesDossiers
from parsers.text.normal_form import fold, normalise

_RUN = re.compile(r"[^\W_]+")
_PASSWORD = re.compile(r"[A-Z]{6,12}")


def places_beside_codes(text: str, reading: NamesDossiers, keywords: Sequence[str]) -> frozenset[int]:
    """Return the places of the secrets, and of what may be one; none when the service asked for none."""
    if all(code.secret is None for code in reading.codes):
        return frozenset()
    return frozenset(_beside_codes(text, reading, keywords))


def _beside_codes(text: str, reading: NamesDossiers, keywords: Sequence[str]) -> Iterator[int]:
    alone = {sign: fold(normalise(sign)) for sign in set(text)}  # each sign once, however often it comes
    letters = [(letter, place) for place, sign in enumerate(text) for letter in alone[sign] if letter.isalnum()]
    joined = "".join(letter for letter, _ in letters)
    codes = {
        place for code in reading.codes for place in _places_of_code(text, letters, joined, code.canonical, keywords)
    }
    is_missed = any(not code.secret for code in reading.codes)  # it may be where nobody looked for it
    for run in _RUN.finditer(text):
        if _has_digit(run.group()) or (is_missed and _PASSWORD.fullmatch(run.group())):
            yield from (place for place in range(run.start(), run.end()) if place not in codes)
    for secret in {code.secret for code in reading.codes if code.secret}:
        if secret not in joined and not _has_digit(secret):
            yield from (place for _, place in letters if place not in codes)
        for found in re.finditer(re.escape(secret), joined):
            places = {place for _, place in letters[found.start() : found.end()]}
            yield from places - codes


def _places_of_code(
    text: str, letters: list[tuple[str, int]], joined: str, canonical: str, keywords: Sequence[str]
) -> set[int]:
    """Return the place of a code that is alone, or after the keyword; nothing when that is not sure."""
    for found in re.finditer(re.escape(canonical), joined):
        first, last = letters[found.start()][1], letters[found.end() - 1][1]
        before = joined[: found.start()]
        glued = max((len(keyword) for keyword in keywords if before.endswith(keyword)), default=0)
        begins = glued or not text[max(first - 1, 0) : first].isalnum()
        if begins and not text[last + 1 : last + 2].isalnum():
            start = letters[found.start() - glued][1] if glued else first
            return set(range(start, last + 1))
    return set()


def _has_digit(text: str) -> bool:
    return any(letter.isdecimal() for letter in text)
