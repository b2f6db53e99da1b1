"""TL: words for a ticket that is named. A ticket number in front of a text needs no keyword."""

from __future__ import annotations

from datetime import date

from parsers.commands import ShowHelp
from parsers.commands.conversation import ReplyToTicket, ShowTicketStatus
from parsers.grammar import Grammar, Service, Vocabulary
from parsers.grammars.conversation.content import count_words, is_courtesy, numbered, shown_numbers, why_words
from parsers.grammars.keyword_writing import number_follows
from parsers.text.excerpt import Excerpt


def read_numbered(body: Excerpt, *, has_keyword: bool) -> ReplyToTicket | ShowTicketStatus | None:
    """Read words beside a ticket number; a number alone asks for its state; None without a number.

    Nine digits without YC and # count only behind the keyword.

    >>> read_numbered(Excerpt.of("YC482173051"), has_keyword=False).numbers[0].digits
    '482173051'
    """
    found = numbered(body, with_bare=has_keyword)
    if not found.numbers:
        return None
    if is_courtesy(found.words):
        return ShowTicketStatus(numbers=found.numbers, has_keyword=has_keyword)
    return ReplyToTicket(numbers=found.numbers, words=found.words)


def _read(body: Excerpt, today: date, service: Service) -> ReplyToTicket | ShowTicketStatus | ShowHelp | None:
    del today, service
    return read_numbered(body, has_keyword=True) if count_words(body.folded) else ShowHelp(topic=ReplyToTicket.name)


def _official_form(command: ReplyToTicket, keyword: str, vocabulary: Vocabulary) -> str:
    del vocabulary
    return " ".join([keyword, *shown_numbers(command.numbers), command.words])


GRAMMAR = Grammar(
    command=ReplyToTicket,
    service="reply",
    default_keywords=("TL",),
    is_conversation=True,
    writing=number_follows,
    read=_read,
    survives_gaps=True,
    printed=lambda command: {"tickets": shown_numbers(command.numbers), "words": command.words},
    official_form=_official_form,
    why=why_words,
)
