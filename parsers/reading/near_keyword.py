"""Slips in a keyword that words follow: letters that touch it (`PAden`), or one edit (`HPI`). A word is no slip."""

from __future__ import annotations

import re

from parsers.commands.conversation import TicketText
from parsers.grammar import Keyword, Vocabulary
from parsers.text.edits import is_one_edit
from parsers.text.excerpt import Excerpt
from parsers.text.spelling.syllables import is_plain_syllable

_FIRST = re.compile(r"[^\W_]+")
_SHORT = 2
"""Letters of a keyword that is near too many abbreviations: only a doubled letter or a swap is a slip for it."""
_OTHER_WORDS = frozenset({"PANO", "PARI", "PATE", "HOIAN", "HOIS", "HOW", "HOK", "HOS", "HIK", "HIX", "SMS", "SMES"})
"""Words that are no syllables and no slips: names, English, the short forms of the young."""


def near_command(text: Excerpt, start: int, vocabulary: Vocabulary) -> str | None:
    """Return the command whose keyword was probably meant by the first word; None when there is none.

    >>> from parsers.vocabulary import CONVERSATION_VOCABULARY as words
    >>> [near_command(Excerpt.of(text), 0, words) for text in ("PAden hong", "HPI may gio", "toi da nop", "H0I gi")]
    ['report', 'question', None, 'question']
    """
    first = _FIRST.match(text.folded, start)
    if first is None:
        return None
    word = first.group()
    if word in _OTHER_WORDS or is_plain_syllable(word):
        return None
    for keyword in vocabulary.conversation:
        is_for_words = issubclass(keyword.grammar.command, TicketText) and not _needs_more(keyword)
        if is_for_words and (_is_glued(word, keyword.word) or _is_slip(word, keyword.word)):
            return keyword.grammar.name
    return None


def _needs_more(keyword: Keyword) -> bool:
    """Return whether a keyword counts only with a mark or enough words behind it, so that nothing is near it."""
    return keyword.writing.written.match(f"{keyword.word} ") is None


def _is_glued(word: str, keyword: str) -> bool:
    rest = word.removeprefix(keyword)
    return rest not in ("", word) and (rest.isdecimal() or is_plain_syllable(rest))


def _is_slip(word: str, keyword: str) -> bool:
    meant = word.replace("0", "O").replace("1", "I")
    if meant == keyword != word:
        return True
    if not word.isalpha() or len(word) < len(keyword):
        return False
    if len(keyword) > _SHORT:
        return is_one_edit(word, keyword)
    return word == keyword[::-1] or word in (keyword[0] + keyword, keyword + keyword[-1])
