"""Where a name ends: labels before it, and words after it that are labels to one writer and given names to another."""

from __future__ import annotations

import re
from typing import NamedTuple

from parsers.excerpt import Excerpt
from parsers.labels import DOUBTFUL, NAME_LABEL

_WORD = re.compile(r"\S+")
_LABEL_MARKS = ".:,-/"
_SEX_OR_LABEL = (" NAM", " NU", " SO")
_MIDDLE_WORDS = frozenset({"VAN", "THI"})
"""Words that stand inside names, and end none when accents are missing."""

_WHOLE_NAME = 3
"""Words of a usual name; two may be a whole name or only the start of one."""


class NameEnd(NamedTuple):
    """Where the name ends, whether a date label follows it, and whether another end is as plausible."""

    at: int
    is_labelled: bool = False
    is_doubtful: bool = False


def after_name_label(text: Excerpt, start: int, end: int) -> int:
    """Skip `ho ten`, `toi ten la` and their like; `la` stays when it is the family name.

    >>> after_name_label(Excerpt.of("Ho ten: La Van Cau"), 0, 18)
    8
    >>> after_name_label(Excerpt.of("ten la An Ba Chi"), 0, 16)
    7
    """
    label = NAME_LABEL.match(text.folded, start, end)
    if label is None:
        return start
    if label["is"] is not None:
        rest = text.folded[label.end() : end].split()
        shown = text.shown[label.start("is") : label.end("is")].strip()
        if len(rest) < _WHOLE_NAME - 1 or (len(rest) == _WHOLE_NAME - 1 and shown == shown.upper()):
            return label.start("is") + 1
    return label.end()


def before_doubtful(text: Excerpt, start: int, end: int) -> NameEnd:
    """Decide whether `sinh` or `nam` before a date is a label or the given name.

    >>> before_doubtful(Excerpt.of("Nguyen Van An sinh"), 0, 18), before_doubtful(Excerpt.of("tran van sinh"), 0, 13)
    (NameEnd(at=14, is_labelled=True, is_doubtful=False), NameEnd(at=13, is_labelled=False, is_doubtful=False))
    >>> before_doubtful(Excerpt.of("tran binh sinh"), 0, 14).is_doubtful
    True
    """
    found = list(_WORD.finditer(text.shown[start:end]))
    words = [match.group().strip(_LABEL_MARKS) for match in found]
    folded = [word.strip(_LABEL_MARKS) for word in text.folded[start:end].split()]
    most = _count_doubtful(words, folded)
    is_titled = all(word[:1].isupper() for word in words[: len(words) - most]) and not all(map(str.isupper, words))
    for left in range(len(words) - most, len(words)):
        label = words[left:]
        is_shown = all(map(str.islower, label)) and all(word[:1].isupper() for word in words[:left])
        if is_shown or "ă" in "".join(label).lower():
            return NameEnd(start + found[left].start(), is_labelled=True)
    for left in range(len(words) - most, len(words)):
        if left and folded[left - 1] not in _MIDDLE_WORDS:
            is_doubtful = "NGAY" not in folded[left:] and (left < _WHOLE_NAME or is_titled)
            return NameEnd(start + found[left].start(), is_labelled=True, is_doubtful=is_doubtful)
    return NameEnd(end)


def before_month(text: Excerpt, start: int, end: int) -> NameEnd:
    """Decide whether `thang` before a month and a year is the word for month or the given name Thang.

    >>> before_month(Excerpt.of("Nguyen Van A thang"), 0, 18).at, before_month(Excerpt.of("Le Van Thang"), 0, 12).at
    (12, 12)
    """
    words = text.shown[start:end].split()
    if len(words) > 1 and words[-1].islower() and all(word[:1].isupper() for word in words[:-1]):
        return NameEnd(end - len(words[-1]) - 1, is_labelled=True)
    is_name = len(words) > 1 and text.folded[start:end].split()[-2] in _MIDDLE_WORDS
    return NameEnd(end, is_doubtful=not is_name)


def _count_doubtful(words: list[str], folded: list[str]) -> int:
    is_accented = not all(map(str.isascii, words))
    count = 0
    for word, plain in zip(reversed(words), reversed(folded), strict=True):
        # Who types accents writes "năm" for the year, and "Nam" for the name.
        if plain not in DOUBTFUL or (is_accented and word.lower() == "nam"):
            break
        count += 1
    return count


def before_sex(text: Excerpt, start: int, end: int) -> NameEnd:
    """Drop a sex or a `so` that stands after the name without a separator, where the case of letters shows it.

    >>> before_sex(Excerpt.of("Nguyen Thi Lan nu"), 0, 17).at, before_sex(Excerpt.of("Nguyen Hoang Nam"), 0, 16).at
    (14, 16)
    """
    if not text.folded.endswith(_SEX_OR_LABEL, start, end):
        return NameEnd(end)
    folded = text.folded[start:end].split()
    if len(folded) < _WHOLE_NAME or " " + folded[-1] not in _SEX_OR_LABEL:
        return NameEnd(end)
    shown = text.shown[start:end].split()
    if shown[-1].islower() and all(word[0].isupper() for word in shown[:-1]):
        return NameEnd(end - len(shown[-1]) - 1)
    if len(folded) == _WHOLE_NAME:
        return NameEnd(end)
    is_even = all(map(str.islower, shown)) or all(map(str.isupper, shown))
    return NameEnd(end, is_doubtful=is_even and (folded[-1] == "SO" or (folded[-1] == "NU" and "THI" in folded)))
