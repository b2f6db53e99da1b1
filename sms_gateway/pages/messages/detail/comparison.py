"""Two forms of one text side by side: the pieces that are the same in both, and the pieces that differ.

A stranger wrote the text, so the time for each of its characters is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass

_AHEAD = 12
"""Characters skipped at most, on both sides together, until the two agree again; else the rest is one piece. An
entity, or a letter of broken UTF-8, is shorter."""
_AGREEING = (3, 1)
"""Characters that must be the same for the two to agree again; fewer where one change closely follows the other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A piece of text, and whether the other form differs there."""

    text: str
    differs: bool


def compare(raw: str, normal: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Cut two texts into pieces that are the same in both and pieces that differ. Linear time.

    >>> [(piece.text, piece.differs) for piece in compare("TK; A", "TK, A")[0]]
    [('TK', False), (';', True), (' A', False)]
    >>> [(piece.text, piece.differs) for piece in compare("A &amp;  B", "A & B")[0]]
    [('A &', False), ('amp; ', True), (' B', False)]
    """
    left: list[Piece] = []
    right: list[Piece] = []
    place = other = 0
    while place < len(raw) or other < len(normal):
        same = _same_from(raw, place, normal, other)
        _add(left, raw[place : place + same], differs=False)
        _add(right, normal[other : other + same], differs=False)
        place, other = place + same, other + same
        next_place, next_other = _agreement_after(raw, place, normal, other)
        _add(left, raw[place:next_place], differs=True)
        _add(right, normal[other:next_other], differs=True)
        place, other = next_place, next_other
    return tuple(left), tuple(right)


def _same_from(raw: str, place: int, normal: str, other: int) -> int:
    """Return how many characters are the same from these positions on."""
    most = min(len(raw) - place, len(normal) - other)
    return next((count for count in range(most) if raw[place + count] != normal[other + count]), most)


def _agreement_after(raw: str, place: int, normal: str, other: int) -> tuple[int, int]:
    """Return the nearest positions from which the two are the same again; their ends when those are far."""
    if raw[place + 1 : place + 2] == normal[other + 1 : other + 2] != "":  # one character for one
        return place + 1, other + 1
    for length in _AGREEING:
        for skipped in range(1, _AHEAD + 1):
            for start in range(place, min(place + skipped, len(raw)) + 1):
                twin = other + skipped - (start - place)
                if twin <= len(normal) and raw[start : start + length] == normal[twin : twin + length]:
                    return start, twin
    return len(raw), len(normal)


def _add(pieces: list[Piece], text: str, *, differs: bool) -> None:
    if text:
        pieces.append(Piece(text=text, differs=differs))
