"""The grammar of an own table, made from data: its keywords, how its key is read, and whether a secret follows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from parsers.commands import ShowHelp
from parsers.commands.tables import AskTable, command_of
from parsers.fields.codes.receipt_codes import canonical_form
from parsers.grammar import Grammar, Places, Reading, Service, Step, Vocabulary
from parsers.grammars.help import is_help_behind
from parsers.grammars.own_table_keys import KeyShape, keys_in
from parsers.keywords import match_keyword
from parsers.localised_message import LocalisedMessage
from parsers.misread import FieldName, Misread, MisreadKind
from parsers.reasons import OWN_KEY, REASONS, SECRET
from parsers.text.excerpt import Excerpt
from parsers.text.normal_form import fold, normalise


@dataclass(frozen=True, kw_only=True, slots=True)
class TableWriting:
    """What the reading of a text must know of a table."""

    name: str
    keywords: tuple[str, ...]
    shape: KeyShape
    needs_secret: bool = False
    samples: tuple[str, ...] = ()
    """Keys to try, with their secret."""


_LONGEST_ASIDE = 60
"""Characters behind the keyword of an own answer: a longer text asks for something else."""
_MARKS = " \t\n.,:;!|\"'<>()[]-"
_SHORTEST_GUESSED = 4
"""Letters of a keyword that a slip is guessed for where any words are a key."""


def grammar_of(table: TableWriting) -> Grammar[AskTable]:
    """Make the grammar of a table.

    >>> from parsers.vocabulary import vocabulary_of
    >>> bus = grammar_of(TableWriting(name="bus", keywords=("BUS",), shape=KeyShape.CODE))
    >>> service = Service(("8188",), with_secrets=False, vocabulary=vocabulary_of([bus]))
    >>> bus.read(Excerpt.of(" tuyen so R 16"), date(2026, 11, 29), service).canonical
    'R16'
    """
    command = command_of(table.name)
    read = partial(_read_answer if table.shape is KeyShape.NONE else _read_table, table, command)
    return Grammar(
        command=command,
        service=command.name,
        default_keywords=table.keywords,
        read=read,
        fits=partial(_fits, table, command),
        is_greeted=True,
        own_secret=table.needs_secret,
        holds_secrets=table.needs_secret,
        secret_places=_secret_places,
        printed=_printed,
        official_form=_official_form,
        why=_why,
        explain=_explain,
        samples=partial(_samples, table),
    )


def _read_answer(
    table: TableWriting, command: type[AskTable], body: Excerpt, today: date, service: Service
) -> Reading | None:
    del table, today
    if is_help_behind(body):
        return ShowHelp(topic=command.name)
    behind = match_keyword(body.folded.lstrip(_MARKS), service.vocabulary)
    if behind is not None and behind.keyword.grammar.command is not command:
        return None  # `DIACHI DVC 123456` is meant for the other command, which is then suggested
    return command() if len(body.folded) <= _LONGEST_ASIDE else None


def _read_table(
    table: TableWriting, command: type[AskTable], body: Excerpt, today: date, service: Service
) -> Reading | None:
    del today
    if is_help_behind(body):
        return ShowHelp(topic=command.name)
    found = _key_of(table, command, body, service)
    if found is not None:
        return found
    return Misread(
        kind=MisreadKind.RECEIPT_CODE,
        fields=(FieldName.RECEIPT_CODE,),
        command=command.name,
        may_hold_secret=table.needs_secret,
    )


def _fits(
    table: TableWriting, command: type[AskTable], body: Excerpt, today: date, service: Service
) -> AskTable | Misread | None:
    del today
    if table.shape is KeyShape.NONE:
        return None if body.folded.strip(" .,:;!?-") else command()
    if table.shape is KeyShape.WORDS and len(table.keywords[0]) < _SHORTEST_GUESSED:
        return None
    return _key_of(table, command, body, service)


def _key_of(table: TableWriting, command: type[AskTable], body: Excerpt, service: Service) -> AskTable | None:
    found = keys_in(body, table.shape, needs_secret=table.needs_secret, short_codes=service.short_codes)
    if not found:
        return None
    key, *others = found
    return command(written=key.written, canonical=key.canonical, secret=key.secret, instead=tuple(others))


def _printed(command: AskTable) -> dict[str, object]:
    if not command.canonical:
        return {}
    printed: dict[str, object] = {"key": command.written, "canonical": command.canonical}
    if command.secret is not None:
        printed["with_secret"] = bool(command.secret)
    return printed


def _official_form(command: AskTable, keyword: str, vocabulary: Vocabulary) -> str:
    del vocabulary
    parts = [keyword, command.written, "****" if command.secret else ""]
    return " ".join(part for part in parts if part)


def _why(command: AskTable) -> LocalisedMessage:
    del command
    return REASONS.message("own_table")


def _explain(command: AskTable) -> Sequence[Step]:
    if not command.canonical:
        return ()
    compared = REASONS.message("code", code=command.canonical)
    steps = [Step(part=command.written, taken_for=OWN_KEY, why=compared)]
    if command.secret is not None:
        why = REASONS.message("secret" if command.secret else "secret.missing")
        steps.append(Step(part="****" if command.secret else "", taken_for=SECRET, why=why))
    return steps


def _secret_places(text: str, command: AskTable, keywords: Sequence[str]) -> Places:
    """Return the places of every word that is neither the key nor a keyword; none where no secret is needed.

    Where no secret was read, everything behind the first number may be one. A word that another reading takes for the
    secret is hidden too.
    """
    if command.secret is None:
        return frozenset()
    known = {*keywords, command.canonical, *map(canonical_form, command.written.split())}
    doubtful = {one.secret for one in command.instead if one.secret != command.secret}
    places: set[int] = set()
    rest: str = command.canonical
    is_behind = False
    for found in re.finditer(r"[^\W_]+", text):
        word = canonical_form(fold(normalise(found.group())))
        if is_behind or word in doubtful:
            places.update(range(*found.span()))
        elif rest and rest.startswith(word) and word not in keywords:
            rest = rest.removeprefix(word)
            is_behind = not command.secret and any(map(str.isdecimal, word))
        elif word not in known or word == command.secret:
            places.update(range(*found.span()))
    return frozenset(places)


def _samples(table: TableWriting, keyword: str, codes: Sequence[str]) -> Sequence[str]:
    del codes
    return [keyword] if table.shape is KeyShape.NONE else [f"{keyword} {key}" for key in table.samples]
