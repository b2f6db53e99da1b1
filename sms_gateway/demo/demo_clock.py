"""The demo's clock: that of the machine, moved on to the next morning, so that one can see what falls due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from math import ceil
from pathlib import Path

from sqlalchemy import update

from db.schema import operator, operator_session
from db.store.engine import Database
from sms_gateway.clock import LOCAL_ZONE, utc_now

MORNING = time(9)
"""Offices are open, notices go out, and those of due dates are made, whatever the hour of the machine."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class DemoClock:
    """Gives aware UTC; may be asked from any thread. It only goes forward: ids of rows begin with the time.

    How far it is ahead is kept in a file beside the demo's database, so that the next start goes on from there.
    """

    def __init__(self, kept: Path, real: Callable[[], datetime] = utc_now) -> None:
        self._kept = kept
        self._real = real
        self._ahead = _read_span(kept)

    def __call__(self) -> datetime:
        """Return the time of the demo."""
        return self._real() + self._ahead

    def next_day(self, database: Database) -> None:
        """Move on to the next morning. Log-ins and one-time passwords move along, so that nobody is logged out."""
        span = self._until_morning()
        with database.write() as connection:
            sessions = (operator_session.c.created_at, operator_session.c.seen_at, operator_session.c.expires_at)
            for row in connection.execute(operator_session.select()).all():
                moved = {column.name: getattr(row, column.name) + span for column in sessions}
                own = operator_session.c.token_mark == row.token_mark
                connection.execute(update(operator_session).where(own).values(moved))
            for row in connection.execute(operator.select().where(operator.c.password_until.is_not(None))).all():
                until = row.password_until + span
                connection.execute(update(operator).where(operator.c.id == row.id).values(password_until=until))
        self._kept.write_text(str((self._ahead + span) // _SECOND), "ascii")
        self._ahead += span

    def _until_morning(self) -> timedelta:
        now = self().astimezone(LOCAL_ZONE)
        morning = datetime.combine(now.date() + _DAY, MORNING, LOCAL_ZONE)
        return _SECOND * ceil((morning - now) / _SECOND)


def _read_span(kept: Path) -> timedelta:
    """Return how far the last run was ahead; nothing where the file is gone or is not ours."""
    try:
        written = kept.read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return timedelta(0)
    is_ours = written.isdecimal() and len(written) <= 9  # noqa: PLR2004 - some decades of seconds
    return _SECOND * int(written) if is_ours else timedelta(0)
