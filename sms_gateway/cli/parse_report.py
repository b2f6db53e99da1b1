"""A reading told to a person: the way to it, what was understood, and the answer that would be sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from handlers.commands import HANDLERS
from handlers.context import ServiceFacts
from handlers.correction import correct
from handlers.guidance import show_help
from handlers.handler import Handlers
from parsers.commands import Command, ShowHelp
from parsers.explanation import Explanation, explain
from parsers.grammar import Vocabulary
from parsers.masking import hide_secrets
from parsers.misread import Misread
from parsers.printed import as_json, official_form
from parsers.vocabulary import VOCABULARY
from sms_gateway.cli.counted import counted


def tell(
    text: str,
    today: date,
    *,
    with_secrets: bool = False,
    vocabulary: Vocabulary = VOCABULARY,
    handlers: Handlers = HANDLERS,
) -> str:
    """Return some lines about one text, a blank line at the end; of a look-up's secret only that it is there."""
    told = explain(text, today=today, with_secrets=with_secrets, vocabulary=vocabulary)
    found = _misread(told.reading) if isinstance(told.reading, Misread) else _command(told.reading, vocabulary)
    lines = [f"Text: {_visible(hide_secrets(text, told.reading, vocabulary))}", *_way(told, vocabulary), *found]
    return "\n".join([*lines, _answer(told.reading, vocabulary, handlers), "", ""])


def _way(told: Explanation, vocabulary: Vocabulary) -> Iterator[str]:
    """Tell what was taken for what, and why; the last step is the outcome, which follows in full."""
    if told.normal and told.normal != told.raw:
        yield f"Normal form: {_visible(hide_secrets(told.normal, told.reading, vocabulary))}"
    yield "Taken apart:"
    for step in told.steps:
        if step.taken_for != "normal form":
            part = f"{_visible(step.part)} = " if step.part else ""
            yield f"  {part}{step.taken_for}: {step.why}"


def _command(command: Command, vocabulary: Vocabulary) -> Iterator[str]:
    printed = as_json(command, vocabulary)
    yield f"Read as: {printed.pop('command')}"
    yield from _fields(printed.items())
    yield f"The same as printed instructions have it: {official_form(command, vocabulary)}"


def _misread(misread: Misread) -> Iterator[str]:
    hint = f", {misread.hint.value}" if misread.hint else ""
    yield f"Not carried out: {misread.kind.value}{hint}"
    yield from _fields(
        [
            ("command begun", misread.command),
            ("wrong", ", ".join(field.value for field in misread.fields) or None),
            ("as written", misread.wrong),
            *((f"read well, {field.value}", value) for field, value in misread.good),
            ("proposed", misread.meant or misread.suggestion),
        ]
    )


def _fields(fields: Iterable[tuple[str, object]]) -> Iterator[str]:
    for name, value in fields:
        if value is not None:
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            yield f"  {name}: {_visible(shown)}"


def _visible(text: str) -> str:
    """Write line ends, control characters and lone surrogates as escapes: a terminal must not obey a citizen's text."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in text
    )


def _answer(reading: Command | Misread, vocabulary: Vocabulary, handlers: Handlers) -> str:
    keywords = {grammar.service: vocabulary.taught[grammar.name] for grammar in vocabulary.grammars}
    service = ServiceFacts(keywords=keywords)
    if isinstance(reading, Misread):
        return _quoted(correct(reading, service, handlers).text)
    if isinstance(reading, ShowHelp):
        return _quoted(show_help(reading, service, handlers).text)
    handler = handlers.of(reading)
    if not handler.is_answered:
        return "Answer: none, since nothing was asked."
    return f"Answer: {handler.answered(reading)}"


def _quoted(answer: str) -> str:
    return f"Answer ({counted(len(answer), 'character', 'characters')}): {answer}"
