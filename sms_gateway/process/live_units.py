"""The units as they are now: read again when a page or an import changes them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.exc import SQLAlchemyError

from db.store.engine import Database
from handlers.conversation.units_now import Units, read_units
from sms_gateway.clock import LOCAL_ZONE, Now, monotonic
from sms_gateway.log import event, logger_of

LOOK_SECONDS = 10.0
"""A change is seen after at most so long."""

_LOG = logger_of(__name__)


class LiveUnits:
    """Gives the units; may be called from any thread. What cannot be read stays as it was."""

    def __init__(self, database: Database, now: Now) -> None:
        self._database = database
        self._now = now
        self._units: Units | None = None
        self._next_look = 0.0

    def __call__(self) -> Units | None:
        """Return the units as they are now."""
        if monotonic() >= self._next_look:
            self.renew()
        return self._units

    def renew(self) -> None:
        """Read the tables now."""
        self._next_look = monotonic() + LOOK_SECONDS
        try:
            with self._database.read() as connection:
                self._units = read_units(connection, zone=LOCAL_ZONE, today=_day_there(self._now()))
        except SQLAlchemyError as error:
            event(_LOG, "units_not_read", level="warning", error=error)


def _day_there(moment: datetime) -> date:
    return moment.astimezone(LOCAL_ZONE).date()
