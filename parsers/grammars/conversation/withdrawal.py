"""HUY: withdraw a ticket by its number; alone, end the notices. Other words without a number are no such command."""

from __future__ import annotations

import re
from datetime import date

from parsers.commands.conversation import WithdrawTicket
from parsers.grammar import Grammar, Service, Vocabulary
from parsers.grammars.conversation.content import count_words, is_courtesy, numbered, shown_numbers, why_words
from parsers.grammars.keyword_writing import number_follows
from parsers.text.excerpt import Excerpt
from parsers.text.normal_form import fold

_THANKS = re.compile(r"(?<![^\W_])(?:CAM\s+ON|THANKS?|VANG)(?![^\W_])")


def _read(body: Excerpt, today: date, service: Service) -> WithdrawTicket | None:
    del today, service
    found = numbered(body)
    if not found.numbers:
        return WithdrawTicket() if not count_words(body.folded) else None
    words = _THANKS.sub("", fold(found.words))
    return WithdrawTicket(numbers=found.numbers, has_more_words=not is_courtesy(words))


def _official_form(command: WithdrawTicket, keyword: str, vocabulary: Vocabulary) -> str:
    del vocabulary
    return " ".join([keyword, *shown_numbers(command.numbers)])


GRAMMAR = Grammar(
    command=WithdrawTicket,
    service="withdrawal",
    default_keywords=("HUY",),
    is_conversation=True,
    writing=number_follows,
    read=_read,
    printed=lambda command: {"tickets": shown_numbers(command.numbers)},
    official_form=_official_form,
    why=why_words,
)
