"""Thanks, or ok: nothing was asked, so nothing is answered."""

from __future__ import annotations

from handlers.answer import Answer, Outcome
from handlers.context import Context
from handlers.handler import Handler
from parsers.commands import TakeThanks


def take_thanks(command: TakeThanks, context: Context) -> Answer:
    """Answer nothing."""
    del command, context
    return Answer(text="", outcome=Outcome.THANKED)


HANDLER = Handler(
    command=TakeThanks,
    service="thanks",
    handle=take_thanks,
    outcomes=frozenset({Outcome.THANKED}),
    is_answered=False,
)
