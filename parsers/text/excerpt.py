"""Excerpt: a stretch of a normal text beside its folded form, position for position."""

from __future__ import annotations

import re
from typing import NamedTuple

from parsers.text.normal_form import NormalText, fold


class Excerpt(NamedTuple):
    """`shown` keeps case and accents; `folded` is as long, upper case, without accents.

    >>> Excerpt.of("Tk, Lê").cut(4)
    Excerpt(shown='Lê', folded='LE')
    """

    shown: str
    folded: str

    @classmethod
    def of(cls, text: NormalText | str) -> Excerpt:
        """Pair a normal text with its folded form."""
        return cls(text, fold(text))

    def cut(self, start: int, end: int | None = None) -> Excerpt:
        """Take the part from `start` up to `end`."""
        return Excerpt(self.shown[start:end], self.folded[start:end])

    def is_quoted_alone(self, start: int, end: int) -> bool:
        """Return whether a part is in double quotes and nothing else is; the frame removes the last mark."""
        if self.folded[max(0, start - 1) : start] != '"':
            return False
        others = self.folded.count('"') - 1
        return others == 0 if end == len(self.folded) else others == 1 and self.folded[end] == '"'

    def blank(self, found: re.Match[str], filler: str = ",") -> Excerpt:
        """Replace what was found, keeping every position."""
        start, end = found.span()
        wiped = filler * (end - start)
        return Excerpt(
            self.shown[:start] + wiped + self.shown[end:],
            self.folded[:start] + wiped + self.folded[end:],
        )
