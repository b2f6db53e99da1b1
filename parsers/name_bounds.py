"""Where a name ends: labels before it, and words after it that are labels to one writer and given names to another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from parsers.excerpt import Excerpt
from parsers.labels import DOUBTFUL, NAME_LABEL

_WORD = re.compile(r"[^\s.:,/-]\S*")
_LABEL_MARKS = ".:,-/"
_MIDDLE_WORDS = frozenset({"VAN", "THI"})
_WRITTEN_MIDDLE_WORDS = frozenset({"văn", "thị", "van", "thi", "vawn", "thij", "va8n", "thi5"})
_TITLES = frozenset({"mr", "mrs", "ms"})

_LABELS_OF_TWO = frozenset({("SINH", "NGAY"), ("NGAY", "SINH"), ("SINH", "NAM")})
"""`nam sinh` is not one of them: behind a name it can be the given name Nam and `sinh`."""
_WHOLE_NAME = 3
"""Words of a usual name; behind a label two may be one with the family name La."""


def is_middle(shown: Sequence[str], at: int) -> bool:
    """Tell whether a word is the `Văn` or `Thị` that no name ends with: the second one, not the given name `Vân`."""
    is_second = at == 1 or (at == 2 and shown[0].lower().rstrip(".") in _TITLES)  # noqa: PLR2004 -- behind a title
    return is_second and shown[at].lower() in _WRITTEN_MIDDLE_WORDS


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
    if label["is"] is None or label["colon"] is not None:
        return label.end()
    is_at = label.start("is") + len(label["is"]) - len(label["is"].lstrip())
    before, shown = text.shown[label.start() : is_at], text.shown[is_at : label.end("is")]
    rest = text.shown[label.end() : end].split()
    is_name = shown.isascii() and (
        not before.isascii()
        or (shown.istitle() and not before.istitle())
        or (before.isupper() and all(map(str.islower, (shown, *rest))))
    )
    return is_at if (is_name or len(rest) < _WHOLE_NAME - 1) and not label["self"] else label.end()


def before_doubtful(text: Excerpt, start: int, end: int, *, is_year: bool = False) -> NameEnd:
    """Decide whether `sinh`, `nam` or both before a date are a label or the given name.

    One word alone is the label when case shows it; otherwise nothing does, and the name is asked for.

    >>> before_doubtful(Excerpt.of("Nguyen Van An sinh"), 0, 18), before_doubtful(Excerpt.of("tran van sinh"), 0, 13)
    (NameEnd(at=14, is_labelled=True, is_doubtful=False), NameEnd(at=13, is_labelled=False, is_doubtful=False))
    >>> before_doubtful(Excerpt.of("tran binh sinh"), 0, 14).is_doubtful
    True
    """
    found = list(_WORD.finditer(text.shown[start:end]))
    words = [match.group().strip(_LABEL_MARKS) for match in found]
    folded = [match.group().strip(_LABEL_MARKS) for match in _WORD.finditer(text.folded[start:end])]
    most = _count_doubtful(words, folded)
    first = len(words) - most
    if most == 2 and first and not is_middle(words, first - 1) and folded[first:] == ["SINH", "NAM"]:  # noqa: PLR2004 -- both
        is_name = first == 2 and words[first].istitle() and words[-1].islower()  # noqa: PLR2004 -- `Tran Binh Sinh nam`
        is_doubtful = first < 2 or is_name or _is_doubtful(words, folded, first)  # noqa: PLR2004 -- a family name and a given name
        return NameEnd(start + found[first].start(), is_labelled=True, is_doubtful=is_doubtful)
    if most == 2 and first > 1 and is_year and folded[first:] == ["NAM", "SINH"]:  # noqa: PLR2004 -- both
        is_label = words[first].islower() and all(word[:1].isupper() for word in words[:first])
        return NameEnd(start + found[first].start(), is_labelled=True, is_doubtful=not is_label)
    for left in range(first, len(words)):
        is_shown = all(map(str.islower, words[left:])) and all(word[:1].isupper() for word in words[:left])
        if left and is_shown and not is_middle(words, left - 1):
            return NameEnd(start + found[left].start(), is_labelled=True)
    for left in range(first, len(words)):
        if left and not is_middle(words, left - 1):
            is_doubtful = _is_doubtful(words, folded, left)
            return NameEnd(start + found[left].start(), is_labelled=True, is_doubtful=is_doubtful)
    return NameEnd(end)


def _is_doubtful(words: Sequence[str], folded: Sequence[str], left: int) -> bool:
    """Tell whether labels of dates from a word on may be given names as well."""
    label = folded[left:]
    if folded[left - 1] in _MIDDLE_WORDS and words[left - 1].isascii():
        return True
    is_titled = all(word[:1].isupper() for word in words) and not all(map(str.isupper, words))
    if label == ["NGAY"]:
        return left < 2 or is_titled  # noqa: PLR2004 -- a family name and a given name
    if len(label) == 1:
        return True
    return left < 2 or tuple(label) not in _LABELS_OF_TWO  # noqa: PLR2004 -- a family name and a given name


def before_month(text: Excerpt, start: int, end: int) -> NameEnd:
    """Decide whether `thang` before a month and a year is the word for month or the given name Thang.

    >>> before_month(Excerpt.of("Nguyen Van A thang"), 0, 18).at, before_month(Excerpt.of("Le Van Thang"), 0, 12).at
    (12, 12)
    """
    words = text.shown[start:end].split()
    if len(words) > 1 and words[-1].islower() and all(word[:1].isupper() for word in words[:-1]):
        return NameEnd(end - len(words[-1]) - 1, is_labelled=True)
    is_name = len(words) > 1 and is_middle(words, len(words) - 2)
    return NameEnd(end, is_doubtful=not is_name)


def before_card(text: Excerpt, start: int, label: int, end: int) -> NameEnd:
    """Decide whether `dinh danh` or `chung minh` before a number is a label or part of the name (`Le Dinh Danh`)."""
    words, behind = text.shown[start:label].split(), text.shown[label:end]
    if len(words) < 2 or is_middle(words, len(words) - 1):  # noqa: PLR2004 -- a family name and a given name
        return NameEnd(end)
    if behind.islower() and all(word[:1].isupper() for word in words):
        return NameEnd(label, is_labelled=True)
    return NameEnd(end, is_doubtful=True)


def _count_doubtful(words: list[str], folded: list[str]) -> int:
    is_accented = not all(map(str.isascii, words))
    count = 0
    for word, plain in zip(reversed(words), reversed(folded), strict=True):
        # Who types accents writes "năm" for the year, and "Nam" for the name; a small "nam" behind capitals is no name.
        is_name = is_accented and word.lower() == "nam" and not (word.islower() and words[0][:1].isupper())
        if plain not in DOUBTFUL or is_name:
            break
        count += 1
    return count
