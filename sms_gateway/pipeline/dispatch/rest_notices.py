"""The rest of a number that was taken for a machine's: a person may write there, and then gets one notice."""

from __future__ import annotations

from datetime import datetime, timedelta

from db.limits.sender_limits import Standing
from handlers.answer import Outcome
from parsers.commands import Command, LookUpStatus, RegisterAccount
from parsers.misread import Misread

DAY = timedelta(days=1)

_OF_LOOK_UPS = frozenset(
    outcome.value
    for outcome in (
        Outcome.STATUS_TOLD,
        Outcome.STATUS_PARTLY_TOLD,
        Outcome.STATUS_NOT_FOUND,
        Outcome.STATUS_WITHHELD,
    )
)
_OF_REGISTRATIONS = frozenset(
    outcome.value
    for outcome in (
        Outcome.ACCOUNT_OPENED,
        Outcome.ACCOUNT_EXISTS,
        Outcome.ACCOUNT_REFUSED,
        Outcome.REGISTRATION_LIMITED,
        Outcome.REGISTRATION_CLOSED,
    )
)


def deserves_notice(command: Command | Misread, standing: Standing, *, at: datetime) -> bool:
    """Tell whether a text at `at` is a command of another kind than the day's texts before it, and no notice was sent.

    A machine repeats itself; a person at last sends what is right. Whether the code is there plays no part, so the
    notice discloses nothing. It goes out once a day.
    """
    match command:
        case LookUpStatus():
            same = _OF_LOOK_UPS
        case RegisterAccount():
            same = _OF_REGISTRATIONS
        case _:
            return False
    lately = {one.outcome for one in standing.answered if one.received_at > at - DAY}
    return lately.isdisjoint(same | {Outcome.REST_TOLD.value})
