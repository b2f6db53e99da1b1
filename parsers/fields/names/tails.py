"""Words that follow a name without a separator and are no part of it: a sex, a polite word, a new sentence.

They are removed where case or accents show them; where nothing shows them, the answer asks for the name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.fields.names.bounds import NameEnd, is_middle
from parsers.text.excerpt import Excerpt

_TAILS = frozenset({"NAM", "NU", "A", "AH", "NHE", "NHA", "NHEN", "SO", "OK", "GUI", "VOI", "DUM"})
_WRITTEN_TAILS = frozenset({"ạ", "à", "nhé", "nhá"})
_WRITTEN_NAMES_TOO = frozenset({"nữ", "số", "gửi"})
"""Tails that keep their accents and are names too; any other accent shows a name (`Nụ`, `Nhã`)."""
SEXES = frozenset({"NAM", "NU"})
_INITIAL = re.compile(r"[^\W\d_]{1,3}\.|[B-DF-HJ-NP-TV-XZ]")
"""After an initial the last word is one too (`Ng. V. A`)."""
_FREQUENT_NAMES = frozenset({"NAM", "NHA", "GUI"})
"""Of these, what many people are called."""

_FEWEST_BEFORE = 2
"""Words of the shortest name, which something can follow."""
_USUAL = 3
"""Words of a usual name; a frequent given name as the last of three is far likelier than a sex after two."""

_NOT_INSIDE = frozenset(
    {"O", "THON", "XA", "AP", "TP", "TT", "TRU", "QUE", "TAI", "PHUONG", "QUAN", "HUYEN", "KHOI", "KHU"}
)
"""Words of addresses; inside a name in small letters they begin one."""
_NEVER_INSIDE = frozenset({"O", "THON", "XA", "AP", "TP", "TRU"})
_PLACES = frozenset(
    {
        *("HAI CHAU", "THANH KHE", "SON TRA", "CAM LE", "HOA VANG", "HOA KHANH", "HOA MINH", "HOA TIEN", "QUANG NAM"),
        *("QUANG NGAI", "QUANG TRI", "QUANG BINH", "HOI AN", "TAM KY", "DIEN BAN", "DAI LOC", "DUY XUYEN", "BINH DINH"),
    }
)
"""Places that people are named after too (`Nguyen Hai Chau`)."""
_LONGEST = 200
"""Characters above which words are no name, even without their end."""
_MOST_WORDS = 6
_OF_OLD_HOUSES = frozenset({"TON", "CONG", "HUYEN", "TANG"})
"""Words of the names with more than six words."""


def before_tail(text: Excerpt, start: int, end: int, *, is_before_number: bool, is_last: bool) -> NameEnd:
    """Find where a name ends that something may follow; `is_last` when nothing else comes after the name.

    >>> before_tail(Excerpt.of("Nguyen Thi Lan nu"), 0, 17, is_before_number=True, is_last=False)
    NameEnd(at=14, is_labelled=False, is_doubtful=False)
    >>> ends = [before_tail(Excerpt.of(name), 0, len(name), is_before_number=False, is_last=True)
    ...         for name in ("Tran Hoai Nam", "NGUYEN THI BA Nu", "nguyen van ba nu", "nguyen van a")]
    >>> [end.at for end in ends], [end.is_doubtful for end in ends]
    ([13, 13, 16, 12], [False, False, True, False])
    """
    last = text.folded.rfind(" ", start, end) + 1
    if last <= start or end - start > _LONGEST:
        return NameEnd(end)
    shown = text.shown[start:end]
    if text.folded[last:end] in _TAILS:
        words, folded = shown.split(), text.folded[start:end].split()
        if (
            len(words) > _FEWEST_BEFORE
            and not _INITIAL.fullmatch(words[-2])
            and (folded[-1] != "SO" or is_before_number)
        ):
            return _before_word(words, folded, last, end, is_last=is_last)
    if shown.count(" ") >= _USUAL or not (shown.istitle() or shown.isupper() or shown.islower()):
        return NameEnd(end, is_doubtful=_goes_on_as_sentence(shown.split(), text.folded[start:end].split()))
    return NameEnd(end)


def _before_word(words: Sequence[str], folded: Sequence[str], last: int, end: int, *, is_last: bool) -> NameEnd:
    """Judge a last word that can be a tail, by its accents, its case, and the words before it."""
    name, tail, plain = words[:-1], words[-1], folded[-1]
    if tail.lower() in _WRITTEN_TAILS:
        return NameEnd(last - 1)
    if (not tail.isascii() and tail.lower() not in _WRITTEN_NAMES_TOO) or folded[-2:] == ["TON", "NU"]:
        return NameEnd(end)
    is_upper = all(map(str.isupper, name)) and max(map(len, name)) > 1
    is_titled = all(word[:1].isupper() for word in name) and not is_upper
    is_small = len(name) > 1 and all(map(str.islower, name[1:])) and max(map(len, name[1:])) > 1
    if is_small and tail[:1].isupper() and plain != "GUI":
        return NameEnd(last - 1, is_doubtful=is_middle(words, len(words) - 2))
    shows = (is_titled and (tail.islower() or (tail.isupper() and len(tail) > 1))) or (is_upper and not tail.isupper())
    is_van_nu = folded[-2:] == ["VAN", "NU"] and words[-2].isascii()  # `Van` may be Vân, and a woman
    if is_middle(words, len(words) - 2):
        return NameEnd(end, is_doubtful=shows or (is_van_nu and (is_last or not is_titled)))
    if shows:
        return NameEnd(end, is_doubtful=True) if plain == "GUI" else NameEnd(last - 1)
    if is_titled and not is_last and plain != "SO":
        return NameEnd(end)
    if plain not in _FREQUENT_NAMES:
        return NameEnd(end, is_doubtful=True)
    is_long = len(words) > _USUAL
    is_plausible = is_long or (is_last and not is_titled)
    return NameEnd(end, is_doubtful=plain == "NAM" and "THI" not in folded and is_plausible)


def _goes_on_as_sentence(words: Sequence[str], folded: Sequence[str]) -> bool:
    """Return whether a name changes its case, holds words of addresses, or is longer than names are."""
    capitals = next((at for at, word in enumerate(words) if not word[:1].isupper()), len(words))
    small = len(words) - capitals
    if capitals >= _FEWEST_BEFORE and small and all(map(str.islower, words[capitals:])):
        is_even_upper = all(map(str.isupper, words[:capitals])) and len("".join(words[:capitals])) > capitals
        if small > 1 or is_even_upper or (folded[-1] in _NOT_INSIDE and not is_middle(words, len(words) - 2)):
            return True
    if any(folded[at] in _NEVER_INSIDE and not is_middle(words, at - 1) for at in range(2, len(folded) - 1)):
        return True
    if len(words) > _USUAL and " ".join(folded[-2:]) in _PLACES and not is_middle(words, len(words) - 3):
        return True
    return len(words) > _MOST_WORDS and _OF_OLD_HOUSES.isdisjoint(folded)
