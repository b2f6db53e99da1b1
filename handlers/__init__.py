"""COMMAND -> ANSWER, inside the caller's transaction; knows no socket, no HTTP, no clock."""

from __future__ import annotations

from collections.abc import Iterable

from db.citizens.dossiers import lookalike_key
from handlers.answer import Answer, Outcome, cheapest
from handlers.commands.registration import register_account
from handlers.commands.status_lookup import choose_codes, look_up_status, open_dossiers
from handlers.context import Context
from handlers.correction import correct
from handlers.first_passwords import prepare
from handlers.guidance import show_help
from handlers.notices import apologise, tell_limit
from parsers.commands import Command, LookUpStatus, RegisterAccount, ShowHelp, TakeThanks
from parsers.misread import Misread

__all__ = [
    "apologise",
    "choose_codes",
    "codes_asked",
    "handle",
    "needs_preparation",
    "open_dossiers",
    "prepare",
    "tell_limit",
]


def handle(command: Command | Misread, context: Context) -> Answer:
    """Carry a command out and return its answer; safe to repeat for the same text.

    Writes by the context's connection alone and never commits. Raises handlers.commands.registration.NotPreparedError
    when the command needed `prepare` and the context holds no first password: the caller's mistake.
    """
    return cheapest(_carry_out(command, context), context.service.segments_of)


def _carry_out(command: Command | Misread, context: Context) -> Answer:
    match command:
        case LookUpStatus():
            return look_up_status(command, context)
        case RegisterAccount():
            return register_account(command, context)
        case ShowHelp():
            return show_help(command, context.service)
        case TakeThanks():
            return Answer(text="", outcome=Outcome.THANKED)
        case Misread():
            return correct(command, context.service)
        case _:
            raise TypeError(f"the command {command.name} has no handler")


def needs_preparation(command: Command | Misread) -> bool:
    """Tell whether `prepare` must be called before the transaction, in a pool: it takes tens of milliseconds."""
    return isinstance(command, RegisterAccount)


def codes_asked(commands: Iterable[Command | Misread]) -> set[str]:
    """Return the look-alike keys of all codes in a batch, for one db.citizens.dossiers.find_by_lookalike."""
    return {
        lookalike_key(one)
        for command in commands
        if isinstance(command, LookUpStatus)
        for code in command.codes
        for one in (code.canonical, code.instead)
        if one is not None
    }
