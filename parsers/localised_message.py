"""A thing told to the people of the service: its key, its English words and the values in them.

Programs print the words; the pages say the same in the reader's language, by the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One sentence; `{name}` in its words stands for a value, which may be a sentence itself."""

    key: str
    words: str
    values: Mapping[str, str | int | Told] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the English words with their values."""
        return self.words.format_map(self.values) if self.values else self.words


def tell(table: Mapping[str, str], key: str, **values: str | int | Told) -> Told:
    """Return the sentence under a key of a table; an unknown key is our mistake and raises KeyError.

    >>> str(tell({"late": "{who} is late"}, "late", who="An"))
    'An is late'
    """
    return Told(key=key, words=table[key], values=values)
