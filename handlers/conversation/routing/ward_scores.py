"""How surely words of a text name a ward: by the label before them, by their letters, and by what is around them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from handlers.conversation.routing.directory import Ward, is_ward_label
from handlers.conversation.routing.phrase_index import Found, words_in, written_words
from parsers.text.folding import unaccented

_STREETS = frozenset({"DUONG", "D", "CAU", "CHO", "TRUONG", "SONG", "BIEN", "BAI", "HO", "KCN", "VINH", "HAM", "DEO"})
"""Behind these a ward's name is that of a street or a market, which may be anywhere."""
_DISTRICTS = frozenset({"QUAN", "Q", "HUYEN", "H", "THI XA", "THANH PHO", "TP"})
"""Behind these it is that of a district of before July 2025, which had many wards."""
_PLACES = frozenset({"O", "TAI", "KHU", "VUC", "KV", "GAN", "THUOC", "BEN"})
"""Behind these unaccented words name a place: `quan an hai san` is not in An Hai."""
_LABELLED, _BARE = 8, 2
"""Scores of a ward's name with `phuong` or `xa` in front, and alone. An old name has half of it."""


def score(ward: Ward, found: Found[Ward], text: str, words: Sequence[str]) -> int:
    """Return how surely the words that were found name this ward; 0 where they say something else.

    `words` are the folded words of the text.
    """
    before = words[max(0, found.start - 2) : found.start]
    labels = {" ".join(before), *before[-1:]}
    if not labels.isdisjoint(_DISTRICTS):
        return 0
    if is_ward_label(before):
        points = _LABELLED
    elif " " in found.phrase and labels.isdisjoint(_STREETS) and _is_name(ward, found, text, words):
        points = _BARE
    else:
        return 0  # `phuong 5` is a ward, 5 is none
    return points if ward.until is None else points // 2


def _is_name(ward: Ward, found: Found[Ward], text: str, words: Sequence[str]) -> bool:
    """Return whether words without a label are written as the ward's name, or where a place is named."""
    written = written_words(text, found.start, found.end)
    if any(unaccented(word) != word for word in written):
        name = written_words(ward.name, 0, len(words_in(ward.name)))[-len(written) :]
        return [_letters(word) for word in written] == [_letters(word) for word in name]
    if all(word[:1].isupper() and not word[1:].isupper() for word in written):
        return True
    return found.end == len(words) or not _PLACES.isdisjoint(words[max(0, found.start - 1) : found.start])


def _letters(word: str) -> Sequence[str]:
    """Return letters and accents in no order: an accent may be on either of two vowels (`Hoà`, `Hòa`)."""
    return sorted(unicodedata.normalize("NFD", word.casefold()))
