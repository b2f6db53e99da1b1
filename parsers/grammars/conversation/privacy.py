"""TTDL (thong tin du lieu): what is stored of the sender, why and how long."""

from __future__ import annotations

from datetime import date

from parsers.commands.conversation import ShowPrivacy
from parsers.grammar import Grammar, Service
from parsers.grammars.conversation.content import count_words, why_words
from parsers.grammars.keyword_writing import words_follow
from parsers.text.excerpt import Excerpt


def _read(body: Excerpt, today: date, service: Service) -> ShowPrivacy | None:
    del today, service
    return None if count_words(body.folded) else ShowPrivacy()


GRAMMAR = Grammar(
    command=ShowPrivacy,
    service="privacy",
    default_keywords=("TTDL",),
    is_conversation=True,
    writing=words_follow,
    read=_read,
    why=why_words,
)
