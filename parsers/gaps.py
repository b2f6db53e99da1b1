"""Gaps in long texts: what touches a part that never came is read as nothing, since nobody knows what stood there."""

from __future__ import annotations

import re
from collections.abc import Iterable

GAP = "\ufdd0"
"""Stands for parts that never came. Unicode keeps it for use inside programs, so no telephone writes it.

A citizen's own `…` is another character and is read as punctuation.
"""

_HARD = frozenset(",;|")
"""What always ends a code: nothing beyond it can belong to the same one."""

_TOKEN = re.compile(r"\s+|[,;|]|[^\s,;|]+")
_WORD = re.compile(r"(?=.*[^\W\d_OoIiLl])[^\W\d_]{3,}")
"""A word that is no piece of a code: letters alone, more than a series has, not all of them typed for 0 and 1."""
_AROUND_WORDS = ".:!?\"'()"


def without_gaps(text: str) -> str:
    """Take out each gap with all that could belong to one code or word with what is missing. Takes linear time.

    >>> without_gaps(f"DVC 123456, 104{GAP} 02 gui 8188")
    'DVC 123456,  ,  gui 8188'
    >>> without_gaps(f"DVC 123456 {GAP}"), without_gaps(f"DVC 123456 cua toi {GAP}")
    ('DVC  , ', 'DVC 123456 cua toi  , ')
    """
    pieces = text.split(GAP)
    last = len(pieces) - 1
    kept = []
    for place, piece in enumerate(pieces):
        tokens: list[str] = _TOKEN.findall(piece)
        if place > 0:
            tokens = tokens[_touched(tokens) :]
        if place < last:
            tokens = tokens[: len(tokens) - _touched(reversed(tokens))]
        kept.append("".join(tokens))
    return " , ".join(kept)


def _touched(tokens: Iterable[str]) -> int:
    """Count the tokens, from the gap on, that could be one with what is missing."""
    touched = 0
    for place, token in enumerate(tokens):
        if token in _HARD or (place > 0 and _WORD.fullmatch(token.strip(_AROUND_WORDS))):
            break
        if not token.isspace():
            touched = place + 1
    return touched
