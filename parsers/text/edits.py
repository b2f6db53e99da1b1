"""Slips of the finger: words that are one edit apart."""

from __future__ import annotations


def is_one_edit(word: str, keyword: str) -> bool:
    """Return whether two words differ by one letter inserted, deleted or replaced, or by two neighbours swapped.

    >>> [is_one_edit(word, "DVC") for word in ("DCV", "DVCC", "DV", "DBC", "DVC", "VDCC")]
    [True, True, True, True, False, False]
    """
    if word == keyword or abs(len(word) - len(keyword)) > 1:
        return False
    if len(word) == len(keyword):
        unlike = [at for at in range(len(word)) if word[at] != keyword[at]]
        first, last = unlike[0], unlike[-1]
        swapped = word[first] == keyword[last] and word[last] == keyword[first]
        return first == last or (last == first + 1 and swapped)
    shorter, longer = sorted((word, keyword), key=len)
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
