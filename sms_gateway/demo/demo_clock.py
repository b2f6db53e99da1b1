"""The demo's clock: that of the machine, moved on by whole days, so that one can see what falls due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from db.schema import operator, operator_session
from db.store.engine import Database
from sms_gateway.clock import utc_now

DAY = timedelta(days=1)


class DemoClock:
    """Gives aware UTC; may be asked from any thread. It only goes forward: ids of rows begin with the time.

    The days are kept in a file beside the demo's database, so that the next start goes on from there.
    """

    def __init__(self, kept: Path, real: Callable[[], datetime] = utc_now) -> None:
        self._kept = kept
        self._real = real
        self._ahead = DAY * _read_days(kept)

    def __call__(self) -> datetime:
        """Return the time of the demo."""
        return self._real() + self._ahead

    @property
    def days(self) -> int:
        """Return by how many days it is ahead."""
        return self._ahead // DAY

    def next_day(self, database: Database) -> None:
        """Move on by a day. Log-ins and one-time passwords move along, so that nobody is logged out."""
        with database.write() as connection:
            sessions = (operator_session.c.created_at, operator_session.c.seen_at, operator_session.c.expires_at)
            for row in connection.execute(operator_session.select()).all():
                moved = {column.name: getattr(row, column.name) + DAY for column in sessions}
                own = operator_session.c.token_mark == row.token_mark
                connection.execute(update(operator_session).where(own).values(moved))
            for row in connection.execute(operator.select().where(operator.c.password_until.is_not(None))).all():
                until = row.password_until + DAY
                connection.execute(update(operator).where(operator.c.id == row.id).values(password_until=until))
        self._kept.write_text(str(self.days + 1), "ascii")
        self._ahead += DAY


def _read_days(kept: Path) -> int:
    """Return the days of the last run; none where the file is gone or is not ours."""
    try:
        written = kept.read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return 0
    return int(written) if written.isdecimal() and len(written) <= 4 else 0  # noqa: PLR2004 - some years of days
