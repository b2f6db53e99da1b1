"""The table of keywords, their glued and spaced forms, and their near misses."""

from __future__ import annotations

import re
from typing import NamedTuple

from parsers.commands import CommandName


class Keyword(NamedTuple):
    """One row: the word people are told to send, the command it begins, and every way it is written."""

    word: str
    command: CommandName
    written: re.Pattern[str]
    glued: re.Pattern[str] | None


KEYWORDS = (
    Keyword(
        "TK",
        CommandName.REGISTER_ACCOUNT,
        re.compile(r"(?:TK|T[\s.]+K)(?![^\W_])|T[\s.]+K(?=[0-9])"),
        re.compile(r"TK(?=[^\W_])"),
    ),
    Keyword(
        "DVC",
        CommandName.LOOK_UP_STATUS,
        re.compile(r"D[\s.]*V[\s.]*C(?![^\W\d_])"),
        re.compile(r"DVC(?=[^\W\d_])"),
    ),
    Keyword(
        "HD",
        CommandName.HELP,
        re.compile(r"(?:HD|H[\s.]+D|HUONG\s*DAN|TRO\s*GIUP|HELP)(?=\W|_|\Z|TK|DVC)|\?+"),
        None,
    ),
)
"""A new command adds its row here and its reader in `parsers.reading`."""

_HELP_WORDS = ("HUONGDAN", "TROGIUP", "HELP")
_SWAPPED_OR_DOUBLED = frozenset({"DH", "HHD", "HDD"})
_SPELLED_OUT = re.compile(
    r"(?P<DVC>(?:TRA\s*CUU\s*)?DICH\s*VU\s*CONG)|(?P<TK>DANG\s*KY(?:\s*TAI\s*KHOAN)?|TAI\s*KHOAN)(?![^\W_])"
)
"""What the keywords stand for."""
_LETTERS = re.compile(r"[^\W\d_]+")
_LOOK_ALIKES = str.maketrans("АВЕЅІЈКМНОРСТХΑΒΕΗΙΚΜΝΟΡΤΧ", "ABESIJKMHOPCTXABEHIKMNOPTX")
"""Cyrillic and Greek capitals that look like Latin ones."""
_FIRST_LETTERS = re.compile(r"[^\W\d_]+(?:\s+[^\W\d_]+)?")


class Begun(NamedTuple):
    """The keyword a text begins with; `end` is where its content starts."""

    keyword: Keyword
    end: int
    is_glued: bool


def match_keyword(folded: str) -> Begun | None:
    """Find the keyword a framed text begins with.

    >>> begun = match_keyword("D.V.C 123456")
    >>> begun.keyword.word, begun.end, begun.is_glued
    ('DVC', 5, False)
    >>> match_keyword("T KHANH")
    """
    for keyword in KEYWORDS:
        found = keyword.written.match(folded)
        if found is not None:
            return Begun(keyword, found.end(), is_glued=False)
        if keyword.glued is not None:
            found = keyword.glued.match(folded)
            if found is not None:
                return Begun(keyword, found.end(), is_glued=True)
    return None


def is_one_edit(word: str, keyword: str) -> bool:
    """Tell whether one letter inserted, deleted, replaced, or two neighbours swapped, lie between two words.

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


def near_keywords(folded: str) -> list[tuple[str, int]]:
    """List the keywords one edit away from the first word, each with the position where its content would start."""
    first = _LETTERS.match(folded)
    if first is None:
        return []
    word = first.group().translate(_LOOK_ALIKES)
    near = [
        (row.word, first.end())
        for row in KEYWORDS
        if row.command is not CommandName.HELP and (is_one_edit(word, row.word) or word == row.word != first.group())
    ]
    spelled_out = _SPELLED_OUT.match(folded)
    if spelled_out is not None and spelled_out.lastgroup is not None:
        near.append((spelled_out.lastgroup, spelled_out.end()))
    words = _FIRST_LETTERS.match(folded)
    both = "".join(words.group().split()) if words is not None else word
    for taken, end in ((word, first.end()), (both, words.end() if words is not None else first.end())):
        if taken in _SWAPPED_OR_DOUBLED or any(is_one_edit(taken, spelled) for spelled in _HELP_WORDS):
            near.append(("HD", end))
    return near
