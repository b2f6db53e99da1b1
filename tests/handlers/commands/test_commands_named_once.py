"""Only a command's own modules name it: everything else asks the tables of grammars and handlers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from handlers.commands import HANDLERS
from parsers.commands import ShowHelp
from parsers.grammars import GRAMMARS
from sms_gateway.settings.switches import LOOK_UP_DOSSIER, REGISTER_ACCOUNT

ROOT = Path(__file__).parents[3]
ROOMS = ("parsers", "handlers", "db", "sms_gateway")
TYPES = frozenset({"RegisterAccount", "LookUpStatus"})
LITERALS = frozenset({"TK", "DVC", "register_account", "look_up_status", "look_up_dossier"})

OWN = (
    "parsers/commands/__init__.py",  # the commands themselves
    "parsers/grammars/register_account.py",
    "parsers/grammars/registration",  # and the modules that it is made of
    "parsers/grammars/look_up_status.py",
    "parsers/grammars/status_lookup",
    "parsers/grammars/conversation",  # the conversation is read beside these two, and leaves them what is theirs
    "parsers/reading/conversation.py",
    "parsers/reading/account_for_people.py",  # a person in a question to people is asked back
    "handlers/conversation",  # which leaves these two what is theirs, and names them to citizens
    "handlers/commands/registration.py",
    "handlers/commands/status_lookup.py",
    "handlers/wording/placeholders.py",  # the catalogue
    "handlers/wording/conversation_placeholders.py",
    "handlers/wording/catalogues",
    "sms_gateway/settings/switches.py",  # the services that pages and jobs belong to
)


def named_in(path: Path) -> Iterator[str]:
    """Give every command that a file names in its code; comments and docstrings are none of it."""
    text = path.read_text(encoding="utf-8")
    if not any(name in text for name in TYPES | LITERALS):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name) and node.id in TYPES:
            yield node.id
        if isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names if alias.name in TYPES)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in LITERALS:
            yield node.value


def test_only_a_commands_own_modules_name_it() -> None:
    found = {
        file.relative_to(ROOT).as_posix(): sorted(set(names))
        for room in ROOMS
        for file in (ROOT / room).rglob("*.py")
        if (names := list(named_in(file)))
    }
    assert {place: names for place, names in found.items() if not place.startswith(OWN)} == {}
    assert all(any(place.startswith(own) for place in found) for own in OWN if "/wording/" not in own)


def test_pages_and_jobs_belong_to_services_of_the_tables() -> None:
    assert {REGISTER_ACCOUNT, LOOK_UP_DOSSIER} <= {grammar.service for grammar in GRAMMARS if grammar.is_offered}


def test_every_command_that_is_no_call_for_help_has_a_handler() -> None:
    """A call for help is answered out of all handlers."""
    grammars = {grammar.command: grammar.service for grammar in GRAMMARS if grammar.command is not ShowHelp}
    assert {handler.command: handler.service for handler in HANDLERS.every} == grammars
