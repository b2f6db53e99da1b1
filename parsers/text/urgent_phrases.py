"""Phrases of danger to life. The table is data: a city may replace it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from parsers.text.folding import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgentPhrase:
    """One phrase; `chay nha|rung` stands for `chay nha` and `chay rung`.

    A phrase with accents is searched in texts with accents only, one without accents in texts without. All other fields
    are folded words, without accents.
    """

    words: str
    not_behind: tuple[str, ...] = ()
    """It does not count where one of these is before it."""
    although: tuple[str, ...] = ()
    """Where the text holds one of these, `not_behind` is of no account."""
    not_directly_behind: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    """It counts only directly before or behind one of these."""
    not_with: tuple[str, ...] = ()
    """It does not count in a text that holds one of these."""


_VEHICLES_AND_PROGRAMS = (
    *("xe", "buyt", "tuyen", "tau", "nuoc", "app", "ung dung", "phan mem", "he thong", "chuong trinh"),
)
_SIGNS_OF_FIRE = ("khoi", "lua", "boc chay", "cuu hoa", "114")
_ABOUT_BENEFITS = (
    *("lao dong", "BHYT", "bao hiem", "che do", "duoc huong", "boi thuong", "vien phi", "phi cap cuu", "thanh toan"),
    *("khai bao", "thu tuc", "giay to", "bien ban", "hay xay ra"),
)
_MEALS = ("quan", "an", "com", "do", "mon", "tiem")


def _runs_or_burns(words: str, not_directly_behind: tuple[str, ...] = ()) -> UrgentPhrase:
    """`chay` is *burn* or, of vehicles and programs, *run*; behind a meal it is *without meat*."""
    return UrgentPhrase(
        words=words,
        not_behind=_VEHICLES_AND_PROGRAMS,
        although=_SIGNS_OF_FIRE,
        not_directly_behind=not_directly_behind,
    )


_PHRASES: Final = (
    *(UrgentPhrase(words=words) for words in ("cháy", "nổ", "đuối nước", "cướp", "tự tử")),
    *(UrgentPhrase(words=words, not_with=_ABOUT_BENEFITS) for words in ("cấp cứu", "tai nạn", "tai nan", "cap cuu")),
    *(UrgentPhrase(words=words) for words in ("chay nha|rung|cho|lon", "no binh|ga", "duoi nuoc", "bi cuop")),
    UrgentPhrase(words="tu tu", beside=("muon", "dinh", "nguoi", "nhay", "nhay cau", "nhay lau", "nhay song")),
    *map(_runs_or_burns, ("co chay", "dang chay", "bi chay")),
    _runs_or_burns("chay o|tai", _MEALS),
)
"""The phrases that a service begins with; the conditions of each are in its row."""


class UrgentTable:
    """A table of phrases with its patterns, which are made once."""

    def __init__(self, phrases: Sequence[UrgentPhrase]) -> None:
        self.phrases = tuple(phrases)
        self._compiled = {accented: tuple(_compiled(phrases, is_accented=accented)) for accented in (False, True)}
        self._any = {
            accented: re.compile("|".join(each.pattern.pattern for each in compiled) or "(?!)")
            for accented, compiled in self._compiled.items()
        }

    def spans_in(self, searched: str, folded: str, *, is_accented: bool) -> list[tuple[int, int]]:
        """Return where phrases are whose conditions hold."""
        if self._any[is_accented].search(searched) is None:
            return []
        return [
            match.span()
            for phrase in self._compiled[is_accented]
            if not _holds(phrase.not_with, folded)
            for match in phrase.counted_in(searched, folded)
        ]


def urgent_phrases(text: str, table: UrgentTable | None = None) -> tuple[str, ...]:
    """Return the phrases of danger that a text of the normal form holds: each once, in order, none inside another.

    >>> urgent_phrases("ngoai do dang chay lon"), urgent_phrases("Nhà tôi đang cháy, có người bị đuối nước")
    (('dang chay',), ('cháy', 'đuối nước'))
    >>> urgent_phrases("xe buyt 05 co chay chu nhat khong"), urgent_phrases("an chay o dau ngon")
    ((), ())
    """
    folded = fold(text)
    is_accented = folded != text.upper()
    searched = text.lower() if is_accented else folded
    found = (table or URGENT).spans_in(searched, folded, is_accented=is_accented)
    return tuple(dict.fromkeys(" ".join(searched[start:end].lower().split()) for start, end in _apart(sorted(found))))


def _apart(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans that share no word with one before: `dang chay lon` is one phrase, not two."""
    last = -1
    for start, end in spans:
        if start > last:
            last = end
            yield start, end


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compiled:
    pattern: re.Pattern[str]
    not_behind: re.Pattern[str] | None
    although: re.Pattern[str] | None
    not_directly_behind: re.Pattern[str] | None
    before: re.Pattern[str] | None
    behind: re.Pattern[str] | None
    not_with: re.Pattern[str] | None

    def counted_in(self, searched: str, folded: str) -> Iterator[re.Match[str]]:
        """Yield the occurrences whose surroundings let them count."""
        can_be_other = not _holds(self.although, folded)
        for found in self.pattern.finditer(searched):
            before, behind = folded[: found.start()], folded[found.end() :]
            if can_be_other and _holds(self.not_behind, before):
                continue
            if _holds(self.not_directly_behind, before):
                continue
            if self.before is None or _holds(self.before, before) or _holds(self.behind, behind):
                yield found


def _holds(pattern: re.Pattern[str] | None, text: str) -> bool:
    return pattern is not None and pattern.search(text) is not None


def _compiled(phrases: Sequence[UrgentPhrase], *, is_accented: bool) -> Iterator[_Compiled]:
    return (_compile(phrase) for phrase in phrases if _is_accented(phrase) == is_accented)


def _is_accented(phrase: UrgentPhrase) -> bool:
    return fold(phrase.words) != phrase.words.upper()


def _compile(phrase: UrgentPhrase) -> _Compiled:
    words = phrase.words.lower() if _is_accented(phrase) else phrase.words.upper()
    return _Compiled(
        pattern=re.compile(_whole(r"\s+".join(f"(?:{word})" for word in words.split()))),
        not_behind=_any_of(phrase.not_behind),
        although=_any_of(phrase.although),
        not_directly_behind=_any_of(phrase.not_directly_behind, end=r"\s+\Z"),
        before=_any_of(phrase.beside, end=r"\s+\Z"),
        behind=_any_of(phrase.beside, start=r"\A\s+"),
        not_with=_any_of(phrase.not_with),
    )


def _any_of(words: Sequence[str], *, start: str = "", end: str = "") -> re.Pattern[str] | None:
    if not words:
        return None
    either = "|".join(r"\s+".join(map(re.escape, fold(word).split())) for word in words)
    return re.compile(f"{start}{_whole(f'(?:{either})')}{end}")


def _whole(pattern: str) -> str:
    return rf"(?<![^\W_]){pattern}(?![^\W_])"


URGENT: Final = UrgentTable(_PHRASES)
"""The table of a service that has none of its own."""
