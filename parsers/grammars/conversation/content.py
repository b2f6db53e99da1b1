"""What follows a keyword of the conversation: words, and numbers of tickets among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from parsers.commands import ShowHelp
from parsers.commands.conversation import TicketNumber, TicketText
from parsers.fields.codes.ticket_numbers import PREFIX, WrittenNumber, find_numbers
from parsers.grammar import Grammar, Reading, Service, Writing
from parsers.grammars.keyword_writing import words_follow
from parsers.localised_message import LocalisedMessage
from parsers.reasons import REASONS
from parsers.text.excerpt import Excerpt
from parsers.text.normal_form import fold

ACCOUNT_AND_CODES = frozenset({"register_account", "look_up_status"})
"""Commands that a text for people becomes when it holds nothing else."""

FEWEST_WORDS = 2
"""Words that a ticket needs."""

_WORD = re.compile(r"[^\W_]+")
_COURTESY = re.compile(
    r"(?:[\W_]|(?:GIUP|DUM|GIUM|HO|CHO|EM|TOI|MINH|CHAU|CON|ANH|CHI|BAN|NHE|NHA|A|AH|DI|VOI|LUON|XIN|VUI\s+LONG|LAM\s+ON"
    r"|NHO|YEU\s+CAU|PHIEU|SO|NAY|DA)(?![^\W_]))*"
)
"""What people write around a number without meaning more."""
_EDGE = " \t\n.,;:|\"'<>()[]{}*#~=_/\\+^-"
_FORCED = re.compile(r"\W*MOI(?![^\W_])")

T = TypeVar("T", bound=TicketText)


class Numbered(NamedTuple):
    """The ticket numbers of a text, and the words without them."""

    numbers: tuple[TicketNumber, ...]
    words: str


def count_words(folded: str) -> int:
    """Count the runs of letters and digits.

    >>> count_words("Den so 5, hong!")
    4
    """
    return sum(1 for _ in _WORD.finditer(folded))


def is_courtesy(words: str) -> bool:
    """Return whether words say nothing beside a ticket number.

    >>> is_courtesy("giup em nhe"), is_courtesy("da nop roi")
    (True, False)
    """
    return _COURTESY.fullmatch(fold(words)) is not None


def trimmed(text: str) -> str:
    """Remove the marks around words.

    >>> trimmed(": den (hong).")
    'den (hong'
    """
    return text.strip(_EDGE)


def numbered(body: Excerpt, *, with_bare: bool = True) -> Numbered:
    """Take the ticket numbers out of a text; bare digits count behind a keyword that wants a number.

    >>> numbered(Excerpt.of(" yc 482.173.051: da nop roi"))
    Numbered(numbers=(TicketNumber(digits='482173051', is_whole=True),), words='da nop roi')
    """
    written = [found for found in find_numbers(body.folded) if with_bare or not found.is_bare]
    rest = "".join(
        body.shown[start:end] for start, end in _between([(one.start, one.end) for one in written], len(body.shown))
    )
    return Numbered(tuple(dict.fromkeys(map(as_number, written))), trimmed(rest))


def as_number(written: WrittenNumber) -> TicketNumber:
    """Return a number as commands hold it."""
    return TicketNumber(written.digits, written.is_whole)


def shown_numbers(numbers: Sequence[TicketNumber]) -> list[str]:
    """Write numbers as answers do."""
    return [f"{PREFIX}{one.digits}" for one in numbers]


def _between(places: Sequence[tuple[int, int]], end: int) -> Sequence[tuple[int, int]]:
    starts = [0, *(stop for _, stop in places)]
    return list(zip(starts, [*(start for start, _ in places), end], strict=True))


def ticket_text(
    command: type[T],
    *,
    service: str,
    keywords: tuple[str, ...],
    yields_to: frozenset[str] = ACCOUNT_AND_CODES,
    writing: Callable[[str, Sequence[str]], Writing] = words_follow,
    can_be_forced: bool = False,
) -> Grammar[T]:
    """Make the grammar of a command that opens a ticket: its words are two or more; fewer are a call for help."""

    def read(body: Excerpt, today: date, service: Service) -> Reading | None:
        del today, service
        is_forced = can_be_forced and _FORCED.match(body.folded) is not None
        if count_words(body.folded) < FEWEST_WORDS + is_forced:
            return ShowHelp(topic=command.name)
        return command(words=trimmed(body.shown), is_forced=is_forced)

    return Grammar(
        command=command,
        service=service,
        default_keywords=keywords,
        is_conversation=True,
        yields_to=yields_to,
        writing=writing,
        read=read,
        survives_gaps=True,
        printed=lambda command: {"words": command.words},
        official_form=lambda command, keyword, _vocabulary: f"{keyword} {command.words}",
        why=why_words,
    )


def why_words(command: object) -> LocalisedMessage:
    """Say why a text was taken for a command whose keyword begins it."""
    del command
    return REASONS.message("words")
