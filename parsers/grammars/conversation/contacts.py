"""LH (lien he): how to reach a unit."""

from __future__ import annotations

import re
from datetime import date

from parsers.commands.conversation import FindContact
from parsers.grammar import Grammar, Service
from parsers.grammars.conversation.content import trimmed, why_words
from parsers.grammars.keyword_writing import words_follow
from parsers.text.excerpt import Excerpt

_LONG_NUMBER = re.compile(r"[0-9](?:[\s.-]?[0-9]){5}")
"""Digits that no unit and no ward has: a telephone number (`LH toi so 0905 123 456` is no such command)."""


def _read(body: Excerpt, today: date, service: Service) -> FindContact | None:
    del today, service
    return FindContact(place=trimmed(body.shown)) if _LONG_NUMBER.search(body.folded) is None else None


GRAMMAR: Grammar[FindContact] = Grammar(
    command=FindContact,
    service="contacts",
    default_keywords=("LH",),
    is_conversation=True,
    writing=words_follow,
    read=_read,
    printed=lambda command: {"place": command.place},
    official_form=lambda command, keyword, _vocabulary: f"{keyword} {command.place}".strip(),
    why=why_words,
)
