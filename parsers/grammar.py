"""A grammar: all that reading, printing and explaining must know of one command; and the vocabulary of a service."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, NamedTuple, Never, TypeVar, cast

from parsers.commands import Command
from parsers.localised_message import LocalisedMessage
from parsers.misread import Misread
from parsers.text.excerpt import Excerpt
from parsers.text.normal_form import NormalText

Reading = Command | Misread
"""What a text is taken for."""


class Writing(NamedTuple):
    """The ways to write one keyword, upper case and without accents."""

    written: re.Pattern[str]
    """At the beginning of a text."""
    named: re.Pattern[str]
    """After the help word: `HD TK`."""
    glued: re.Pattern[str] | None = None
    """With content right after it; None where nothing may be glued."""


class Service(NamedTuple):
    """What a reading must know of the service: its numbers, its keywords, and whether a code needs a secret."""

    short_codes: Collection[str]
    with_secrets: bool
    vocabulary: Vocabulary


class Found(NamedTuple):
    """A command found among other words, and the words without it."""

    reading: Reading
    rest: Excerpt


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One thing that was decided: this part of the text was taken for that, for this reason."""

    part: str
    taken_for: str
    why: LocalisedMessage


Reader = Callable[[Excerpt, date, Service], Reading | None]
"""Reads a stretch of text, on a day, for a service; None when it cannot be what the reader looks for."""

Reach = Callable[[Excerpt, date, Service], int]
"""Returns where something ends that a text begins with; 0 when it begins with none."""

KeywordReader = Callable[[str, Excerpt], Reading | None]
"""Reads a keyword and what follows it; None when it is no such command after all."""

_NEVER = re.compile("(?!)")

Places = frozenset[int]
"""Places of characters in a text."""

C_contra = TypeVar("C_contra", bound=Command, contravariant=True)
C = TypeVar("C", bound=Command)


def plain_writing(keyword: str, others: Sequence[str]) -> Writing:
    """Return how a keyword is written with nothing glued to it: the default.

    >>> plain_writing("GIO", ()).written.match("GIO LAM VIEC").end(), plain_writing("GIO", ()).written.match("GIOI")
    (3, None)
    """
    del others
    whole = re.compile(rf"{keyword}(?![^\W_])")
    return Writing(written=whole, named=whole)


def _print_nothing(command: Command) -> dict[str, object]:
    del command
    return {}


def _explain_nothing(command: Command) -> Sequence[Step]:
    del command
    return ()


def _explain_no_content(body: Excerpt, today: date, service: Service) -> Sequence[Step]:
    del body, today, service
    return ()


def _print_keyword(command: Command, keyword: str, vocabulary: Vocabulary) -> str:
    del command, vocabulary
    return keyword


def _nothing_secret(text: str, command: Command, keywords: Sequence[str]) -> Places:
    del text, command, keywords
    return frozenset()


def _no_samples(keyword: str, codes: Sequence[str]) -> Sequence[str]:
    del keyword, codes
    return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Grammar(Generic[C_contra]):
    """One command: how it is read, written and explained. The defaults fit a command of one keyword.

    Readers get the text, the day, and the service. A new command needs `command`, `service`, `default_keywords`,
    `read`, `why` and `fits`.
    """

    command: type[Command]
    service: str
    """Its section in the settings, and its placeholder in sentences."""
    why: Callable[[C_contra], LocalisedMessage]
    """Why a text was taken for this command."""
    default_keywords: tuple[str, ...] = ()
    """Answers name the first, all are read; a command without any is no service (thanks)."""
    is_offered: bool = True
    """Whether it is a service that can be switched off; help and thanks are not."""
    read: Reader | None = None
    """Reads what follows the keyword; returns None when the text is no such command after all."""

    # How its keyword is written.
    writing: Callable[[str, Sequence[str]], Writing] = plain_writing
    glues: re.Pattern[str] | None = None
    """What its content can begin with when it is glued to the keyword; None: nothing is glued."""
    holds_glued: Callable[[Excerpt, date, Service], bool] | None = None
    """Returns whether what is glued to the keyword is content, and not the rest of another word."""
    stands_for: re.Pattern[str] | None = None
    """The words for which the keyword stands, as people write them instead; the command is then suggested."""
    near_words: Callable[[str], bool] | None = None
    """Returns whether a word is a slip for the keyword; None: one edit is a slip."""
    is_greeted: bool = False
    """Whether a greeting before its keyword is ignored."""
    is_found_inside: bool = False
    """Whether its keyword is looked for inside a text that begins with none."""
    is_conversation: bool = False
    """Whether it is read by the rules of the conversation (parsers.reading.conversation), after the other commands."""
    yields_to: frozenset[str] = frozenset()
    """Of the conversation: the commands that it becomes when its content is nothing else than theirs."""
    read_keyword: KeywordReader | None = None
    """Of the conversation: reads what follows where the keyword itself says something (`EN`, `VI`)."""

    # What may be meant by a text without it.
    fits: Reader | None = None
    """Reads content after a misspelled keyword: returns a command only when it can be nothing else."""
    needs_no_keyword: bool = False
    """Whether a whole text is tried as content when no keyword begins it; the command is then suggested."""
    spelled_out: Reach | None = None
    """Returns where the command ends that a text begins with in words, when all its content follows; 0: it has none."""
    nearly_spelled_out: Reach | None = None
    """The same where only the words are there, and content may be missing."""
    in_part: Callable[[Excerpt, date, Service], Misread | None] | None = None
    """Reads a text that spells the command out and holds part of its content, so that no other command is guessed."""
    alone: Reader | None = None
    """Reads a text that is only content, surely of this command."""
    inside: Callable[[Excerpt, Service], Found | None] | None = None
    """Finds content that is surely of this command among other words."""
    is_asked_in: Callable[[Excerpt, date, Service], bool] | None = None
    """Returns whether a text holds this command with all its content."""
    follows: Callable[[Excerpt, int, date, Service], bool] | None = None
    """Returns the same for what follows the content of another command, whose keyword ends here."""
    exact: Callable[[Sequence[str]], Callable[[str], Command | None]] | None = None
    """Makes, of the keywords, a quick reader for raw texts written exactly as printed; not used with secrets."""
    doubt: Callable[[C_contra, NormalText], Misread | None] | None = None
    """Returns what is doubtful about a command that was read well, by the whole text."""
    survives_gaps: bool = False
    """Whether it is carried out when a part of its text never came; it then holds nothing that touches the gap."""

    # How it is printed and explained.
    printed: Callable[[C_contra], dict[str, object]] = _print_nothing
    """Its fields as `parse --json` prints them, after its name."""
    official_form: Callable[[C_contra, str, Vocabulary], str] = _print_keyword
    """Writes it as its instruction does, with this keyword: it reads back the same."""
    explain: Callable[[C_contra], Sequence[Step]] = _explain_nothing
    explain_content: Callable[[Excerpt, date, Service], Sequence[Step]] = _explain_no_content
    """Explains the fields in what follows the keyword, whatever it was read as."""

    # What is shown of it.
    holds_codes: bool = False
    """Whether long numbers in its text are receipt codes, which operators need, and not numbers of people."""
    holds_secrets: bool = False
    """Whether a text meant for it may hold a secret, where the service asks for one."""
    own_secret: bool = False
    """Whether its text holds a secret, whatever the service asks for."""
    secret_places: Callable[[str, C_contra, Sequence[str]], Places] = _nothing_secret
    """Returns the places of secrets in its text, by its keywords."""
    samples: Callable[[str, Sequence[str]], Sequence[str]] = _no_samples
    """Texts to try, by the keyword and the receipt codes of the demo."""

    @property
    def name(self) -> str:
        """Return what logs, filters and `parse --json` print."""
        return self.command.name


AnyGrammar = Grammar[Never]


class Keyword(NamedTuple):
    """One keyword of a vocabulary: the word, the command that it begins, and the ways to write it."""

    word: str
    grammar: AnyGrammar
    writing: Writing


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """The commands of a service that are on and the keywords that begin them; made once, at the start."""

    grammars: tuple[AnyGrammar, ...]
    keywords: tuple[Keyword, ...]
    taught: Mapping[str, str]
    """The keyword that answers name, by the name of the command."""
    words: Mapping[str, tuple[str, ...]] = field(repr=False)
    """Every keyword, by the name of the command."""
    by_command: Mapping[type[Command], AnyGrammar] = field(repr=False)
    exact: tuple[Callable[[str], Command | None], ...] = field(repr=False)
    greeted: str = field(repr=False)
    """A pattern of the keywords before which greetings are thrown away."""
    inside: re.Pattern[str] = field(repr=False)
    """The keywords that are looked for inside a text, each as a group of the name of its command."""
    no_names: re.Pattern[str] | None = field(repr=False)
    """The keywords that no name of a person holds; None when these are the printed ones alone."""
    conversation: tuple[Keyword, ...] = field(default=(), repr=False)
    """The keywords of the conversation; none when it is off."""
    conversing: re.Pattern[str] = field(default=_NEVER, repr=False)
    """Any of them with what may be before it: a quick check."""
    has_own_secrets: bool = False
    """Whether a text of one of them holds a secret, whatever the service asks for."""
    beginning: re.Pattern[str] = field(default=_NEVER, repr=False)
    """A keyword of another service at the beginning of a normal text, in any case: a quick check."""

    def of(self, command: C) -> Grammar[C]:
        """Return the grammar of a command that this vocabulary read."""
        return cast("Grammar[C]", self.by_command[type(command)])

    def offers(self, service: str) -> bool:
        """Report whether a service, by its name in the settings, is on."""
        return any(one.service == service for one in self.grammars)

    def words_of(self, name: str) -> tuple[str, ...]:
        """Return every keyword of the command with this name; none when it is off."""
        return self.words.get(name, ())

    def named(self, name: str | None) -> AnyGrammar | None:
        """Return the grammar of the command with this name; None when there is none, or it is off."""
        return next((one for one in self.grammars if one.name == name), None)
