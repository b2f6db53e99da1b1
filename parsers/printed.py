"""Readings printed: as JSON for `sms-gateway parse --json`, and as the official text that reads back the same."""

from __future__ import annotations

from typing import assert_never

from parsers.commands import Command, CommandName, HelpTopic, LookUpStatus, RegisterAccount, ShowHelp, TakeThanks
from parsers.grammars.registration import official_text
from parsers.misread import Misread, MisreadKind

_KEYWORD_OF_TOPIC = {
    HelpTopic.REGISTER_ACCOUNT: "HD TK",
    HelpTopic.LOOK_UP_STATUS: "HD DVC",
    HelpTopic.PASSWORD: "HD MAT KHAU",
}


def as_json(reading: Command | Misread) -> dict[str, object]:
    """Return a reading as the object that `parse --json` prints, keys in their order.

    >>> as_json(ShowHelp(topic=HelpTopic.LOOK_UP_STATUS))
    {'command': 'help', 'topic': 'look_up_status'}
    """
    match reading:
        case RegisterAccount():
            return {
                "command": CommandName.REGISTER_ACCOUNT.value,
                "full_name": reading.full_name,
                "id_number": reading.id_number,
                "birth_date": str(reading.birth_date),
            }
        case LookUpStatus():
            printed: dict[str, object] = {
                "command": CommandName.LOOK_UP_STATUS.value,
                "codes": [code.written for code in reading.codes],
                "canonical": [code.canonical for code in reading.codes],
            }
            if any(code.secret is not None for code in reading.codes):
                printed["with_secret"] = [bool(code.secret) for code in reading.codes]
            return printed
        case ShowHelp():
            return {
                "command": CommandName.HELP.value,
                "topic": reading.topic.value if reading.topic is not None else None,
            }
        case TakeThanks():
            return {"command": CommandName.THANKS.value}
        case Misread():
            several_missing = reading.kind is MisreadKind.MISSING_FIELDS  # printed as the first, with all of them named
            return {
                "misread": reading.fields[0].value if several_missing else reading.kind.value,
                "fields": [field.value for field in reading.fields],
                "command": reading.command.value if reading.command is not None else None,
                "suggestion": reading.suggestion,
            }
        case _:
            assert_never(reading)


def official_form(command: Command) -> str:
    """Write a command as its printed instruction does; accents of a name are kept, so it reads back the same.

    Secrets are not written: in the place of each stand stars.

    >>> official_form(ShowHelp())
    'HD'
    """
    match command:
        case RegisterAccount():
            return official_text(command.full_name, command.id_number, command.birth_date, accents=True)
        case LookUpStatus():
            return "DVC " + ", ".join(code.written + (" ****" if code.secret else "") for code in command.codes)
        case ShowHelp():
            return _KEYWORD_OF_TOPIC[command.topic] if command.topic is not None else "HD"
        case TakeThanks():
            return "CAM ON"
        case _:
            assert_never(command)
