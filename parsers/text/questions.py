"""Whether a text asks something, and how much two texts have in common."""

from __future__ import annotations

import re

_QUESTION = re.compile(
    r"(?<![^\W_])(?:(?<!BAN )(?<![0-9] )SAO|KHONG|KHOONG|KO|K|KHG|GI|NAO|DAU|MAY\s+GIO|BAO\s+(?:GIO|LAU|NHIEU)"
    r"|QUEN\s+(?:MK|MAT\s+KHAU|PASS)|BI\s+KHOA)(?![^\W_])|\?"
)
"""Question words; `the nao` holds one of them. A copy (`ban sao`) and stars (`5 sao`) ask nothing."""
_WORD = re.compile(r"[^\W_]+")
FEWEST_COMPARED = 4
"""Words of a text that is compared; in a shorter one, the same words say too little."""


def is_question(folded: str) -> bool:
    """Return whether a folded text asks something.

    >>> [is_question(text) for text in ("MAY GIO MO CUA", "TOI QUEN MK", "XIN CAP BAN SAO KHAI SINH", "CHUA CO NUOC")]
    [True, True, False, False]
    """
    return _QUESTION.search(folded) is not None


def words_in(folded: str) -> tuple[str, ...]:
    """Return the words and numbers of a folded text.

    >>> words_in("DEN HONG, TRUOC NHA 25!")
    ('DEN', 'HONG', 'TRUOC', 'NHA', '25')
    """
    return tuple(_WORD.findall(folded))


def overlap(folded: str, other: str) -> float:
    """Return the share of the words of two folded texts that both hold; 0.0 where one has fewer than four words.

    >>> overlap("DEN DUONG HONG O LE DUAN", "den duong hong o Le Duan!".upper())
    1.0
    >>> overlap("DEN DUONG HONG ROI", "DEN DUONG HONG O LE DUAN"), overlap("DEN HONG", "DEN HONG")
    (0.42857142857142855, 0.0)
    """
    words, others = words_in(folded), words_in(other)
    if min(len(words), len(others)) < FEWEST_COMPARED:
        return 0.0
    shared, either = set(words) & set(others), set(words) | set(others)
    return len(shared) / len(either)
