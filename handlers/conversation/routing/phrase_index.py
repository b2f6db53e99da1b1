"""Folded phrases found in a text by its words: the time does not grow with the number of phrases."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from parsers.text.folding import fold

Value = TypeVar("Value")

_WORD = re.compile(r"[^\W_]+")


class Found(NamedTuple, Generic[Value]):
    """A phrase in a text: what it stands for, and from which word to which (the last not counted)."""

    phrase: str
    values: Sequence[Value]
    start: int
    end: int


def words_of(text: str) -> list[str]:
    """Return the folded words of a text.

    >>> words_of("Đèn đường hỏng, P.Hải Châu")
    ['DEN', 'DUONG', 'HONG', 'P', 'HAI', 'CHAU']
    """
    return words_in(fold(text))


def words_in(folded: str) -> list[str]:
    """Return the words of a text that is folded already."""
    return _WORD.findall(folded)


def phrase_of(text: str) -> str:
    """Return a phrase as texts are searched for it: folded words with single blanks.

    >>> phrase_of("  phường Hải-Châu ")
    'PHUONG HAI CHAU'
    """
    return " ".join(words_of(text))


def written_words(text: str, start: int, end: int) -> list[str]:
    """Return some words of a text as they were written, by their places among `words_of`.

    >>> written_words("Đèn đường hỏng, P.Hải Châu", 4, 6)
    ['Hải', 'Châu']
    """
    spans = [found.span() for found in _WORD.finditer(fold(text))][start:end]
    return [text[begins:ends] for begins, ends in spans]


class PhraseIndex(Generic[Value]):
    """Phrases and what each stands for; one phrase may stand for several things."""

    def __init__(self, phrases: Iterable[tuple[str, Value]]) -> None:
        """Take phrases as `phrase_of` returns them; an empty one is never found."""
        values: dict[str, list[Value]] = {}
        lengths: dict[str, set[int]] = {}
        for phrase, value in phrases:
            if phrase:
                values.setdefault(phrase, []).append(value)
                first, *others = phrase.split(" ")
                lengths.setdefault(first, set()).add(1 + len(others))
        self._values: Mapping[str, Sequence[Value]] = values
        # The longest first: who wants that one alone takes the first at each word.
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def find(self, words: Sequence[str]) -> Iterator[Found[Value]]:
        """Give the phrases in a text in the order of their first words, the longest first."""
        lengths, values = self._lengths, self._values
        for start, word in enumerate(words):
            for length in lengths.get(word, ()):
                phrase = " ".join(words[start : start + length])
                found = values.get(phrase)
                if found is not None and start + length <= len(words):
                    yield Found(phrase, found, start, start + length)

    def has_beginning(self, words: Sequence[str]) -> bool:
        """Return whether a phrase begins with the first word of a text."""
        return bool(words) and words[0] in self._lengths

    def get(self, phrase: str) -> Sequence[Value]:
        """Return what a phrase stands for; nothing for one that is not here."""
        return self._values.get(phrase, ())

    def phrases(self) -> Collection[str]:
        """Return every phrase."""
        return self._values.keys()
