"""Keywords found in a text: the one that it begins with, and those that may have been meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from parsers.grammar import AnyGrammar, Keyword, Vocabulary
from parsers.text.edits import is_one_edit

_LETTERS = re.compile(r"[^\W\d_]+")
_LOOK_ALIKES = str.maketrans("АВЕЅІЈКМНОРСТХΑΒΕΗΙΚΜΝΟΡΤΧ", "ABESIJKMHOPCTXABEHIKMNOPTX")
"""Cyrillic and Greek capitals that look like Latin ones."""
_FIRST_LETTERS = re.compile(r"[^\W\d_]+(?:\s+[^\W\d_]+)?")


class Begun(NamedTuple):
    """The keyword a text begins with; `end` is where its content starts."""

    keyword: Keyword
    end: int
    is_glued: bool


def match_keyword(folded: str, vocabulary: Vocabulary) -> Begun | None:
    """Find the keyword a framed text begins with.

    >>> from parsers.vocabulary import VOCABULARY
    >>> begun = match_keyword("D.V.C 123456", VOCABULARY)
    >>> begun.keyword.word, begun.end, begun.is_glued
    ('DVC', 5, False)
    >>> match_keyword("T KHANH", VOCABULARY)
    """
    for keyword in vocabulary.keywords:
        writing = keyword.writing
        found = writing.written.match(folded)
        if found is not None:
            return Begun(keyword, found.end(), is_glued=False)
        if writing.glued is not None:
            found = writing.glued.match(folded)
            if found is not None:
                return Begun(keyword, found.end(), is_glued=True)
    return None


def near_keywords(folded: str, vocabulary: Vocabulary) -> list[tuple[AnyGrammar, int]]:
    """List the commands whose keyword is one edit away from the first word, with where their content would start."""
    first = _LETTERS.match(folded)
    if first is None:
        return []
    word = first.group().translate(_LOOK_ALIKES)
    near = [
        (row.grammar, first.end())
        for row in vocabulary.keywords
        if row.grammar.near_words is None and (is_one_edit(word, row.word) or word == row.word != first.group())
    ]
    near += [(grammar, first.end()) for grammar in _former(word, vocabulary)]
    for grammar in vocabulary.grammars:
        spelled_out = grammar.stands_for.match(folded) if grammar.stands_for is not None else None
        if spelled_out is not None:
            near.append((grammar, spelled_out.end()))
    words = _FIRST_LETTERS.match(folded)
    both = "".join(words.group().split()) if words is not None else word
    for taken, end in ((word, first.end()), (both, words.end() if words is not None else first.end())):
        near += [
            (grammar, end)
            for grammar in vocabulary.grammars
            if grammar.near_words is not None and grammar.near_words(taken)
        ]
    return near


def _former(word: str, vocabulary: Vocabulary) -> Iterator[AnyGrammar]:
    """Return the command with this printed keyword, where the settings give it others: people still write it."""
    for grammar in vocabulary.grammars:
        if word in grammar.default_keywords and word not in vocabulary.words_of(grammar.name):
            yield grammar


def ends_of_keyword(name: str, folded: str, vocabulary: Vocabulary) -> list[int]:
    """Return where a keyword of this command ends that a text begins with, or a similar word; often none."""
    near = [end for grammar, end in near_keywords(folded, vocabulary) if grammar.name == name]
    begun = match_keyword(folded, vocabulary)
    return [*near, begun.end] if begun is not None and begun.keyword.grammar.name == name else near
