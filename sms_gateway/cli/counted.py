"""Numbers with their nouns, as commands print them."""

from __future__ import annotations


def counted(count: int, one: str, many: str) -> str:
    """Return a number with the form of the noun that it needs.

    >>> counted(1, "entry", "entries"), counted(0, "entry", "entries")
    ('1 entry', '0 entries')
    """
    return f"{count} {one if count == 1 else many}"
