"""A handler: all that answering, guarding and preparing must know of one command; and the table of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Generic, NamedTuple, Never, TypeVar, cast

from sqlalchemy import Connection

from db.citizens.dossiers import Dossier
from db.citizens.lookups import TableRow
from db.store.address import Address, as_msisdn
from handlers.answer import Answer
from handlers.context import Context, FirstPassword, ServiceFacts
from handlers.wording.catalogue import placeholders
from handlers.wording.phrases import Phrase
from parsers.commands import Command
from parsers.misread import Misread, MisreadKind

IN_HAND = "in_hand"
"""The outcome of a command that is being carried out; it does not count against its sender."""

C_contra = TypeVar("C_contra", bound=Command, contravariant=True)
C = TypeVar("C", bound=Command)

Dossiers = Mapping[str, Sequence[Dossier]]
Rows = Mapping[str, Sequence[TableRow]]
_NO_ROWS: Rows = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentences:
    """A phrase that brings its sentences: forms by language, the fullest first, as in a wording.

    A language that it does not have gets the first of those that it has: a citizen is answered in any case.
    """

    forms: Mapping[str, tuple[str, ...]]

    def forms_in(self, language: str) -> tuple[str, ...]:
        """Return the forms in a language, or in the first of those there are."""
        return self.forms.get(language) or next(iter(self.forms.values()))

    def __hash__(self) -> int:
        """Tell phrases apart by their place in memory: each is made once."""
        return id(self)


Saying = Phrase | Sentences
"""A phrase of the wordings, or one of a command's own."""


def forms_of(saying: Saying, service: ServiceFacts, values: Mapping[str, str]) -> Sequence[str]:
    """Return every form that has all its values, the fullest first."""
    every = {**service.values, **values}
    if isinstance(saying, Sentences):
        forms = saying.forms_in(service.wording.language)
        return [form.format_map(every) for form in forms if placeholders(form) <= every.keys()]
    return service.wording.forms(saying, every)


class Tried(NamedTuple):
    """One thing that could be guessed, and the neighbourhood it is counted in, both in words."""

    key: str
    area: str


class Guessable(NamedTuple):
    """What a command names that a stranger could guess: codes, or the identity number of a person."""

    codes: Sequence[Tried] = ()
    person: str | None = None


class Fetched(NamedTuple):
    """The commands of a batch as they are meant, in their order, and the dossiers that they find and open, by key."""

    commands: Sequence[Command]
    dossiers: Dossiers
    rows: Rows = _NO_ROWS
    """The rows of own tables that they find and open, by key."""


class Meant(NamedTuple):
    """The texts of a batch as they are meant, and all that they find and open."""

    texts: Sequence[Command | Misread]
    dossiers: Dossiers
    rows: Rows


class SecretsTried(NamedTuple):
    """The dossiers that secrets opened, and for each secret that opened none an entry: the dossier, or None."""

    opened: Sequence[int] = ()
    wrong: Sequence[int | None] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Preparation(Generic[C_contra]):
    """What takes too long for a transaction and is made before it, in a pool."""

    make: Callable[[], FirstPassword]
    is_needed: Callable[[Connection, C_contra], bool]


def _names_nothing(command: Command) -> Guessable:
    del command
    return _NOTHING_GUESSABLE


def _as_stored(command: Command) -> str:
    del command
    return "depends on what is stored."


_NOTHING_GUESSABLE = Guessable()


@dataclass(frozen=True, kw_only=True, slots=True)
class Handler(Generic[C_contra]):
    """One command: how it is carried out and what is said about it. A new command needs the first four fields."""

    command: type[Command]
    service: str
    """Its section in the settings, and its placeholder in sentences: that of its grammar."""
    handle: Callable[[C_contra, Context], Answer] | None = None
    """Carries it out; None for a command of the conversation, which is filed (handlers.conversation.effects)."""
    help: Saying | None = None
    """How to write it, when somebody asks for that."""
    help_off: Phrase | None = None
    """What is said instead while it is switched off; None: the help of all commands."""
    line: Saying | None = None
    """Its place in the list of all commands; None: it is not listed."""
    meant: Saying | None = None
    """Asks whether it was meant, when another keyword was written."""
    copyable: Saying | None = None
    """The text to copy, with the sender's own fields in it."""
    wrong: Saying | None = None
    """What is said where its key is missing; None: what is said of receipt codes."""
    with_secret: Mapping[Saying, Saying] = field(default_factory=dict)
    """What is said instead of a phrase above when the service asks for secrets."""
    echo: Callable[[str], str | None] | None = None
    """Repeats the content of a suggested text; returns None when it could be more than that."""
    misreads: frozenset[MisreadKind] = frozenset()
    """The misreads that only a text for this command has."""

    outcomes: frozenset[str] = frozenset()
    """Its possible outcomes; empty where it is no service, as thanks."""
    fruitful: frozenset[str] = frozenset()
    """The outcomes that never count against a number that replies fast."""
    unfound: frozenset[str] = frozenset()
    """The outcomes with the words for something that does not exist."""
    unsaid: frozenset[str] = frozenset()
    """The outcomes without an answer; they use up nothing."""
    between_people: frozenset[str] = frozenset()
    """The outcomes of a conversation that an agent takes part in; they never show a machine."""
    answered: Callable[[C_contra], str] = _as_stored
    """Says in English what an answer depends on, for `sms-gateway parse`, which reads no database."""
    is_answered: bool = True
    is_look_up: bool = False
    """Whether it is counted among the look-ups of Today."""

    needs_phone: bool = False
    """Whether it is carried out for telephone numbers only; who writes from another address is asked for an SMS."""

    prefetch: Callable[[Connection, Sequence[C_contra], ServiceFacts], Fetched] | None = None
    """Reads for a whole batch what its commands need, in few queries."""
    prepare: Preparation[C_contra] | None = None
    guard: Callable[[C_contra], Guessable] = _names_nothing
    secrets_tried: Callable[[Connection, C_contra, Dossiers], SecretsTried] | None = None
    """Returns which secrets were right, for an operator who tries a text; with what `prefetch` found."""

    @property
    def name(self) -> str:
        """Return the name of the command."""
        return self.command.name

    def lacks_phone(self, sender: Address) -> bool:
        """Return whether it needs a telephone number, and the sender's address is none.

        Such a text opens nothing, so nothing that it names is counted as a guess. Otherwise people without a phone
        could use up what may be tried of somebody's identity number.
        """
        return self.needs_phone and as_msisdn(sender) is None

    def said(self, saying: Saying | None, service: ServiceFacts) -> Saying | None:
        """Return the phrase that is said of this service."""
        return self.with_secret.get(saying, saying) if saying is not None and service.asks_secret else saying


AnyHandler = Handler[Never]


class Handlers:
    """The handlers of a service, by their commands."""

    def __init__(self, handlers: Iterable[AnyHandler]) -> None:
        self.take(handlers)

    def take(self, handlers: Iterable[AnyHandler]) -> None:
        """Take these handlers in place of the others: for tables that offices change while the service runs.

        A handler of a command that was read before must be among them.
        """
        self.every = tuple(handlers)
        self._by_command: Mapping[type[Command], AnyHandler] = {one.command: one for one in self.every}
        self._prefetching = tuple(one for one in self.every if one.prefetch is not None)
        self.fruitful = frozenset[str]({IN_HAND}).union(*(one.fruitful for one in self.every))
        self.unfound = frozenset[str]().union(*(one.unfound for one in self.every))
        self.unanswered = frozenset[str]().union(
            *(one.unsaid if one.is_answered else one.outcomes for one in self.every)
        )
        self.between_people = frozenset[str]().union(*(one.between_people for one in self.every))

    def of(self, command: C) -> Handler[C]:
        """Return the handler of a command; raises KeyError when there is none, which is our mistake."""
        return cast("Handler[C]", self._by_command[type(command)])

    def find(self, command: Command | Misread) -> AnyHandler | None:
        """Return the handler of a command; None for a misread and for a command without one, as a call for help."""
        return self._by_command.get(type(command)) if not isinstance(command, Misread) else None

    def named(self, name: str | None) -> AnyHandler | None:
        """Return the handler of the command with this name."""
        return next((one for one in self.every if one.name == name), None)

    def listed(self, service: ServiceFacts) -> Sequence[AnyHandler]:
        """Return the handlers of the services that are on, in the order of the list.

        A command that needs a telephone number is not listed on a channel without them.
        """
        return [
            one
            for one in self.every
            if one.line is not None and one.service in service.keywords and not (one.needs_phone and service.said_as)
        ]

    def needs_preparation(self, command: Command | Misread) -> bool:
        """Return whether something must be made before the transaction, in a pool: it takes tens of milliseconds."""
        handler = self._by_command.get(type(command))  # type: ignore[arg-type] # a misread is no key
        return handler is not None and handler.prepare is not None

    def guessable(self, command: Command | Misread) -> Guessable:
        """Return what a text names that could be guessed."""
        if isinstance(command, Misread) or type(command) not in self._by_command:
            return _NOTHING_GUESSABLE
        return self.of(command).guard(command)

    def prefetch(self, connection: Connection, commands: Sequence[Command | Misread], service: ServiceFacts) -> Meant:
        """Read what a batch needs; return its commands as they are meant, and what they find by key."""
        meant = list(commands)
        dossiers: dict[str, Sequence[Dossier]] = {}
        rows: dict[str, Sequence[TableRow]] = {}
        for handler in self._prefetching:
            places = [place for place, one in enumerate(meant) if type(one) is handler.command]
            fetch = cast("Callable[[Connection, Sequence[Command | Misread], ServiceFacts], Fetched]", handler.prefetch)
            if places:
                fetched = fetch(connection, [meant[place] for place in places], service)
                for place, one in zip(places, fetched.commands, strict=True):
                    meant[place] = one
                dossiers.update(fetched.dossiers)
                rows.update(fetched.rows)
        return Meant(meant, dossiers, rows)
