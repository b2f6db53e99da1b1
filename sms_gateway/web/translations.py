"""Every word on the pages, by gettext catalogues: one for each language, with keys that name the place of the words."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from parsers.grammar import Vocabulary
from parsers.grammars import EVERY
from parsers.grammars.conversation import CONVERSATION
from parsers.localised_message import LocalisedMessage

LANGUAGES = ("vi", "en")

MANY = 2
"""The plural, for words that are asked for without a number."""

LOCALE = Path(__file__).parent / "locale"


def find_words(key: str, language: str, count: int | None = None) -> str | None:
    """Return the words for a key, in the form for this number when it has several; None when there are none."""
    catalogue = _catalogue(language)
    found = catalogue.ngettext(key, key, MANY if count is None else count)
    if found == key:
        found = catalogue.gettext(key)
    return None if found == key else found


def with_keywords(words: str, values: Collection[str], vocabulary: Vocabulary) -> str:
    """Write each service's keyword in place of its name; of a service that is off, the keyword of the product.

    A name that a value of the message has is that value, as `contacts`.
    """
    for grammar in (*vocabulary.grammars, *EVERY, *CONVERSATION):
        if grammar.is_offered and grammar.default_keywords and grammar.service not in values:
            keyword = vocabulary.taught.get(grammar.name, grammar.default_keywords[0])
            words = words.replace(f"{{{grammar.service}}}", keyword)
    return words


def words_of(message: LocalisedMessage, language: str, vocabulary: Vocabulary) -> str:
    """Return a message in a language. One without a translation is returned in its English words."""
    count = message.values.get("count")
    words = find_words(message.key, language, count if isinstance(count, int) else None) or message.words
    values = {
        name: words_of(value, language, vocabulary) if isinstance(value, LocalisedMessage) else str(value)
        for name, value in message.values.items()
    }
    if "{" in words:
        words = with_keywords(words, values, vocabulary)
    return words.format_map(values) if values else words


@cache
def _catalogue(language: str) -> GNUTranslations:
    with (LOCALE / language / "LC_MESSAGES" / "web.mo").open("rb") as file:
        return GNUTranslations(file)
