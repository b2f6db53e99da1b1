"""Gaps in long texts: what touches a part that never came is not read, since nobody knows what was there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from parsers.grammars.status_lookup_secrets import can_be_secret
from parsers.text.normal_form import fold, normalise

GAP = "\ufdd0"
"""In place of parts that never came. Unicode reserves it for use inside programs, so no phone writes it. A citizen's
own `…` is another character and is read as punctuation."""

_HARD = frozenset(",;|")
"""What always ends a code: nothing after it can belong to the same code."""

_TOKEN = re.compile(r"\s+|[,;|]|[^\s,;|]+")
_WORD = re.compile(r"(?=.*[^\W\d_OoIiLl])[^\W\d_]{3,}")
"""A word that is no piece of a code: only letters, more than a series has, not all of them typed for 0 and 1."""
_DIGIT = re.compile(r"\d")
_FOUR_DIGITS = re.compile(r"\d{4}")
_AROUND_WORDS = ".:!?\"'()"


def without_gaps(text: str, *, with_secrets: bool = False) -> str:
    """Remove each gap with all that could belong to one code or word with the missing part. Takes linear time.

    >>> without_gaps(f"DVC 123456, 104{GAP} 02 gui 8188")
    'DVC 123456,  ,  gui 8188'
    >>> without_gaps(f"DVC 123456 {GAP}"), without_gaps(f"DVC 123456 cua toi {GAP}")
    ('DVC  , ', 'DVC 123456 cua toi  , ')
    >>> without_gaps(f"DVC 104{GAP}, 1234, 123456", with_secrets=True)  # the secret of a code that was not read
    'DVC  , , 123456'
    """
    pieces = text.split(GAP)
    last = len(pieces) - 1
    kept = []
    for place, piece in enumerate(pieces):
        tokens: list[str] = _TOKEN.findall(piece)
        if place > 0:
            tokens = tokens[_touched(tokens) :]
            tokens = tokens[_secret_end(tokens) if with_secrets else 0 :]
        if place < last:
            tokens = tokens[: len(tokens) - _touched(reversed(tokens))]
            tokens = tokens[: _secret_start(tokens) if with_secrets else None]
        kept.append("".join(tokens))
    return " , ".join(kept)


def _touched(tokens: Iterable[str]) -> int:
    """Count the tokens from the gap on that could be one with the missing part."""
    touched = 0
    for place, token in enumerate(tokens):
        if token in _HARD or (place > 0 and _WORD.fullmatch(token.strip(_AROUND_WORDS))):
            break
        if not token.isspace():
            touched = place + 1
    return touched


def _secret_end(tokens: Sequence[str]) -> int:
    """Return where the part right after a gap ends, when it holds what can be the secret of the code in the gap."""
    start = len(list(takewhile(_is_between, tokens)))
    end = start + len(list(takewhile(lambda token: token not in _HARD, tokens[start:])))
    words = (fold(normalise(token)).strip(_AROUND_WORDS) for token in tokens[start:end])
    return end if any(can_be_secret(word) and not word.isalpha() for word in words) else 0


def _secret_start(tokens: Sequence[str]) -> int:
    """Return where four digits begin that stand alone before a gap: the secret may stand before its code."""
    start = len(tokens) - len(list(takewhile(_is_between, reversed(tokens)))) - 1
    if start < 0 or not _FOUR_DIGITS.fullmatch(tokens[start]) or _DIGIT.search("".join(tokens[:start])):
        return len(tokens)
    return start


def _is_between(token: str) -> bool:
    return token.isspace() or token in _HARD
