"""How the keywords of the conversation are written: in front of words, or in front of a number that may touch them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.grammar import Writing
from parsers.text.spelling.syllables import is_plain_syllable

LEAD = (
    r"(?:[\s.,;:!|\"'<>()\[\]{}*~=_/\\+^-]|(?:SOAN(?:\s*TIN(?:\s*NHAN)?)?|NHAN\s*TIN|TIN\s*NHAN|CU\s*PHAP(?:\s*LA)?"
    r"|GUI(?:\s+(?:DEN|TOI))?\s+[0-9]{3,6}|(?:(?:XIN|EM|DA|KINH)\s+){0,3}CHAO"
    r"(?:\s+(?:ANH|CHI|EM|BAN|CAC|CO|CHU|BAC|AD|QUY|CO\s*QUAN|CAN\s*BO|TONG\s*DAI)){0,4}|A\s?LO)(?![^\W_]))*"
)
"""What may be before a keyword: marks, words copied from the instruction, a greeting."""

_END = r"(?![^\W_])"
_NUMBER_NEXT = r"(?=[0-9#]|Y[\s./-]{0,2}C(?:[\s.:,#-]|SO)*[0-9])"
_MOST_SPACED = 3
"""Letters of a keyword that may be written apart (`P.A`)."""
_ENOUGH_WORDS = r"(?=\s*[:,;.|-]|\s+(?!(?:HIEM|GIA|TIENG|HO)(?![^\W_]))[^\W_]+\s+[^\W_]+\s+[^\W_]+)"
"""A mark, or three words that make no other word of it (`khan hiem`, `khan gia`)."""


def words_follow(keyword: str, others: Sequence[str] = ()) -> Writing:
    """Return how a keyword is written that words follow: no letter and no digit touches it.

    >>> writing = words_follow("PA")
    >>> [writing.written.match(text) is not None for text in ("PA DEN HONG", "P.A: DEN", "PADEN HONG")]
    [True, True, False]
    """
    del others
    whole = _whole(keyword)
    return Writing(written=re.compile(f"{whole}{_END}"), named=_named(keyword))


def word_among_words(keyword: str, others: Sequence[str] = ()) -> Writing:
    """Return the same for a keyword that may be a common word (`KHAN`): it needs a mark behind it, or three words.

    >>> writing = word_among_words("KHAN")
    >>> [writing.written.match(text) is not None for text in ("KHAN: CHAY", "KHAN CHAY O CHO", "KHAN HIEM NUOC SACH")]
    [True, True, False]
    """
    if not is_plain_syllable(keyword):
        return words_follow(keyword, others)
    return Writing(written=re.compile(f"{_whole(keyword)}{_END}{_ENOUGH_WORDS}"), named=_named(keyword))


def number_follows(keyword: str, others: Sequence[str] = ()) -> Writing:
    """Return how a keyword is written that a number may touch.

    >>> writing = number_follows("TT")
    >>> [found.end() if (found := writing.written.match(text)) else None for text in ("TTYC482173051", "TT", "TTDL")]
    [2, 2, None]
    """
    del others
    return Writing(written=re.compile(f"{_whole(keyword)}(?:{_END}|{_NUMBER_NEXT})"), named=_named(keyword))


def _whole(keyword: str) -> str:
    written = r"\s+".join(map(re.escape, keyword.split()))
    if len(keyword) > _MOST_SPACED:
        return written
    spaced = r"[\s.]+".join(keyword)
    return f"(?:{written}|{spaced})"


def _named(keyword: str) -> re.Pattern[str]:
    return re.compile(rf"{_whole(keyword)}{_END}")
