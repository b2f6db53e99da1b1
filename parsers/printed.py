"""Readings printed: as JSON for `sms-gateway parse --json`, and as the official text that reads back the same."""

from __future__ import annotations

from parsers.commands import Command
from parsers.grammar import Vocabulary
from parsers.misread import Misread, MisreadKind
from parsers.vocabulary import VOCABULARY


def as_json(reading: Command | Misread, vocabulary: Vocabulary = VOCABULARY) -> dict[str, object]:
    """Return a reading as the object that `parse --json` prints, keys in their order.

    >>> from parsers.commands import ShowHelp
    >>> as_json(ShowHelp(topic="look_up_status"))
    {'command': 'help', 'topic': 'look_up_status'}
    """
    if not isinstance(reading, Misread):
        return {"command": reading.name, **vocabulary.of(reading).printed(reading)}
    several_missing = reading.kind is MisreadKind.MISSING_FIELDS  # printed as the first, with all of them named
    return {
        "misread": reading.fields[0].value if several_missing else reading.kind.value,
        "fields": [field.value for field in reading.fields],
        "command": reading.command,
        "suggestion": reading.suggestion,
    }


def official_form(command: Command, vocabulary: Vocabulary = VOCABULARY) -> str:
    """Write a command as its printed instruction does; accents of a name are kept, so it reads back the same.

    Secrets are not written: stars are in place of each.

    >>> from parsers.commands import ShowHelp
    >>> official_form(ShowHelp())
    'HD'
    """
    return vocabulary.of(command).official_form(command, vocabulary.taught[command.name], vocabulary)
