"""What a text can ask of the people behind the service: tickets, contacts, and texts that are no command (remarks)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from parsers.commands import Command, ReceiptCode


class TicketNumber(NamedTuple):
    """A ticket number as it was read, without its letters."""

    digits: str
    is_whole: bool
    """Nine digits, and the check digit fits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketText(Command):
    """A text that opens a ticket: the base of the five commands that do."""

    words: str
    """What follows the keyword, in the normal form, accents kept."""
    is_framed: bool = False
    """Whether ordinary words took the place of the keyword (`cho toi hoi`, `phan anh`): a remark where one is due."""
    is_forced: bool = False
    """Whether the sender wants a new ticket although the matter has one (`HOI MOI`)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AskQuestion(TicketText):
    """HOI: ask the people of the service."""

    name: ClassVar[str] = "question"


@dataclass(frozen=True, kw_only=True, slots=True)
class FileReport(TicketText):
    """PA: report something in the city that is not as it should be."""

    name: ClassVar[str] = "report"


@dataclass(frozen=True, kw_only=True, slots=True)
class FileProposal(TicketText):
    """KN: propose something, or complain."""

    name: ClassVar[str] = "proposal"


@dataclass(frozen=True, kw_only=True, slots=True)
class FileSuggestion(TicketText):
    """GY: suggest something."""

    name: ClassVar[str] = "suggestion"


@dataclass(frozen=True, kw_only=True, slots=True)
class CallUrgently(TicketText):
    """SOS: report what cannot wait."""

    name: ClassVar[str] = "urgent"


@dataclass(frozen=True, kw_only=True, slots=True)
class ShowTicketStatus(Command):
    """TT: show the state of one ticket, or of the sender's tickets."""

    name: ClassVar[str] = "ticket_status"

    numbers: tuple[TicketNumber, ...] = ()
    words: str = ""
    """Words beside the numbers."""
    is_all: bool = False
    """Whether closed tickets are wanted too (`TT HET`)."""
    has_keyword: bool = True
    """False for a text that is only a number."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplyToTicket(Command):
    """TL, or a ticket number in front: add these words to the ticket."""

    name: ClassVar[str] = "reply"

    numbers: tuple[TicketNumber, ...]
    words: str
    """The words without the numbers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RateTicket(Command):
    """DG: rate how a ticket was handled."""

    name: ClassVar[str] = "rating"

    score: int | None
    """1 to 5; None when there is no digit or word of the scale, and it is asked for."""
    by_words: bool = False
    numbers: tuple[TicketNumber, ...] = ()
    words: str = ""
    """Words behind the score."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FindContact(Command):
    """LH: show how to reach a unit."""

    name: ClassVar[str] = "contacts"

    place: str = ""
    """The unit or ward, as the sender wrote it; empty when none is named."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawTicket(Command):
    """HUY: withdraw a ticket; with the code of a dossier or with nothing, end the notices."""

    name: ClassVar[str] = "withdrawal"

    numbers: tuple[TicketNumber, ...] = ()
    codes: tuple[ReceiptCode, ...] = ()
    """Dossiers that the sender wants no notices of; nine digits without YC may be a number and a code."""
    has_more_words: bool = False
    """Whether other than courtesy words are beside the numbers: then nothing is withdrawn."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShowPrivacy(Command):
    """TTDL: show what is stored, why and how long."""

    name: ClassVar[str] = "privacy"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChooseLanguage(Command):
    """EN, VI: answer this number in that language."""

    name: ClassVar[str] = "language"

    language: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AcknowledgeUrgent(Command):
    """NHAN: a duty contact takes an urgent ticket."""

    name: ClassVar[str] = "acknowledge"

    numbers: tuple[TicketNumber, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark(Command):
    """A text that is no command: what it is about depends on the tickets of its sender (handlers.conversation)."""

    name: ClassVar[str] = "remark"

    words: str
    """The whole text in the normal form."""
    is_question: bool = False
    about: str | None = None
    """The command whose keyword begins this question (`TK bi khoa thi lam sao`)."""
    near: str | None = None
    """The command whose keyword was probably meant by the first word (`PAden`, `HPI`)."""
    may_hold_secret: bool = False
    """Whether the service asks for secrets: one may be anywhere in the text."""
