"""Where a name ends: labels before it, and words after it that can be labels or given names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from parsers.text.excerpt import Excerpt
from parsers.text.labels import DOUBTFUL, NAME_LABEL

_WORD = re.compile(r"[^\s.:,/-]\S*")
_LABEL_MARKS = ".:,-/"
_WRITTEN_MIDDLE_WORDS = frozenset({"văn", "thị", "van", "thi", "vawn", "thij", "va8n", "thi5"})
_TITLES = frozenset({"mr", "mrs", "ms"})

_SURE_LABELS = (["SINH", "NGAY"], ["NGAY", "SINH"], ["SINH", "NAM"], ["NGAY"], ["NGAY", "NGAY"])
"""Labels that are rarely the end of a name and a shorter label."""
_LABELS = (*_SURE_LABELS, ["SINH"], ["SINH", "NGAY", "NGAY"], ["NGAY", "SINH", "NGAY"])
_LABELS_OF_YEARS = (["NAM"], ["NAM", "SINH"], ["SINH", "NAM", "NAM"])
_SEX = ["NAM"]
"""After a name that ends with `Sinh` the word can be the sex."""
_UPPER, _TITLED, _LOWER = "upper", "titled", "lower"
_FEWEST_WORDS = 2
_WHOLE_NAME = 3
"""Words of a usual name; after a label two may be one with the family name La."""


def is_middle(shown: Sequence[str], at: int) -> bool:
    """Return whether a word is the `Văn` or `Thị` that never ends a name: the second word, not the given name `Vân`."""
    is_second = at == 1 or (at == 2 and shown[0].lower().rstrip(".") in _TITLES)  # noqa: PLR2004 -- after a title
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
    if label["self"] and shown.strip().istitle() and before.strip().islower() and "".join(rest[:1]).istitle():
        return start  # `em La Thi Hoa`
    is_name = shown.isascii() and (
        not before.isascii()
        or (shown.istitle() and not before.istitle())
        or (before.isupper() and all(map(str.islower, (shown, *rest))))
    )
    return is_at if (is_name or len(rest) < _WHOLE_NAME - 1) and not label["self"] else label.end()


def before_doubtful(
    text: Excerpt, start: int, end: int, *, is_year: bool = False, is_labelled: bool = False
) -> NameEnd:
    """Decide which of the words `sinh`, `nam` and `ngay` before a date are its label, and which the given name.

    Every way to divide them is judged. When one way is left, it is the reading. `is_year` when the date is a year
    alone. `is_labelled` when a colon shows that the last of them is a label.

    >>> before_doubtful(Excerpt.of("Nguyen Van An sinh"), 0, 18), before_doubtful(Excerpt.of("tran van sinh"), 0, 13)
    (NameEnd(at=14, is_labelled=True, is_doubtful=False), NameEnd(at=13, is_labelled=False, is_doubtful=False))
    >>> before_doubtful(Excerpt.of("tran binh sinh"), 0, 14).is_doubtful
    True
    """
    found = list(_WORD.finditer(text.shown, start, end))
    words = [match.group().strip(_LABEL_MARKS) for match in found]
    folded = [match.group().strip(_LABEL_MARKS) for match in _WORD.finditer(text.folded, start, end)]
    first = len(words) - _count_doubtful(folded)
    case = _case_of(words[:first])
    ways = [
        left
        for left in range(max(first, 1), len(words) + (not is_labelled))
        if (_can_be_label(folded[left:], is_year=is_year) or (left > first and folded[left:] == _SEX))
        and _case_fits(words, first, left, case)
    ]
    if len(ways) > 1 and is_middle(words, ways[0] - 1) and (case == _TITLED or folded[ways[0] :] not in _SURE_LABELS):
        ways = ways[1:]
    if not ways:
        return NameEnd(end, is_doubtful=first < len(words))
    is_sure = case != _TITLED and folded[ways[0] :] in _SURE_LABELS and not is_middle(words, ways[0] - 1)
    at = found[ways[0]].start() if ways[0] < len(words) else end
    is_after_middle = is_labelled and ways[0] < len(words) and is_middle(words, ways[0] - 1)
    is_doubtful = (len(ways) > 1 and not is_sure) or ways[0] < _FEWEST_WORDS or is_after_middle
    return NameEnd(at, is_labelled=ways[0] < len(words), is_doubtful=is_doubtful)


def _can_be_label(label: list[str], *, is_year: bool) -> bool:
    return not label or label in _LABELS or (is_year and label in _LABELS_OF_YEARS)


def _case_of(words: Sequence[str]) -> str:
    """Return how the words of a name are written: all in capitals, each with one, or the last one small."""
    if words and all(map(str.isupper, words)) and max(map(len, words)) > 1:
        return _UPPER
    return _TITLED if words and all(word[:1].isupper() for word in words) else _LOWER


def _case_fits(words: Sequence[str], first: int, left: int, case: str) -> bool:
    """Return whether words from `first` to `left` are written as the name is, and later ones as a label can be."""
    name, label = words[first:left], words[left:]
    match case:
        case "upper":
            return all(map(str.isupper, name))
        case "titled":
            return all(word[:1].isupper() and (len(word) == 1 or not word.isupper()) for word in name) and (
                all(map(str.islower, label[1:])) or all(map(str.isupper, label))
            )
        case _:
            return all(map(str.islower, name))


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


def _count_doubtful(folded: Sequence[str]) -> int:
    count = 0
    for word in reversed(folded):
        if word not in DOUBTFUL:
            break
        count += 1
    return count


def is_label_by_case(words: Sequence[str], rest: str) -> bool:
    """Return whether `Sinh` before `ngay` is a label: after a name in capitals, or after three words of a name."""
    name, first = words[:-1], words[-1]
    if first.lower() != "sinh" or not rest.islower() or not first.istitle():
        return False
    if all(map(str.isupper, name)) and len("".join(name)) > len(name):
        return True
    return len(name) >= _WHOLE_NAME and all(map(str.istitle, name)) and not is_middle(name, len(name) - 1)
