"""Stored tables -> grammars and handlers; and whether a table's keywords go together with all others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from db.citizens.lookups import StoredTable, TableDefinition
from handlers.commands.own_table import MOST_ANSWER_SEGMENTS
from handlers.context import ServiceFacts
from handlers.guidance import guide
from handlers.handler import AnyHandler, Handlers
from handlers.wording.catalogue import placeholders
from handlers.wording.fit import room
from parsers.fields.codes.ticket_numbers import PREFIX as TICKET_PREFIX
from parsers.grammar import AnyGrammar
from parsers.grammars import GRAMMARS
from parsers.grammars.own_table import TableWriting, grammar_of
from parsers.grammars.own_table_keys import KeyShape
from parsers.text.edits import is_one_edit
from parsers.text.framing_words import FIRST_WORDS
from sms_gateway.settings.faults import Fault
from sms_gateway.settings.model import Settings
from sms_gateway.settings.services import keyword_faults, vocabulary_for


def table_grammar(table: StoredTable, samples: Sequence[str] = ()) -> AnyGrammar:
    """Return the grammar of a version of a table."""
    about = table.definition
    return grammar_of(
        TableWriting(
            name=table.name,
            keywords=about.keywords,
            shape=KeyShape(about.shape.value),
            needs_secret=bool(about.secret_column),
            samples=tuple(samples),
        )
    )


def clashes(settings: Settings, table: StoredTable, others: Iterable[StoredTable]) -> Sequence[Fault]:
    """Return what is wrong with the keywords of a table beside those of every other command, as at a start.

    The commands of the conversation and of notices count in every case: they may be turned on later. A word with which
    texts to any service begin (`xin`, `toi`) is no keyword: other commands would no longer be read behind it.
    """
    given = _with_every_command(settings)
    before = [*GRAMMARS, *(table_grammar(one) for one in others if one.name != table.name)]
    known = set(map(str, keyword_faults(given, before)))
    found = [fault for fault in keyword_faults(given, [*before, table_grammar(table)]) if str(fault) not in known]
    return [*found, *_first_words(table)]


def _first_words(table: StoredTable) -> Iterator[Fault]:
    for word in table.definition.keywords:
        if word in FIRST_WORDS or word.endswith(TICKET_PREFIX):  # `TTYC482173051`: the keyword and the number
            wrong = f"{word} is a word with which texts to other services begin"
            yield Fault(where=f"services.{table.name}.keywords", wrong=wrong, fix="choose another keyword")


def near_ones(settings: Settings, table: StoredTable, others: Iterable[StoredTable]) -> Sequence[str]:
    """Return the keywords of other commands that one slip of the finger turns into a keyword of this table."""
    before = [*GRAMMARS, *(table_grammar(one) for one in others if one.name != table.name)]
    vocabulary = vocabulary_for(_with_every_command(settings), before)
    words = (row.word for row in (*vocabulary.keywords, *vocabulary.conversation))
    return sorted({word for word in words for own in table.definition.keywords if is_one_edit(word, own)})


def _with_every_command(settings: Settings) -> Settings:
    conversation = settings.conversation.model_copy(update={"enabled": True})
    notices = settings.notices.model_copy(update={"enabled": True})
    return settings.model_copy(update={"conversation": conversation, "notices": notices})


def wrong_in(definition: TableDefinition) -> str | None:
    """Return what keeps a stored definition from answering, as a name for the log; None: nothing.

    It is looked at again at each start: a later version of the program may read it otherwise.
    """
    try:
        unknown = placeholders(definition.template) - set(definition.columns)
    except ValueError:
        return "brace"
    if unknown:
        return "placeholder"
    return "too_long" if definition.longest > room(MOST_ANSWER_SEGMENTS) else None


def help_fits(service: ServiceFacts, handlers: Handlers, added: AnyHandler, keyword: str) -> bool:
    """Return whether the help still fits into one message when a command is added to it."""
    every = Handlers([*(one for one in handlers.every if one.name != added.name), added])
    facts = replace(service, keywords={**service.keywords, added.service: keyword})
    return len(guide(None, facts, every)) <= room(1)
