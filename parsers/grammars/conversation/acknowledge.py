"""NHAN: a duty contact takes an urgent ticket; without a number it is no such command."""

from __future__ import annotations

from datetime import date

from parsers.commands.conversation import AcknowledgeUrgent
from parsers.grammar import Grammar, Service, Vocabulary
from parsers.grammars.conversation.content import numbered, shown_numbers, why_words
from parsers.grammars.keyword_writing import number_follows
from parsers.text.excerpt import Excerpt


def _read(body: Excerpt, today: date, service: Service) -> AcknowledgeUrgent | None:
    del today, service
    numbers = numbered(body).numbers
    return AcknowledgeUrgent(numbers=numbers) if numbers else None


def _official_form(command: AcknowledgeUrgent, keyword: str, vocabulary: Vocabulary) -> str:
    del vocabulary
    return " ".join([keyword, *shown_numbers(command.numbers)])


GRAMMAR = Grammar(
    command=AcknowledgeUrgent,
    service="acknowledge",
    default_keywords=("NHAN",),
    is_conversation=True,
    writing=number_follows,
    read=_read,
    printed=lambda command: {"tickets": shown_numbers(command.numbers)},
    official_form=_official_form,
    why=why_words,
)
