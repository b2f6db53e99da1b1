"""A registration's body in stretches: words without a separator between, and numbers without words between."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.fields.number_cuts import Digits
from parsers.fields.number_fields import SEPARATOR
from parsers.fields.tokens import Odd, Word, tokens
from parsers.text.excerpt import Excerpt
from parsers.text.labels import FIRST_OF_LABELS

_SEPARATOR_OF_WORDS = re.compile(r"[,;|\n\t]|\s[-/]|[-/]\s|//")
_ABBREVIATED = re.compile(r"[B-DF-HJ-NP-TV-XZ]{1,3}|[AEIOUY]")
"""A word that ends in a point and goes on (`Ng. V. A`, `Mrs. Tran`)."""
_BEFORE_DAY = (" SINH", " NGAY", " NAM")
"""Labels that go on with a date in words (`sinh: ngay 20 thang 12`)."""
_HYPHEN_BESIDE_NUMBER = re.compile(r"[0-9,]-[^\W\d_]|[^\W\d_]-[0-9,]")
"""A hyphen between fields; where there is one, hyphens between words separate fields too."""

_MOST_TOKENS = 100
"""Words and numbers of a text that can be one person's registration; a longer one is a letter, and is not read."""


@dataclass(slots=True)
class Run:
    """Numbers without words between; `then_words` when words follow without a separator, as in an address."""

    groups: list[Digits]
    then_words: bool = False


@dataclass(slots=True)
class Stretch:
    """Words without a separator between; `before_day` when `- ngay` follows, so that a last `sinh` may be its label."""

    start: int
    end: int
    before_number: bool = False
    before_day: bool = False
    odd: Odd = Odd.NONE


def stretches(text: Excerpt) -> tuple[list[Run | Stretch], bool]:
    """Cut a text that was made even into words and runs of numbers, and return whether that is all of it."""
    items: list[Run | Stretch] = []
    separates = "-" in text.folded and _HYPHEN_BESIDE_NUMBER.search(text.folded) is not None
    for count, token in enumerate(tokens(text)):
        if count > _MOST_TOKENS:
            return items, False
        last = items[-1] if items else None
        if isinstance(token, Digits):
            if isinstance(last, Run):
                last.groups.append(token)
                continue
            if last is not None:
                last.before_number = token.gap == " " or SEPARATOR.search(token.gap) is None
            items.append(Run([token]))
        elif (
            isinstance(last, Stretch)
            and token.odd is last.odd is Odd.NONE
            and _is_joint(text.folded, last, token, hyphen_separates=separates)
        ):
            last.end = token.end
        else:
            if isinstance(last, Run):
                last.then_words = SEPARATOR.search(token.gap) is None
            elif last is not None:
                last.before_day = "-" in token.gap and text.folded[token.start : token.end] == "NGAY"
            items.append(Stretch(token.start, token.end, odd=token.odd))
    return items, True


def _is_joint(folded: str, last: Stretch, token: Word, *, hyphen_separates: bool) -> bool:
    """Return whether words go on; a full stop ends them after a whole word, not after `Ng.` or `Mrs.`."""
    gap = token.gap
    if gap == " ":
        return True
    if _SEPARATOR_OF_WORDS.search(gap) is not None or gap.startswith(" ."):
        return False
    if gap.strip() in {"-", ":"}:
        first = folded[token.start : token.end].split(" ", 1)[0]
        is_between_names = folded.find(" ", last.start, last.end) > 0 and folded.find(" ", token.start, token.end) > 0
        is_apart = is_between_names or hyphen_separates
        goes_on = first == "NGAY" and ":" in gap and folded.endswith(_BEFORE_DAY, last.start, last.end)
        is_label = first in FIRST_OF_LABELS and not goes_on
        return not is_label and not (gap == "-" and is_apart)
    words = folded[last.start : last.end].split() if gap.startswith(".") else ()
    return len(words) < 2 or _ABBREVIATED.fullmatch(words[-1]) is not None  # noqa: PLR2004 -- several words
