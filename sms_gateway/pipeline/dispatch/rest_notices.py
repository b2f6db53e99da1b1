"""The rest of a number that was blocked as a machine's: a person may write there, and then gets one notice."""

from __future__ import annotations

from datetime import datetime, timedelta

from db.limits.sender_limits import Standing
from handlers.answer import Outcome
from handlers.handler import AnyHandler

DAY = timedelta(days=1)


def deserves_notice(handler: AnyHandler | None, standing: Standing, *, at: datetime) -> bool:
    """Return whether a text at `at` is a command of a new kind for this day, and no notice was sent.

    A machine repeats itself; a person at last sends the right command. The notice does not depend on whether the code
    exists, so it shows nothing. It is sent once a day. `handler` is that of the text's command.
    """
    if handler is None or not handler.outcomes or not handler.is_answered:
        return False
    lately = {one.outcome for one in standing.answered if one.received_at > at - DAY}
    return lately.isdisjoint(handler.outcomes | {Outcome.REST_TOLD.value})
