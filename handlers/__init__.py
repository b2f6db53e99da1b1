"""COMMAND -> ANSWER, inside the caller's transaction; knows no socket, no HTTP, no clock."""

from __future__ import annotations

from handlers.answer import Answer, cheapest
from handlers.commands import HANDLERS
from handlers.context import Context
from handlers.correction import correct
from handlers.guidance import show_help
from handlers.handler import Handlers
from handlers.notices import apologise, tell_limit, tell_switched_off
from parsers.commands import Command, ShowHelp
from parsers.misread import Misread

__all__ = ["HANDLERS", "NotFiledError", "apologise", "handle", "tell_limit", "tell_switched_off"]


class NotFiledError(Exception):
    """A command of the conversation was to be carried out without being filed first."""


def handle(command: Command | Misread, context: Context, handlers: Handlers = HANDLERS) -> Answer:
    """Carry a command out and return its answer; safe to repeat for the same text.

    Writes by the context's connection alone and never commits. Raises handlers.commands.registration.NotPreparedError
    when the command needed a preparation and the context holds none, and NotFiledError for a command of the
    conversation: the caller's mistakes.
    """
    return cheapest(_carry_out(command, context, handlers), context.service.segments_of)


def _carry_out(command: Command | Misread, context: Context, handlers: Handlers) -> Answer:
    if isinstance(command, Misread):
        return correct(command, context.service, handlers)
    if isinstance(command, ShowHelp):
        return show_help(command, context.service, handlers)
    carry_out = handlers.of(command).handle
    if carry_out is None:
        raise NotFiledError(command.name)
    return carry_out(command, context)
