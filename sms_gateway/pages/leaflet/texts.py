"""The texts that the leaflet teaches: a row for each service that is on, with its keyword and an example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from db.citizens.lookups import TableDefinition
from db.schema import KeyShape
from handlers.handler import forms_of
from parsers.commands import PRICE, ShowHelp
from parsers.commands.tables import PREFIX, command_of
from parsers.grammar import AnyGrammar
from parsers.grammars.conversation import CONVERSATION, withdrawal
from sms_gateway.pages.leaflet.words import HELP, Words

STOP = "STOP"
"""Read as the end of notices beside the keyword that the settings may rename."""

_MADE_UP: Mapping[KeyShape, str] = {
    KeyShape.DIGITS: "123456",
    KeyShape.CODE: "AB123456",
    KeyShape.WORDS: "Nguyen Van A",
}
_MADE_UP_SECRET = "1234"  # noqa: S105 - an example


@dataclass(frozen=True, kw_only=True, slots=True)
class Taught:
    """A row of the leaflet."""

    want: str
    """What a citizen wants."""
    keyword: str
    rest: str
    """What follows the keyword."""
    command: str
    """The name of the command that its texts are read as."""
    examples: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """Other keywords that are read alike."""
    note: str = ""

    @property
    def shown_examples(self) -> Sequence[str]:
        """Return the examples that say more than the keyword."""
        return [one for one in self.examples if one != f"{self.keyword}{self.rest}"]


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnTable:
    """An own table or own answer that answers."""

    name: str
    definition: TableDefinition
    key: str | None = None
    """Of its first row; None where that may not be printed."""


def taught_texts(words: Words, tables: Sequence[OwnTable]) -> Sequence[Taught]:
    """Return the rows: services, own tables, the conversation, the help, and how notices end."""
    on = words.vocabulary.grammars
    alone = [one for one in on if one.is_offered and not one.is_conversation and not one.name.startswith(PREFIX)]
    conversing = [one for one in CONVERSATION if one in on]
    return [
        *(row for one in alone if one is not withdrawal.ALONE for row in _of_service(one, words)),
        *(row for one in tables for row in _of_table(one, words)),
        *(row for one in conversing for row in _of_service(one, words)),
        *_ends_of_notices(words),
        _row("help", words.help_word, HELP, words),
        *_price(words),
    ]


def _of_service(grammar: AnyGrammar, words: Words) -> Iterator[Taught]:
    """Return the row of a service. A command without words on the leaflet is said as the help lists it."""
    handler = words.handlers.named(grammar.name)
    keyword = words.vocabulary.taught[grammar.name]
    if handler is None or not keyword or (handler.help is not None and handler.help is handler.help_off):
        return  # no service; or one that no answer teaches, as SOS where nobody is on duty
    if words.find(f"leaflet.want.{grammar.service}") is not None:
        others = () if grammar.read_keyword is not None else words.vocabulary.words_of(grammar.name)[1:]
        yield replace(_row(grammar.service, keyword, grammar.name, words), others=tuple(others))
    elif handler.line is not None:
        line = forms_of(handler.line, words.service, {})
        yield Taught(want=line[0] if line else keyword, keyword=keyword, rest="", command=grammar.name)


def _row(key: str, keyword: str, command: str, words: Words) -> Taught:
    """Return a row from the words for its key; those for a service with secrets end with `.secret`."""

    def find(part: str) -> str | None:
        closed = words.find(f"leaflet.{part}.{key}.secret") if words.service.asks_secret else None
        return closed or words.find(f"leaflet.{part}.{key}", count=words.settings.service.password_days)

    example = find("example")
    return Taught(
        want=words.say(f"leaflet.want.{key}"),
        keyword=keyword,
        rest=(find("form") or keyword).removeprefix(keyword),
        command=command,
        examples=(example,) if example is not None else (keyword,),
        note=find("note") or "",
    )


def _ends_of_notices(words: Words) -> Iterator[Taught]:
    if words.has_notices:
        name = withdrawal.GRAMMAR.name
        keyword = words.vocabulary.taught[name]
        yield replace(_row("end_notices", keyword, name, words), others=(STOP,))
        yield _row("end_notice", keyword, name, words)


def _price(words: Words) -> Iterator[Taught]:
    """Return how the price is asked for, when an own table has not taken that word."""
    row = _row("price", words.help_word, HELP, words)
    if words.read(row.examples[0]) == ShowHelp(topic=PRICE):
        yield row


def _of_table(table: OwnTable, words: Words) -> Iterator[Taught]:
    """Return the row of an own table, when a text to it is answered now; its example only when it is read so."""
    command, about = command_of(table.name), table.definition
    keyword = words.vocabulary.taught.get(command.name)
    if keyword is None:
        return  # it is left out: faulty, or with the keyword of another command
    secret = about.secret_column.replace("_", " ")
    parts = [f" {about.key_label}" if about.has_rows else "", f", {secret}" if secret else ""]
    example = " ".join([keyword, *_example_key(table)])
    yield Taught(
        want=about.title,
        keyword=keyword,
        rest="".join(parts),
        command=command.name,
        examples=(example,) if isinstance(words.read(example), command) else (),
        others=words.vocabulary.words_of(command.name)[1:],
    )


def _example_key(table: OwnTable) -> Sequence[str]:
    about = table.definition
    if not about.has_rows:
        return ()
    if about.secret_column:
        return (f"{_MADE_UP[about.shape]}, {_MADE_UP_SECRET}",)
    return (table.key or _MADE_UP[about.shape],)
