"""User names made from a person's name: short, without accents, easy to type, and without other data."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from handlers.wording.plain import plain

STEM_LETTERS = 20
"""Longest stem; with its number it stays below the 32 letters of the column, and the answer in one segment."""
LEAST_LETTERS = 4
"""A stem shorter than this (`anv`) is made of the whole name instead (`nguyenvana`)."""
NAMELESS = "congdan"
"""Stem of a name without Latin letters: `citizen`."""
_TRIES = 4


def stem_of(full_name: str) -> str:
    """Return the given name and the initials before it, in a-z.

    >>> stem_of("Nguyễn Thị Thu Hằng"), stem_of("Đặng Văn Út"), stem_of("Nguyễn Văn A")
    ('hangntt', 'utdv', 'nguyenvana')
    """
    words = ["".join(filter(str.isalpha, word)) for word in plain(full_name).lower().split()]
    words = [word for word in words if word]
    if not words:
        return NAMELESS
    short = words[-1] + "".join(word[0] for word in words[:-1])
    return (short if len(short) >= LEAST_LETTERS else "".join(words))[:STEM_LETTERS]


def candidates(full_name: str) -> Iterator[str]:
    """Return user names to try: the stem, the stem with 2 … 9, then with random numbers of two to seven digits.

    Numbers above nine are random. So a free one is found with one query among a hundred thousand people of the same
    name, and a user name does not show how many there are.
    """
    stem = stem_of(full_name)
    yield stem
    for number in range(2, 10):
        yield f"{stem}{number}"
    for digits in range(2, 8):
        least = 10 ** (digits - 1)
        for _ in range(_TRIES):
            yield f"{stem}{least + secrets.randbelow(9 * least)}"
