"""EN, VI: the language of the answers to this number. The keyword is the language, and nothing may follow it."""

from __future__ import annotations

from parsers.commands.conversation import ChooseLanguage
from parsers.grammar import Grammar, Vocabulary
from parsers.grammars.conversation.content import count_words, why_words
from parsers.grammars.keyword_writing import words_follow
from parsers.text.excerpt import Excerpt

LANGUAGES = ("EN", "VI")
"""Keywords; in lower case, the languages of the catalogues."""


def _read_keyword(keyword: str, body: Excerpt) -> ChooseLanguage | None:
    return None if count_words(body.folded) else ChooseLanguage(language=keyword.lower())


def _official_form(command: ChooseLanguage, keyword: str, vocabulary: Vocabulary) -> str:
    del keyword, vocabulary
    return command.language.upper()


GRAMMAR = Grammar(
    command=ChooseLanguage,
    service="language",
    default_keywords=LANGUAGES,
    is_conversation=True,
    writing=words_follow,
    read_keyword=_read_keyword,
    printed=lambda command: {"language": command.language},
    official_form=_official_form,
    why=why_words,
)
