"""A text as filing rules see it: its reading, its numbers, and whether it is a reaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from db.store.record import record
from handlers.conversation.situation import Situation
from parsers.commands import Command, LookUpStatus
from parsers.commands.conversation import Remark, ReplyToTicket, ShowTicketStatus, TicketNumber, TicketText
from parsers.fields.codes.ticket_numbers import PREFIX, WrittenNumber, find_numbers
from parsers.grammar import Service, Vocabulary
from parsers.grammars.conversation.content import as_number, count_words, is_courtesy, trimmed
from parsers.misread import Misread, MisreadKind
from parsers.reading.conversation import front_of, is_bare, reaction_to, remark_of
from parsers.text.excerpt import Excerpt
from parsers.text.normal_form import NormalText, normalise
from parsers.text.reactions import Reaction
from parsers.text.urgent_phrases import urgent_phrases


@record
class Heard:
    """A text and what is in it."""

    reading: Command | Misread
    """What it was read as."""
    remark: Remark
    """What it says when it is taken for no command."""
    whole: Excerpt
    """Its normal form."""
    reaction: Reaction | None
    """When the whole text is one."""
    numbers: tuple[TicketNumber, ...]
    """The ticket numbers in it; bare digits only when they are a number of the sender."""
    words: str
    """The text without the numbers."""
    is_bare: bool
    """Whether it holds codes or data of a person, or asks for the price alone, and no keyword begins it."""

    @property
    def is_remark(self) -> bool:
        """Return whether it is no command."""
        return isinstance(self.reading, Remark)

    @property
    def is_empty(self) -> bool:
        """Return whether it has no letter, no digit and no sign that is known."""
        return isinstance(self.reading, Misread) and self.reading.kind is MisreadKind.EMPTY

    @property
    def has_urgent_phrase(self) -> bool:
        """Return whether it speaks of danger to life."""
        return bool(urgent_phrases(self.whole.shown))

    @property
    def count(self) -> int:
        """Return the number of words."""
        return count_words(self.whole.folded)

    def as_remark(self) -> Heard:
        """Return the same text, taken for no command."""
        return replace(self, reading=self.remark)


def hear(
    reading: Command | Misread,
    text: str,
    situation: Situation,
    *,
    vocabulary: Vocabulary,
    short_codes: Collection[str],
) -> Heard:
    """Look at a text; what was suggested because of a ticket number of the sender is no suggestion."""
    whole = Excerpt.of(normalise(text))
    if isinstance(reading, TicketText) and not reading.is_framed and not situation.is_duty:
        return _keyword_alone(reading, whole)
    own = {ticket.number for ticket in situation.tickets}
    written = [one for one in find_numbers(whole.folded) if not one.is_bare or f"{PREFIX}{one.digits}" in own]
    service = Service(short_codes, with_secrets=False, vocabulary=vocabulary)
    remark = reading if isinstance(reading, Remark) else remark_of(whole, service)
    heard = Heard(
        reading=reading,
        remark=remark,
        whole=whole,
        reaction=reaction_to(text, NormalText(whole.shown)),
        numbers=tuple(dict.fromkeys(map(as_number, written))),
        words=_without(whole.shown, written),
        is_bare=is_bare(reading, NormalText(whole.shown), vocabulary),
    )
    if any(one.is_bare for one in written):
        heard = _told_by_own_number(heard, written, vocabulary)
    if heard.is_remark and heard.numbers and is_courtesy(heard.words):
        return replace(heard, reading=ShowTicketStatus(numbers=heard.numbers, has_keyword=False))
    return heard


def _keyword_alone(reading: TicketText, whole: Excerpt) -> Heard:
    """Return a text whose keyword decides (F1): nothing else in it is asked for."""
    remark = Remark(words=whole.shown)
    return Heard(
        reading=reading, remark=remark, whole=whole, reaction=None, numbers=(), words=whole.shown, is_bare=False
    )


def _told_by_own_number(heard: Heard, written: list[WrittenNumber], vocabulary: Vocabulary) -> Heard:
    """Read a text with a bare number of the sender as one with `YC`: only filing knows whose numbers they are."""
    is_suggested = (
        isinstance(heard.reading, Misread)
        and heard.is_bare
        and heard.reading.suggestion == vocabulary.taught.get(LookUpStatus.name)
    )
    if not isinstance(heard.reading, Remark | TicketText) and not is_suggested:
        return heard
    if isinstance(heard.reading, TicketText) and not heard.reading.is_framed:
        return heard
    heard = replace(heard, reading=heard.remark, is_bare=False)
    is_in_front = not trimmed(heard.whole.shown[front_of(heard.whole.folded) : written[0].start])
    if not is_in_front or is_courtesy(heard.words):
        return heard
    return replace(heard, reading=ReplyToTicket(numbers=heard.numbers, words=heard.words))


def _without(text: str, written: list[WrittenNumber]) -> str:
    for one in reversed(written):
        text = f"{text[: one.start]} {text[one.end :]}"
    return trimmed(" ".join(text.split()))
