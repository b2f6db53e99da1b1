"""TT: the state of a ticket, or of all tickets of the sender."""

from __future__ import annotations

import re
from datetime import date

from parsers.commands.conversation import ShowTicketStatus
from parsers.grammar import Grammar, Service, Vocabulary
from parsers.grammars.conversation.content import count_words, numbered, shown_numbers, why_words
from parsers.grammars.keyword_writing import number_follows
from parsers.text.excerpt import Excerpt

_ALL = re.compile(r"\W*(?:XEM\s+)?HET(?![^\W_])(?:\W|(?:A|NHE|NHA|EM|DI|GIUP|TOI|MINH)(?![^\W_]))*")


def _read(body: Excerpt, today: date, service: Service) -> ShowTicketStatus | None:
    """Read what follows the keyword; other words without a number are no such command."""
    del today, service
    if _ALL.fullmatch(body.folded) is not None:
        return ShowTicketStatus(is_all=True)
    found = numbered(body)
    if not found.numbers and count_words(body.folded):
        return None
    return ShowTicketStatus(numbers=found.numbers, words=found.words)


def _official_form(command: ShowTicketStatus, keyword: str, vocabulary: Vocabulary) -> str:
    del vocabulary
    parts = [*shown_numbers(command.numbers), *filter(None, ["HET" if command.is_all else "", command.words])]
    return " ".join([keyword, *parts])


GRAMMAR = Grammar(
    command=ShowTicketStatus,
    service="ticket_status",
    default_keywords=("TT",),
    is_conversation=True,
    yields_to=frozenset({"look_up_status"}),
    writing=number_follows,
    read=_read,
    printed=lambda command: {"tickets": shown_numbers(command.numbers), "all": command.is_all},
    official_form=_official_form,
    why=why_words,
)
